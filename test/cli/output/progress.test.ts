import { expect, test } from "vitest";
import { createProgressDisplay } from "../../../lib/cli/output/progress.ts";
import { canRedraw } from "../../../lib/cli/output/progress.ts";
import type { Progress } from "../../../lib/deploy/progress.ts";
import type { ApplyEvent } from "../../../lib/terraform/event.ts";

function shown(...events: Progress[]): string {
  let text = "";
  const display = createProgressDisplay({ write: (part) => (text += part) });
  for (const event of events) display(event);
  display.end();
  display({ kind: "step", text: "after the end" });
  return text;
}

function terraform(type: ApplyEvent["type"], name: string, more: Partial<ApplyEvent> = {}): Progress {
  const resource = { address: `libvirt_domain.${name}`, type: "libvirt_domain", name };
  return { kind: "terraform", event: { type, message: "", resource, action: "create", ...more } };
}

test("elsewhere than on a terminal each change is one line, told once", () => {
  const waiting: Progress = { kind: "sandbox", sandbox: "web", text: "booting", done: false };
  expect(shown(waiting, waiting, { ...waiting, text: "ready", done: true })).toBe("sandbox web: booting\nsandbox web: ready\n");
});

test("Terraform's objects have the lab's names, and its clock ticks are not told", () => {
  expect(
    shown(
      terraform("apply_start", "sandbox_local_web-1"),
      terraform("apply_progress", "sandbox_local_web-1", { elapsedSeconds: 10 }),
      terraform("apply_complete", "sandbox_local_web-1", { elapsedSeconds: 12 }),
      terraform("apply_start", "network_local_front", { action: "delete" }),
      terraform("apply_errored", "disk_local_db_data"),
    ),
  ).toBe("sandbox web-1: being made\nsandbox web-1: made after 12 s\nnetwork front: being removed\ndisk of db data: failed\n");
});

test("objects that only Terraform cares for are not told", () => {
  const event: ApplyEvent = {
    type: "apply_start",
    message: "",
    action: "create",
    resource: { address: "terraform_data.deployment", type: "terraform_data", name: "deployment" },
  };
  expect(shown({ kind: "terraform", event })).toBe("");
});

test("of an image its phases are told, not every byte", () => {
  const image = (progress: Extract<Progress, { kind: "image" }>["progress"]): Progress => ({ kind: "image", image: "debian-12", progress });
  expect(
    shown(
      image({ phase: "downloading", done: 0, total: 4096 }),
      image({ phase: "downloading", done: 1024, total: 4096 }),
      image({ phase: "bootstrapping", step: "installing packages" }),
    ),
  ).toBe("image debian-12: downloading 0 B of 4.0 KiB (0 %)\nimage debian-12: bootstrapping: installing packages\n");
});

test("foreign text cannot move the cursor", () => {
  expect(shown({ kind: "step", text: "a\u001b[2Jb\nc" })).toBe("a\\u001b[2Jb\\nc\n");
});

test("only a terminal that knows its width is drawn on again and again", () => {
  const stream = { write: () => true, isTTY: true, columns: 80 };
  expect(canRedraw(stream, {})).toBe(true);
  expect(canRedraw({ ...stream, columns: 0 }, {})).toBe(false);
  expect(canRedraw(stream, { CI: "1" })).toBe(false);
  expect(canRedraw(stream, { TERM: "dumb" })).toBe(false);
  expect(canRedraw({ write: () => true }, {})).toBe(false);
});
