import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Construct } from "constructs";
import { DiagnosticError } from "../lib/diagnostics/diagnostic-error.ts";
import { hasErrors, type Diagnostic } from "../lib/diagnostics/diagnostic.ts";
import { canonicalJson } from "../lib/lab/canonical-json.ts";
import { checkWritten } from "../lib/lab/check-written.ts";
import type { LabLock } from "../lib/lab/lock/lab-lock.ts";
import type { Lab } from "../lib/lab/lab.ts";
import { normalizeLab, type NormalizeOptions } from "../lib/lab/normalize-lab.ts";
import type { WrittenLab } from "../lib/lab/written-lab.ts";
import { cdktf } from "../lib/synth/cdktf.ts";
import type { Fragment } from "../lib/synth/literal-resource.ts";
import { withLiteralResources } from "../lib/synth/literal-resources.ts";
import { checkCloudInit } from "./check-cloud-init.ts";
import { collect } from "./collect.ts";
import { emitLab } from "./emit/lab.ts";
import { refuseEngineChange } from "./engine-change.ts";
import { lockFileText, readLock } from "./lock.ts";
import { requireOneCdk } from "./one-cdk.ts";
import { withoutTokens } from "./tokens.ts";
import { validationMessage } from "./validation-message.ts";

/** The lab as in YAML, under the same names; sandboxes, networks and images may also be added as constructs. */
export interface LabStackProps extends Omit<WrittenLab, "lab" | "sandboxes"> {
  /**
   * Name of the lab.
   *
   * @default - the stack's id
   */
  readonly lab?: string;

  /** @default - only what constructs declare */
  readonly sandboxes?: WrittenLab["sandboxes"];

  /**
   * Content of `terrarium.lock.yaml`, so that nobody moves. Stacks read no files: pass `readFileSync("terrarium.lock.yaml", "utf8")`.
   *
   * @default - everything is planned anew
   */
  readonly lock?: string;

  /** Texts that `userData` and `vendorData` paths stand for, by path as written. Stacks read no files. */
  readonly files?: NormalizeOptions["files"];
}

/** What synthesis made of a stack. `lab` is absent if there were errors. */
export interface LabStackResult {
  readonly lab?: Lab;
  /** The lock as it should be now. */
  readonly lock?: LabLock;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A lab as a CDK for Terraform stack.
 *
 * Errors are collected and reported by synthesis, each with the path of its construct.
 *
 * @example
 * const app = new App();
 * const lab = new LabStack(app, "web-tier", { lock: readFileSync("terrarium.lock.yaml", "utf8") });
 * const image = new Image(lab, "debian-12", { bootstrap: { suite: "bookworm" } });
 * new Sandbox(lab, "web", { image });
 * app.synth();
 */
export class LabStack extends cdktf.TerraformStack {
  readonly #props: LabStackProps;
  readonly #options: NormalizeOptions;
  #result?: LabStackResult;

  /**
   * @param options for the CLI: what it read from disk and environment
   * @throws DiagnosticError CDK_COPIES_MIXED if the app is of another CDK for Terraform
   */
  constructor(scope: Construct, id: string, props: LabStackProps = {}, options: NormalizeOptions = {}) {
    super(scope, id);
    requireOneCdk(this, [this.node.root]);
    this.#props = props;
    this.#options = options;
    this.node.addValidation({
      validate: () =>
        this.result()
          .diagnostics.filter(({ severity }) => severity === "error")
          .map(validationMessage),
    });
    this.#writeLabBesideJson();
  }

  get #name(): string {
    return this.#props.lab ?? this.node.id;
  }

  /** Collects, plans and emits, once. */
  result(): LabStackResult {
    return (this.#result ??= this.#synthesize());
  }

  /**
   * Text for `terrarium.lock.yaml`: what was decided, so that the next synthesis moves nobody. Entries of other labs in the `lock` that was passed stay.
   *
   * @throws DiagnosticError if the lab has errors
   * @example
   * app.synth();
   * writeFileSync("terrarium.lock.yaml", lab.lockFile());
   */
  lockFile(): string {
    const { lock, diagnostics } = this.result();
    if (!lock) throw new DiagnosticError(diagnostics);
    return lockFileText(this.#props.lock, this.#name, lock);
  }

  override prepareStack(): void {
    this.result();
    super.prepareStack();
  }

  override toTerraform(): Fragment {
    this.result();
    return withLiteralResources(this, super.toTerraform() as Fragment);
  }

  override toHclTerraform(): never {
    throw new Error("LabStack writes Terraform JSON only: unset SYNTH_HCL_OUTPUT (or hclOutput).");
  }

  #synthesize(): LabStackResult {
    requireOneCdk(this, this.node.findAll());
    const { lab: _name, lock: lockText, files, ...rest } = this.#props;
    const collected = collect(this, { sandboxes: {}, ...rest, lab: this.#name });
    const { value: written, diagnostics: tokens } = withoutTokens(this, collected.written);
    const lock = readLock(lockText, this.#name);
    const locate = (diagnostic: Diagnostic): Diagnostic => ({
      ...diagnostic,
      constructPath: diagnostic.constructPath ?? collected.constructPath(diagnostic.path ?? []) ?? this.node.path,
    });
    const before = [...collected.diagnostics, ...tokens, ...lock.diagnostics];
    if (hasErrors(before)) return { diagnostics: before.map(locate) };
    const faults = checkWritten(written);
    if (hasErrors(faults)) return { diagnostics: [...before, ...faults].map(locate) };
    const { value, diagnostics } = normalizeLab(written, { lock: lock.value, files, ...this.#options });
    const cloudInit = value ? checkCloudInit({ lab: value.lab, written, file: "", files: files ?? new Map() }) : [];
    const all = [...before, ...diagnostics.map(refuseEngineChange), ...cloudInit].map(locate);
    this.#annotate(all);
    if (!value || hasErrors(all)) return { diagnostics: all };
    emitLab(this, new Construct(this, "terraform"), value.lab, collected.gates);
    return { lab: value.lab, lock: value.lock, diagnostics: all };
  }

  /** Warnings are shown by `cdktf` and `cdktn`; errors reach them as validations. */
  #annotate(diagnostics: readonly Diagnostic[]): void {
    for (const diagnostic of diagnostics) {
      if (diagnostic.severity === "warning") cdktf.Annotations.of(this).addWarning(validationMessage(diagnostic));
      if (diagnostic.severity === "notice") cdktf.Annotations.of(this).addInfo(validationMessage(diagnostic));
    }
  }

  #writeLabBesideJson(): void {
    const original = this.synthesizer;
    this.synthesizer = {
      synthesize: (session) => {
        original.synthesize(session);
        const { lab } = this.result();
        const { workingDirectory } = session.manifest.forStack(this);
        if (lab) writeFileSync(join(session.outdir, workingDirectory, "terrarium.lab.json"), `${canonicalJson(lab, 2)}\n`);
      },
    };
  }
}
