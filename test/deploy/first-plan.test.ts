import { expect, test } from "vitest";
import { FirstPlanListener } from "../../lib/deploy/first-plan.ts";
import type { ChangeEvent, ChangeSummaryEvent, EventAction } from "../../lib/terraform/event.ts";

const change = (address: string, action: EventAction, type: ChangeEvent["type"] = "planned_change"): ChangeEvent => {
  const [kind = "", name = ""] = address.split(".");
  return { type, message: "", resource: { address, type: kind, name }, action };
};

const counts = (add: number, rest: Partial<ChangeSummaryEvent> = {}): ChangeSummaryEvent => ({
  type: "change_summary",
  message: "",
  operation: "plan",
  add,
  change: 0,
  remove: 0,
  import: 0,
  ...rest,
});

const configuration = JSON.stringify({
  resource: {
    libvirt_domain: { sandbox_local_web: { name: "lab-web" } },
    libvirt_volume: { seed_local_web: { name: 'web.${lookup(var.secret_fingerprints, "web", "")}.iso' } },
    libvirt_pool: { pool_local: { name: "lab-${terraform_data.deployment.output}" } },
  },
});

const heard = (...events: readonly ChangeEvent[]): FirstPlanListener => {
  const listener = new FirstPlanListener();
  for (const event of events) listener.add(event);
  return listener;
};

test("a plan that only creates is told by its events, names from the configuration", () => {
  const plan = heard(change("libvirt_domain.sandbox_local_web", "create"), change("libvirt_pool.pool_local", "create")).plan(
    counts(2),
    configuration,
  );
  expect(plan?.resource_changes?.map(({ address, change: { actions, after } }) => [address, actions, after])).toEqual([
    ["libvirt_domain.sandbox_local_web", ["create"], { name: "lab-web" }],
    ["libvirt_pool.pool_local", ["create"], {}],
  ]);
});

const one = change("libvirt_domain.sandbox_local_web", "create");

test.each([
  ["does anything else", heard(one, change("libvirt_domain.old", "delete")), counts(1, { remove: 1 })],
  ["has found a difference", heard(one, change("libvirt_domain.sandbox_local_web", "update", "resource_drift")), counts(1)],
  ["has more than its events told", heard(one), counts(2)],
  ["imports", heard(one), counts(1, { import: 1 })],
  ["was not counted", heard(one), undefined],
  ["does nothing", heard(), counts(0)],
  ["makes a seed whose name is known to Terraform only", heard(change("libvirt_volume.seed_local_web", "create")), counts(1)],
])("a plan that %s is Terraform's to tell", (_, listener, summary) => {
  expect(listener.plan(summary, configuration)).toBeUndefined();
});
