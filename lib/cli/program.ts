import { Command, CommanderError, Option } from "commander";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "./context.ts";
import { takeFlagsFromEnvironment } from "./environment-flags.ts";
import { finish } from "./finish.ts";

/** A parsed command line, ready to run. */
export interface Program {
  /** Runs one command line (without `node` and the script). Never throws, never exits. */
  run(argv: readonly string[]): Promise<number>;
  /** The tree of commands, for completion and the reference page. */
  readonly command: Command;
}

type Action = (context: CommandContext, args: readonly string[], options: never) => Promise<CommandResult>;
type LoadAction = () => Promise<{ readonly run: Action }>;

/** Declares every command. Modules of commands are imported when they run. */
export function createProgram(context: CommandContext): Program {
  let exitCode: number = exitCodes.done;
  const root = new Command("terrarium")
    .description("VM labs as code: sandboxes, networks and cloud-init, deployed through Terraform")
    .showSuggestionAfterError()
    .showHelpAfterError("  → `terrarium --help` lists the commands, `terrarium COMMAND --help` what one takes.")
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => void context.stdout.write(text), writeErr: (text) => void context.stderr.write(text) })
    .option("-V, --version", "print the version")
    .addHelpText(
      "after",
      "\nEvery flag can be set in the environment: --allow-loss web as TERRARIUM_ALLOW_LOSS=web, --yes as TERRARIUM_YES=1.",
    );

  const add = (parent: Command, usage: string, description: string, load: LoadAction): Command => {
    const command = parent.command(usage).description(description);
    option(command, "--json", "one JSON document on stdout");
    return command.action(async (...received: unknown[]) => {
      received.splice(-2);
      const args = received.flat().filter((argument) => argument !== undefined) as string[];
      exitCode = await finish(context, command.opts<CommonOptions>(), async () => {
        takeFlagsFromEnvironment(command, context.env);
        return (await load()).run(context, args, command.opts());
      });
    });
  };

  // The lab
  const init = add(root, "init [file]", "write a commented lab file and editor settings", () => import("./commands/init.ts"));
  option(init, "--name <name>", "the lab's name (default: the folder's)");
  option(init, "--image <release>", "Debian or Ubuntu release of the sandboxes (default: bookworm)");
  option(init, "--count <number>", "how many sandboxes (default: 1)");
  option(lab(add(root, "validate [file]", "check the lab", () => import("./commands/validate.ts"))), "--locked", lockedText);
  const synth = lab(add(root, "synth [file]", "print the Terraform JSON", () => import("./commands/synth.ts")));
  option(synth, "--out <dir>", "write a folder that `terrarium prepare DIR` completes for plain Terraform");
  option(synth, "--print-lab", "print the lab with every default explicit: YAML, or JSON with --json");
  option(synth, "--seed <sandbox>", "print what the guest will read, file by file, without secrets; --json for its exact text");
  option(synth, "--reveal", "with --seed: secrets and host keys, too");
  option(synth, "--locked", lockedText);
  const plan = lab(add(root, "plan [file]", "show what apply would do", () => import("./commands/plan.ts")));
  deployment(plan);
  option(plan, "--relocate", relocateText);
  option(plan, "--out <file>", "save the plan");
  option(plan, "--detailed-exitcode", "exit with 2 if there are changes");
  option(plan, "--raw", "Terraform's own text");
  option(plan, "--destroy", "plan the destruction");
  const apply = lab(add(root, "apply [file]", "make it so, and wait until it is ready", () => import("./commands/apply.ts")));
  deployment(apply);
  losses(apply);
  option(apply, "--relocate", relocateText);
  option(apply, "--plan <file>", "apply a saved plan");
  option(apply, "--new-key", newKeyText);
  option(apply, "--no-wait", "do not wait until sandboxes are ready");
  option(apply, "--check", "then ask the sandboxes whom they reach, as `net check` does; exit with 3 if it is not as the lab says");
  const destroy = lab(add(root, "destroy [file]", "remove everything the lab made", () => import("./commands/destroy.ts")));
  deployment(destroy);
  losses(destroy);
  const reviewText = "what a change does to which sandbox, offline: against a base in git, or from a plan";
  const review = lab(add(root, "review [files...]", reviewText, () => import("./commands/review.ts")));
  option(review, "--base <ref>", "compare with where the change parted from it (default: origin/HEAD)");
  option(review, "--head <ref>", "the change (default: the working tree)");
  option(review, "--plan <file>", "what `terrarium plan --json` or `terraform show -json` printed; with --base also where reality differs");
  option(review, "--format <form>", "text, markdown, html, json, sarif or junit (default: text)");
  option(review, "--not-worse-than <file>", "fail if anything is worse than in this review (JSON)");
  option(review, "--approve <rule>", "a rule of the policy whose denial was approved outside the change: it warns", true);
  option(review, "--detailed-exitcode", "exit with 2 if there are changes");
  const graph = lab(add(root, "graph [file]", "draw the lab's networks and sandboxes", () => import("./commands/graph.ts")));
  option(graph, "--format <form>", "mermaid, svg, html, dot or json (default: mermaid)");
  const lock = lab(add(root, "lock [file]", "write terrarium.lock.yaml; settles its merge conflicts", () => import("./commands/lock.ts")));
  option(lock, "--locked", lockedText);
  option(lock, "--explain", "say of each value where it comes from");
  const prepareText = "put images and seeds in place for a synthesized folder";
  const prepare = add(root, "prepare [dir]", prepareText, () => import("./commands/prepare.ts"));
  option(prepare, "--force", "also where everything is in place");
  option(prepare, "--new-key", newKeyText);

  // Sandboxes
  const status = lab(add(root, "status [file]", "state and addresses of the sandboxes", () => import("./commands/status.ts")));
  option(status, "--watch", "go on, and show every change");
  lab(add(root, "ip <sandbox>", "print its first address", () => import("./commands/ip.ts")));
  lab(
    add(root, "ssh <sandbox> [command...]", "log in, or run a line of its shell", () => import("./commands/ssh.ts")),
  ).passThroughOptions();
  lab(
    add(root, "ssh-config", "print a configuration for ssh, scp, rsync and editors", () => import("./commands/ssh-config.ts")),
  ).addHelpText("after", sshConfigHelp);
  const execText = "run a program; arguments, input, output and exit code pass through";
  lab(add(root, "exec <sandbox> <command...>", execText, () => import("./commands/exec.ts")))
    .passThroughOptions()
    .addHelpText("after", execHelp);
  const cp = lab(add(root, "cp <from> <to>", "copy files: SANDBOX:PATH on one side, or on both", () => import("./commands/cp.ts")));
  option(cp, "-r, --recursive", "copy folders");
  lab(add(root, "console <sandbox>", "attach to the serial console (leave with ctrl-])", () => import("./commands/console.ts")));
  const logs = lab(add(root, "logs <sandbox>", "what its console said", () => import("./commands/logs.ts")));
  option(logs, "-n, --lines <number>", "only the last lines");
  option(logs, "--follow", "go on as it speaks");
  const wait = lab(add(root, "wait [sandboxes...]", "wait until sandboxes are ready", () => import("./commands/wait.ts")));
  option(wait, "--timeout <duration>", "how long, such as 5m (default: as the lab says)");
  option(wait, "--directory <dir>", "a synthesized folder instead of a lab file");
  const start = lab(
    add(root, "start [sandboxes...]", "start sandboxes and wait until they are ready", () => import("./commands/start.ts")),
  );
  option(start, "--no-wait", "do not wait until they are ready");
  const stop = lab(add(root, "stop [sandboxes...]", "shut sandboxes down", () => import("./commands/stop.ts")));
  option(stop, "--force", "cut the power");
  const restart = lab(add(root, "restart [sandboxes...]", "shut down and start again", () => import("./commands/restart.ts")));
  option(restart, "--force", "cut the power instead of a shutdown");
  const snapshot = root.command("snapshot").description("a sandbox as it is now, to come back to");
  lab(add(snapshot, "list <sandbox>", "its snapshots, oldest first", () => import("./commands/snapshot-list.ts")));
  lab(add(snapshot, "take <sandbox> <name>", "keep its disks, and its memory if it runs", () => import("./commands/snapshot-take.ts")));
  const restore = lab(
    add(snapshot, "restore <sandbox> <name>", "bring it back; what came since is lost", () => import("./commands/snapshot-restore.ts")),
  );
  option(restore, "-y, --yes", "do not ask");
  const drop = lab(
    add(snapshot, "remove <sandbox> <name>", "remove a snapshot; the sandbox stays", () => import("./commands/snapshot-remove.ts")),
  );
  option(drop, "-y, --yes", "do not ask");

  const net = root
    .command("net")
    .description("the lab's networks: what they are, who is in them, and whether packets go where the lab says");
  lab(add(net, "list", "networks, and who is in them", () => import("./commands/net-list.ts")));
  lab(add(net, "show <network>", "one network, and its NICs", () => import("./commands/net-show.ts")));
  const checkNetworks = lab(
    add(net, "check [sandboxes...]", "ask every sandbox whom it reaches, and whom it must not", () => import("./commands/net-check.ts")),
  );
  option(checkNetworks, "--junit <file>", "also write the results in JUnit's form");
  lab(add(net, "leases", "addresses that DHCP has given to running sandboxes", () => import("./commands/net-leases.ts")));

  // The host
  const host = root.command("host").description("Terrarium's own host");
  add(host, "up [name]", "bring it up and keep it up", () => import("./commands/host-up.ts"));
  const down = add(host, "down [name]", "take it down", () => import("./commands/host-down.ts"));
  option(down, "--force", "also if sandboxes run on it: cut their power");
  add(host, "status [name]", "whether it is up, and what it runs with", () => import("./commands/host-status.ts"));
  const list = lab(add(root, "list", "all labs on this machine's hosts and those of the lab", () => import("./commands/list.ts")));
  option(list, "--host <name>", "only this host");
  const prune = lab(
    add(root, "prune", "remove what other deployments and killed runs left on a host", () => import("./commands/prune.ts")),
  );
  option(prune, "--host <name>", "only this host");
  option(prune, "--deployment <id>", "remove this deployment, as `terrarium list` shows it; its data is lost", true);
  option(prune, "-y, --yes", "do not ask");
  const doctorText = "check the machine, its hosts and what is in the lab's way, with a remedy each; changes nothing";
  const doctor = lab(add(root, "doctor [file]", doctorText, () => import("./commands/doctor.ts")));
  option(doctor, "--host <name>", "only this host");
  option(doctor, "--strict", "fail also for warnings");
  const images = root.command("images").description("images on this machine");
  add(images, "list", "images in place, and what uses them", () => import("./commands/images-list.ts"));
  const checkText = "look into an image: whether sandboxes can start from it";
  option(
    lab(add(images, "check <image>", checkText, () => import("./commands/images-check.ts"))),
    "--hypervisor <name>",
    "kvm or virtualbox (default: the lab's, else kvm)",
  );
  const prepareImage = lab(
    add(
      images,
      "prepare <image>",
      "make an image from a used VM's disk, which stays as it is",
      () => import("./commands/images-prepare.ts"),
    ),
  );
  option(prepareImage, "--out <file>", "the image to make (qcow2)");
  option(prepareImage, "--remove-network-files", "also remove network files that are bound to a MAC");
  const pruneImages = add(images, "prune", "remove images that no disk uses", () => import("./commands/images-prune.ts"));
  option(pruneImages, "-y, --yes", "do not ask");
  const provider = root.command("provider").description("Terrarium's own Terraform provider, for plain Terraform and `cdktf deploy`");
  const install = add(provider, "install", "put it where Terraform looks for it", () => import("./commands/provider-install.ts"));
  option(install, "--mirror <dir>", "another local mirror (default: ~/.terraform.d/plugins)");
  option(install, "--force", "also over another build of the same version");
  const pack = add(
    provider,
    "pack <dir>",
    "write a mirror of it, as `terraform providers mirror` does",
    () => import("./commands/provider-pack.ts"),
  );
  option(pack, "--platform <os_arch>", "only this platform (repeatable; default: Linux and macOS, amd64 and arm64)", true);
  add(root, "schema", "print the JSON Schema of lab files", () => import("./commands/schema.ts"));
  const completion = add(root, "completion <shell>", "print a completion script", () => import("./commands/completion.ts"));
  completion.addHelpText("after", completionHelp);
  // Called by the completion script while one types.
  root.command("complete [words...]", { hidden: true }).action(async (words: string[]) => {
    exitCode = await finish(context, {}, async () => (await import("./commands/complete.ts")).run(context, words));
  });

  return {
    command: root,
    run: async (argv) => {
      exitCode = exitCodes.done;
      try {
        if (argv.length === 1 && (argv[0] === "-V" || argv[0] === "--version")) {
          context.stdout.write(`${(await import("./version.ts")).version}\n`);
          return exitCodes.done;
        }
        await root.parseAsync([...argv], { from: "user" });
        return exitCode;
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        if (error.exitCode === 0) return exitCodes.done;
        // Whoever reads JSON gets JSON also where the command line itself is wrong; the text is on stderr already.
        if (argv.includes("--json")) return await finish(context, { json: true }, () => Promise.resolve(badUsage(error)));
        return exitCodes.error;
      }
    },
  };
}

const newKeyText = "the deployment's key is gone for good: make another one";
const relocateText = "move networks out of the way of what the hosts have, on this machine only";
const lockedText = "fail if the lock would change";

const sshConfigHelp = `
Names of sandboxes then work everywhere ssh is underneath:
  terrarium ssh-config >> ~/.ssh/config        until the lab is destroyed
  terrarium ssh-config > lab.ssh; ssh -F lab.ssh web; rsync -e "ssh -F lab.ssh" DIR/ web:DIR/`;

const execHelp = `
What follows the sandbox is the program and its arguments, flags included; no shell reads them:
  terrarium exec web -- ls -l "/my folder"
  terrarium exec web -- sh -c 'echo $HOME | tr a-z A-Z'
With a terminal on both ends the program gets one, too.`;

const completionHelp = `
Shells: bash, zsh, fish, powershell.
  bash:  terrarium completion bash > ~/.local/share/bash-completion/completions/terrarium
  zsh:   terrarium completion zsh > a folder of $fpath, as _terrarium
  fish:  terrarium completion fish > ~/.config/fish/completions/terrarium.fish`;

function badUsage({ message }: CommanderError): CommandResult {
  const summary = message.replace(/^error: /, "").split("\n")[0] ?? "";
  return {
    exitCode: exitCodes.error,
    diagnostics: [{ code: "BAD_OPTION", severity: "error", summary, nextStep: "`terrarium COMMAND --help` shows what it takes." }],
  };
}

function option(command: Command, flags: string, description: string, repeatable = false): Command {
  const declared = new Option(flags, description);
  if (repeatable) declared.argParser((value: string, previous: string[] | undefined) => [...(previous ?? []), value]);
  return command.addOption(declared);
}

/** What every command takes that works on a lab. */
function lab(command: Command): Command {
  option(command, "-f, --file <file>", "the lab file (default: lab.yaml)");
  option(command, "--var <name=value>", "set a variable (repeatable)", true);
  option(command, "--instance <name>", "a second copy of the lab beside the first, with names, addresses and state of its own");
  return option(command, "--var-file <file>", "set variables from a YAML file (repeatable)", true);
}

function deployment(command: Command): Command {
  option(command, "--target <name>", "only this sandbox or network, and what it needs (repeatable)", true);
  return option(command, "--locked", lockedText);
}

function losses(command: Command): Command {
  option(command, "-y, --yes", "do not ask; does not cover losses");
  return option(command, "--allow-loss <name>", "agree to lose this sandbox's data (repeatable)", true);
}
