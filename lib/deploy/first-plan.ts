import type { ChangeEvent, ChangeSummaryEvent, TerraformEvent } from "../terraform/event.ts";
import type { Plan, ResourceChange } from "../terraform/plan.ts";

/**
 * Listens to a plan. A plan that only creates, on an empty state, is told completely by its events; `terraform show` would start the provider once more, which takes
 * a third of a second.
 */
export class FirstPlanListener {
  readonly #changes: ChangeEvent[] = [];

  add(event: TerraformEvent): void {
    if (event.type === "planned_change" || event.type === "resource_drift") this.#changes.push(event);
  }

  /**
   * @param summary Terraform's own counts
   * @param configuration text of the JSON that was planned: it has the objects' names
   * @returns undefined if the plan does anything but create, or if the events do not tell all of it: then ask Terraform
   */
  plan(summary: ChangeSummaryEvent | undefined, configuration: string): Plan | undefined {
    const creates = this.#changes.filter(({ type, action }) => type === "planned_change" && action === "create");
    const all = creates.length > 0 && creates.length === this.#changes.length && summary?.add === creates.length;
    if (!all || summary.change + summary.remove + summary.import > 0) return undefined;
    const { resource: resources = {} } = JSON.parse(configuration) as { readonly resource?: Configuration };
    const made = creates.map(({ resource }) => created(resource, resources));
    return made.every((change) => change !== undefined) ? { format_version: "1.2", resource_changes: made } : undefined;
  }
}

type Configuration = Readonly<Record<string, Readonly<Record<string, { readonly name?: unknown }>>>>;

/** @returns undefined if its name is an expression: that of a seed with secrets is, and has to be known; that of a pool is known only after apply */
function created({ address, type, name, key }: ChangeEvent["resource"], resources: Configuration): ResourceChange | undefined {
  const called = resources[type]?.[name]?.name;
  const isText = typeof called === "string" && !/[$%]\{/.test(called);
  if (called !== undefined && !isText && type !== "libvirt_pool") return undefined;
  return {
    address,
    mode: "managed",
    type,
    name,
    ...(key !== undefined && { index: key }),
    provider_name: "",
    change: { actions: ["create"], before: null, after: isText ? { name: called } : {} },
  };
}
