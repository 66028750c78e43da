import { existsSync, statSync } from "node:fs";
import { deploymentOf, domains, filesIn, inState, networks, pools, running, textOf, volumes, type Scene } from "./scene.ts";

/** A moment of a command, told by what can be seen from outside. */
export interface Point {
  readonly name: string;
  /** True if a Terraform is there to be killed. */
  readonly terraform: boolean;
  /** Called once before the command starts. @returns whether the moment has come */
  readonly watch: (scene: Scene) => () => boolean;
}

const point = (name: string, reached: (scene: Scene) => boolean, { terraform = true } = {}): Point => ({
  name,
  terraform,
  watch: (scene) => () => reached(scene),
});

/** Ten and more moments of a first apply, in order. */
export const applyPoints: readonly Point[] = [
  point("the variables are written", (scene) => deploymentOf(scene) !== undefined, { terraform: false }),
  point("Terraform plans", (scene) => textOf(inState(scene, "logs", "terraform-plan.jsonl")) !== ""),
  point("a seed is made", (scene) => filesIn(inState(scene, "seeds"), ".iso").length > 0, { terraform: false }),
  point("the lab is noted", ({ state }) => existsSync(state.applying), { terraform: false }),
  point("the journal is written", ({ state }) => existsSync(state.journal), { terraform: false }),
  point("the pool is defined", (scene) => pools(scene).length > 0),
  point("a root disk is there", (scene) => volumes(scene, ".qcow2").length > 0),
  point("a seed is uploaded", (scene) => volumes(scene, ".iso").length > 0),
  point("the network is defined", (scene) => networks(scene).length > 0),
  point("a sandbox is defined", (scene) => domains(scene).length > 0),
  point("a sandbox runs", (scene) => running(scene).length > 0),
  point("both sandboxes run", (scene) => running(scene).length > 1),
  point("Terraform is done", (scene) => textOf(inState(scene, "logs", "terraform-apply.jsonl")).includes("Apply complete!"), {
    terraform: false,
  }),
  point("the lab is promoted", ({ state }) => existsSync(state.applied), { terraform: false }),
];

const gone = (name: string, list: (scene: Scene) => readonly string[], left = 0, options = {}): Point =>
  point(name, (scene) => list(scene).length <= left, options);

/** Ten and more moments of a destroy of two sandboxes, in order. */
export const destroyPoints: readonly Point[] = [
  changed("the variables are written", (scene) => inState(scene, "terrarium.auto.tfvars.json"), { terraform: false }),
  changed("Terraform plans", (scene) => inState(scene, "logs", "terraform-plan.jsonl")),
  gone("a sandbox is shut down", running, 1, { terraform: false }),
  changed("Terraform works", (scene) => inState(scene, "logs", "terraform-apply.jsonl")),
  gone("a sandbox is gone", domains, 1),
  gone("both sandboxes are gone", domains),
  gone("a seed is gone", (scene) => volumes(scene, ".iso"), 1),
  gone("the disks are gone", (scene) => volumes(scene, ".qcow2")),
  gone("the network is gone", networks),
  gone("the pool is gone", pools),
  {
    name: "Terraform is done",
    terraform: false,
    watch: (scene) => {
      const log = inState(scene, "logs", "terraform-apply.jsonl");
      const before = stamp(log);
      return () => stamp(log) !== before && textOf(log).includes("complete!");
    },
  },
  point("the host is going down", ({ host }) => !existsSync(`${host.directory}/libvirtd.pid`), { terraform: false }),
  point("the lab is forgotten", ({ state }) => !existsSync(state.applied) && !existsSync(state.applying), { terraform: false }),
];

/** The moment at which a file is replaced and has content. */
function changed(name: string, file: (scene: Scene) => string, options = { terraform: true }): Point {
  return {
    name,
    ...options,
    watch: (scene) => {
      const before = stamp(file(scene));
      return () => stamp(file(scene)) !== before && textOf(file(scene)) !== "";
    },
  };
}

/** Not the inode's number alone: a file system gives that of a deleted file to the next new one. */
function stamp(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? "absent" : `${found.ino} ${found.ctimeNs}`;
}
