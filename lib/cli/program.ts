import { Command, CommanderError, Option } from "commander";
import { exitCodes, type CommandContext, type CommandResult, type CommonOptions } from "./context.ts";
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
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => void context.stdout.write(text), writeErr: (text) => void context.stderr.write(text) })
    .option("-V, --version", "print the version");

  const add = (parent: Command, usage: string, description: string, load: LoadAction): Command => {
    const command = parent.command(usage).description(description).copyInheritedSettings(root);
    command.addOption(new Option("--json", "one JSON document on stdout").env("TERRARIUM_JSON"));
    return command.action(async (...received: unknown[]) => {
      const [, options] = received.splice(-2).toReversed() as [Command, CommonOptions];
      const args = received.flat().filter((argument) => argument !== undefined) as string[];
      exitCode = await finish(context, options, async () => (await load()).run(context, args, options as never));
    });
  };
  const lab = (command: Command): Command =>
    option(
      option(option(command, "-f, --file <file>", "the lab file (default: lab.yaml)"), "--var <name=value>", "set a variable", true),
      "--var-file <file>",
      "set variables from a YAML file",
      true,
    );

  // The lab
  const init = add(root, "init [file]", "write a commented lab file and editor settings", () => import("./commands/init.ts"));
  option(option(init, "--name <name>", "the lab's name"), "--image <suite>", "Debian or Ubuntu release of the sandboxes");
  lab(add(root, "validate [file]", "check the lab", () => import("./commands/validate.ts")));
  const synth = lab(add(root, "synth [file]", "print the Terraform JSON", () => import("./commands/synth.ts")));
  option(
    option(
      option(synth, "--out <dir>", "write a folder that `terrarium prepare` completes for plain Terraform"),
      "--print-lab",
      "print the lab with every default explicit",
    ),
    "--locked",
    "fail if the lock would change",
  );
  const plan = lab(add(root, "plan [file]", "show what apply would do", () => import("./commands/plan.ts")));
  deployment(plan);
  option(
    option(
      option(option(plan, "--out <file>", "save the plan"), "--detailed-exitcode", "exit with 2 if there are changes"),
      "--raw",
      "Terraform's own text",
    ),
    "--destroy",
    "plan the destruction",
  );
  const apply = lab(add(root, "apply [file]", "make it so, and wait until it is ready", () => import("./commands/apply.ts")));
  deployment(apply);
  losses(apply);
  option(option(apply, "--plan <file>", "apply a saved plan"), "--no-wait", "do not wait until sandboxes are ready");
  const destroy = lab(add(root, "destroy [file]", "remove everything the lab made", () => import("./commands/destroy.ts")));
  deployment(destroy);
  losses(destroy);
  const lock = lab(add(root, "lock [file]", "write terrarium.lock.yaml", () => import("./commands/lock.ts")));
  option(lock, "--locked", "fail if the lock would change");
  const prepare = add(
    root,
    "prepare [dir]",
    "put images and seeds in place for a synthesized folder",
    () => import("./commands/prepare.ts"),
  );
  option(prepare, "--force", "also where everything is in place");

  // Sandboxes
  const status = lab(add(root, "status [file]", "state and addresses of the sandboxes", () => import("./commands/status.ts")));
  option(status, "--watch", "print again whenever something changes");
  lab(add(root, "ip <sandbox>", "print its first address", () => import("./commands/ip.ts")));
  lab(passThrough(add(root, "ssh <sandbox> [command...]", "log in", () => import("./commands/ssh.ts"))));
  lab(add(root, "ssh-config", "print a configuration for ssh, scp, rsync and editors", () => import("./commands/ssh-config.ts")));
  lab(
    passThrough(
      add(
        root,
        "exec <sandbox> <command...>",
        "run a command; input, output and exit code pass through",
        () => import("./commands/exec.ts"),
      ),
    ),
  );
  option(
    lab(add(root, "cp <from> <to>", "copy files: SANDBOX:PATH on one side", () => import("./commands/cp.ts"))),
    "-r, --recursive",
    "copy folders",
  );
  lab(add(root, "console <sandbox>", "attach to the serial console (leave with ctrl-])", () => import("./commands/console.ts")));
  const logs = lab(add(root, "logs <sandbox>", "what its console said", () => import("./commands/logs.ts")));
  option(option(logs, "-n, --lines <number>", "only the last lines"), "--follow", "go on as it speaks");
  const wait = lab(add(root, "wait [sandboxes...]", "wait until sandboxes are ready", () => import("./commands/wait.ts")));
  option(option(wait, "--timeout <duration>", "how long"), "--directory <dir>", "a synthesized folder instead of a lab file");
  lab(add(root, "start [sandboxes...]", "start sandboxes", () => import("./commands/start.ts")));
  const stop = lab(add(root, "stop [sandboxes...]", "shut sandboxes down", () => import("./commands/stop.ts")));
  option(stop, "--force", "cut the power");
  lab(add(root, "restart [sandboxes...]", "shut down and start again", () => import("./commands/restart.ts")));

  // The host
  const host = root.command("host").description("Terrarium's own host").copyInheritedSettings(root);
  add(host, "up [name]", "bring it up and keep it up", () => import("./commands/host-up.ts"));
  option(
    add(host, "down [name]", "take it down", () => import("./commands/host-down.ts")),
    "--force",
    "also if sandboxes run on it",
  );
  add(host, "status [name]", "whether it is up, and what it runs with", () => import("./commands/host-status.ts"));
  option(lab(add(root, "list", "all labs on a host", () => import("./commands/list.ts"))), "--host <name>", "the host");
  const prune = lab(add(root, "prune", "remove what no lab owns any more", () => import("./commands/prune.ts")));
  option(option(prune, "--host <name>", "the host"), "-y, --yes", "do not ask");
  const images = root.command("images").description("images on this machine").copyInheritedSettings(root);
  add(images, "list", "images in place", () => import("./commands/images-list.ts"));
  option(
    add(images, "prune", "remove images that no disk uses", () => import("./commands/images-prune.ts")),
    "-y, --yes",
    "do not ask",
  );
  add(root, "schema", "print the JSON Schema of lab files", () => import("./commands/schema.ts"));
  add(root, "completion <shell>", "print a completion script", () => import("./commands/completion.ts"));
  // Called by the completion script while one types.
  add(root, "complete [words...]", "", () => import("./commands/complete.ts")).helpCommand(false);

  return {
    command: root,
    run: async (argv) => {
      try {
        if (argv.length === 1 && (argv[0] === "-V" || argv[0] === "--version")) {
          context.stdout.write(`${(await import("./version.ts")).version}\n`);
          return exitCodes.done;
        }
        await root.parseAsync([...argv], { from: "user" });
        return exitCode;
      } catch (error) {
        if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.error;
        throw error;
      }
    },
  };
}

function option(command: Command, flags: string, description: string, repeatable = false): Command {
  const declared = new Option(flags, description);
  declared.env(`TERRARIUM_${declared.name().replace(/^no-/, "").replaceAll("-", "_").toUpperCase()}`);
  if (repeatable) declared.argParser((value: string, previous: string[] | undefined) => [...(previous ?? []), value]);
  return command.addOption(declared);
}

function deployment(command: Command): Command {
  option(command, "--target <name>", "only this sandbox or network, and what it needs", true);
  option(command, "--locked", "fail if the lock would change");
  return command;
}

function losses(command: Command): Command {
  option(command, "-y, --yes", "do not ask; does not cover losses");
  return option(command, "--allow-loss <name>", "agree to lose this sandbox's data", true);
}

/** What follows the sandbox is the guest's, flags included. */
function passThrough(command: Command): Command {
  return command.passThroughOptions();
}
