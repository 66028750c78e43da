import { Construct } from "constructs";
import { declare } from "../lib/lab/declare.ts";
import type { Attachment, WrittenNic, WrittenSandbox, WrittenTimeouts } from "../lib/lab/written-lab.ts";
import { writtenCloudInit, type CloudInitProps } from "./cloud-init.ts";
import type { Image } from "./image.ts";
import type { Network } from "./network.ts";
import { Seed } from "./seed.ts";
import { plainUnits, type WithUnits } from "./units.ts";

/** A NIC: a network, its name, or either with more to say: an address, a MAC, routes … */
export type NicProps = Network | string | ({ readonly network: Network | string } & Readonly<Omit<WrittenNic, "name">>);

/** What a sandbox may say; see docs/reference/lab.md. `cloudInit` may also be declared piece by piece, with `addCloudInit`. */
export interface SandboxProps extends Omit<WithUnits<WrittenSandbox>, "cloudInit" | "image" | "networks" | "overrides" | "timeouts"> {
  /**
   * What cloud-init does on first boot.
   *
   * @default - login and names only
   */
  readonly cloudInit?: CloudInitProps;

  /**
   * The image its root disk starts from, or the image's name.
   *
   * @default - the lab's default image
   */
  readonly image?: Image | string;

  /**
   * Its NICs, in order.
   *
   * @default - one NIC in a NAT network of its own
   */
  readonly networks?: readonly NicProps[];

  /**
   * How long to wait.
   *
   * @default - see docs/reference/lab.md
   */
  readonly timeouts?: WithUnits<WrittenTimeouts>;
}

/**
 * A virtual machine of the lab.
 *
 * @example new Sandbox(lab, "web", { image, memory: Size.gibibytes(2), networks: [front], count: 3 });
 */
export class Sandbox extends Construct {
  readonly #overrides: Record<string, unknown> = {};
  #pieces = 0;

  constructor(scope: Construct, id: string, { cloudInit, image, networks, timeouts, ...props }: SandboxProps = {}) {
    super(scope, id);
    declare(this, {
      kind: "sandbox",
      name: id,
      written: {
        ...plainUnits<WrittenSandbox>(props),
        cloudInit: cloudInit && writtenCloudInit(cloudInit),
        image: typeof image === "object" ? image.name : image,
        networks: networks?.map(attachment),
        timeouts: timeouts && plainUnits<WrittenTimeouts>(timeouts),
        overrides: this.#overrides,
      },
    });
  }

  /** The sandbox's name in the lab, before `count` and `forEach`. */
  get name(): string {
    return this.node.id;
  }

  /**
   * Adds a piece to what cloud-init does in it: lists follow one another, user-data becomes a further part, and so on, as `CloudInit` says.
   *
   * @example web.addCloudInit({ packages: ["nginx"], writeFiles: [{ path: "/etc/motd", content: "Hello.\n" }] });
   */
  addCloudInit(piece: CloudInitProps): this {
    this.#pieces += 1;
    void new Seed(this, `cloud-init-${this.#pieces}`, piece);
    return this;
  }

  /**
   * Reaches what the lab language does not model.
   *
   * @param path attribute path in the sandbox's Terraform resource, dots between keys
   */
  addOverride(path: string, value: unknown): void {
    this.#overrides[path] = value;
  }
}

function attachment(nic: NicProps): Attachment {
  if (typeof nic === "string") return nic;
  if (!("network" in nic)) return nic.name;
  const { network, ...keys } = nic;
  return { name: typeof network === "string" ? network : network.name, ...keys };
}
