import type { ChangeSummaryEvent, EventAction, OutputsEvent, ResourceRef, TerraformEvent } from "./event.ts";
import { isJsonObject, numberAt, objectAt, parseJsonObject, stringAt, type JsonObject } from "./json.ts";
import { parseRawDiagnostic } from "./raw-diagnostic.ts";

/**
 * Reads one line of `terraform … -json`.
 *
 * @returns undefined for a line that is no event (blank lines, text that backends and panics print); never throws
 */
export function parseEvent(line: string): TerraformEvent | undefined {
  const body = parseJsonObject(line);
  const name = body && stringAt(body, "type");
  if (!body || name === undefined) return undefined;
  const base = { message: stringAt(body, "@message") ?? "", at: stringAt(body, "@timestamp") };
  const known = parseKnown(name, body);
  return known ? { ...base, ...known } : { ...base, type: "other", name, body };
}

/** Removes what every event has, member by member of the union. */
type WithoutBase<T> = T extends TerraformEvent ? Omit<T, "message" | "at"> : never;

/** Undefined where the form is not the one we know: the caller keeps the event as it came. */
function parseKnown(name: string, body: JsonObject): WithoutBase<TerraformEvent> | undefined {
  switch (name) {
    case "version":
      return { type: name };
    case "log":
    case "init_output":
      return { type: name, code: stringAt(body, "message_code") };
    case "planned_change":
    case "resource_drift": {
      const change = objectAt(body, "change");
      const resource = change && parseResource(objectAt(change, "resource"));
      const action = change && parseAction(change);
      const previous = change && objectAt(change, "previous_resource");
      if (!resource || !action) return undefined;
      return { type: name, resource, action, reason: stringAt(change, "reason"), previousAddress: previous && stringAt(previous, "addr") };
    }
    case "change_summary":
      return parseSummary(objectAt(body, "changes"));
    case "outputs":
      return parseOutputs(objectAt(body, "outputs"));
    case "apply_start":
    case "apply_progress":
    case "apply_complete":
    case "apply_errored": {
      const hook = objectAt(body, "hook");
      const resource = hook && parseResource(objectAt(hook, "resource"));
      const action = hook && parseAction(hook);
      if (!resource || !action) return undefined;
      return { type: name, resource, action, elapsedSeconds: numberAt(hook, "elapsed_seconds"), id: stringAt(hook, "id_value") };
    }
    case "provision_start":
    case "provision_progress":
    case "provision_complete":
    case "provision_errored": {
      const hook = objectAt(body, "hook");
      const resource = hook && parseResource(objectAt(hook, "resource"));
      const provisioner = hook && stringAt(hook, "provisioner");
      if (!resource || provisioner === undefined) return undefined;
      return { type: name, resource, provisioner, output: stringAt(hook, "output") };
    }
    case "refresh_start":
    case "refresh_complete": {
      const hook = objectAt(body, "hook");
      const resource = hook && parseResource(objectAt(hook, "resource"));
      return resource && { type: name, resource, id: stringAt(hook, "id_value") };
    }
    case "diagnostic": {
      const diagnostic = parseRawDiagnostic(body["diagnostic"]);
      return diagnostic && { type: name, diagnostic };
    }
    default:
      return undefined;
  }
}

const actions: ReadonlySet<string> = new Set<EventAction>([
  "noop",
  "create",
  "read",
  "update",
  "replace",
  "delete",
  "move",
  "import",
  "forget",
  "remove",
]);

function parseAction(body: JsonObject): EventAction | undefined {
  const action = stringAt(body, "action");
  return action !== undefined && actions.has(action) ? (action as EventAction) : undefined;
}

function parseResource(body: JsonObject | undefined): ResourceRef | undefined {
  const address = body && stringAt(body, "addr");
  const type = body && stringAt(body, "resource_type");
  const name = body && stringAt(body, "resource_name");
  if (!body || address === undefined || type === undefined || name === undefined) return undefined;
  return { address, type, name, key: stringAt(body, "resource_key") ?? numberAt(body, "resource_key") };
}

function parseSummary(changes: JsonObject | undefined): WithoutBase<ChangeSummaryEvent> | undefined {
  const operation = changes && stringAt(changes, "operation");
  if (!changes || (operation !== "plan" && operation !== "apply" && operation !== "destroy")) return undefined;
  const [add, change, remove] = [numberAt(changes, "add"), numberAt(changes, "change"), numberAt(changes, "remove")];
  if (add === undefined || change === undefined || remove === undefined) return undefined;
  return { type: "change_summary", operation, add, change, remove, import: numberAt(changes, "import") ?? 0 };
}

function parseOutputs(body: JsonObject | undefined): WithoutBase<OutputsEvent> | undefined {
  if (!body) return undefined;
  const outputs: [string, OutputsEvent["outputs"][string]][] = [];
  for (const [name, output] of Object.entries(body)) {
    if (!isJsonObject(output)) return undefined;
    outputs.push([name, { sensitive: output["sensitive"] === true, action: parseAction(output), value: output["value"] }]);
  }
  // Not by assignment: an output may be called __proto__.
  return { type: "outputs", outputs: Object.fromEntries(outputs) };
}
