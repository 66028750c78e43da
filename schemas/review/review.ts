type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const texts: Schema = { type: "array", items: text };
const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const list = (name: string): Schema => ({ type: "array", items: ref(name) });
const oneOf = (...values: readonly string[]): Schema => ({ enum: values });

/** An object whose keys are all there but those that are named as optional; nothing else is in it. */
function object(properties: Schema, optional: readonly string[] = [], description?: string): Schema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { ...(description !== undefined && { description }), type: "object", properties, required, additionalProperties: false };
}

const sides = (value: Schema): Schema => object({ before: value, after: value }, ["before", "after"]);
const bytes: Schema = { type: "integer", minimum: 0, description: "Bytes." };
const sandboxWords = ["none", "update", "reboot", "reseed", "grow", "rebuild", "create", "destroy"];

/** `Review` of `lib/review/review.ts`: a test holds the two together. */
export const review: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Terrarium review",
  description: "What a change does to which sandbox: `terrarium review --format json`. A later format has another number.",
  ...object(
    {
      format: { const: 1 },
      base: ref("version"),
      head: ref("version"),
      labs: list("lab"),
      unchanged: { type: "integer", minimum: 0, description: "Labs of which nothing changed." },
      policy: list("finding"),
      policyRules: texts,
    },
    ["base", "head", "policyRules"],
  ),
  $defs: {
    version: object({ name: text, commit: text }, ["commit"], "A version of the repository."),
    place: object({ file: text, line: { type: "integer" }, column: { type: "integer" } }, [], "Counted from 1."),
    reason: object({ text, place: ref("place") }, ["place"], "Why, in the words of the lab."),
    loss: object({ disk: text, size: bytes, host: text }, ["size"], "A disk whose data is gone; `root` is the root disk."),
    cost: object({ cpus: { type: "integer" }, memory: bytes, disk: bytes }),
    image: object({ name: text, digest: text }),
    line: object({ kind: oneOf("added", "removed", "same", "gap"), text }),
    problem: object({ code: text, severity: oneOf("error", "warning", "notice"), text, nextStep: text, place: ref("place") }, [
      "nextStep",
      "place",
    ]),
    drift: object({ object: text, text, repaired: { type: "boolean" } }),
    other: object({ address: text, word: oneOf("update", "replaced", "create", "destroy", "forget") }),
    deviation: object({ object: text, expected: text, planned: text }, [], "Where a plan of what runs says something else than the labs."),
    imageChange: object({ name: text, before: text, after: text, text }, ["before", "after"]),
    finding: object({ rule: text, level: oneOf("warn", "deny"), lab: text, object: text, text, place: ref("place") }, ["place"]),
    sandbox: object(
      {
        name: text,
        host: text,
        word: { ...oneOf(...sandboxWords), description: "The verdict: see the table in docs/changes.md." },
        reasons: list("reason"),
        losses: list("loss"),
        follows: texts,
        facts: texts,
        downtime: oneOf("none", "restart", "rebuild", "gone"),
        protected: { type: "boolean" },
        labels: { type: "object", additionalProperties: text },
        place: ref("place"),
        addresses: sides(texts),
        image: sides(ref("image")),
        cost: sides(ref("cost")),
        cloudInit: list("line"),
      },
      ["place", "cloudInit"],
    ),
    network: object(
      {
        name: text,
        host: text,
        ownedBy: text,
        word: oneOf("none", "update", "replaced", "create", "destroy"),
        reasons: list("reason"),
        facts: texts,
        follows: texts,
        reboots: texts,
        place: ref("place"),
      },
      ["ownedBy", "place"],
    ),
    lab: object(
      {
        file: text,
        lab: text,
        change: oneOf("changed", "added", "removed", "invalid"),
        source: oneOf("labs", "plan"),
        sandboxes: list("sandbox"),
        networks: list("network"),
        images: list("imageChange"),
        cost: object({ before: ref("cost"), after: ref("cost") }),
        drift: list("drift"),
        deviations: list("deviation"),
        others: list("other"),
        notes: texts,
        problems: list("problem"),
        topology: object({ before: text, after: text }, [], "Mermaid."),
      },
      ["topology"],
    ),
  },
};
