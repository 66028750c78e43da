import { lossText } from "../loss-text.ts";
import { placeText } from "../place.ts";
import type { LabReview, PlacedReason, Problem, Review, SandboxReview } from "../review.ts";
import { changedNetworks, changedSandboxes, totalsText } from "../summary.ts";
import { htmlText } from "./html-escape.ts";
import { pageOf } from "./html-page.ts";
import { costText } from "./markdown-details.ts";
import { happens, networkHappens } from "./words.ts";

/** The review as one HTML file that needs nothing else: no script, no font, no address. */
export function renderHtml(review: Review): string {
  const { base, head } = review;
  const body = [
    `<h1>${htmlText(totalsText(review))}</h1>`,
    base && head ? `<p>From <code>${htmlText(base.name)}</code> to <code>${htmlText(head.name)}</code>.</p>` : "",
    review.policy.length === 0
      ? ""
      : `<h2>Policy</h2><ul>${review.policy
          .map(
            ({ level, rule, object, text, place }) =>
              `<li class="${level}"><b>${level === "deny" ? "denied" : "warning"}</b>: <code>${htmlText(object)}</code>: ${htmlText(text)} (rule <code>${htmlText(rule)}</code>${place ? `, <code>${htmlText(placeText(place))}</code>` : ""})</li>`,
          )
          .join("")}</ul>`,
    ...review.labs.map(labSection),
    review.unchanged > 0 ? `<p>${review.unchanged} other lab${review.unchanged === 1 ? " is" : "s are"} unchanged.</p>` : "",
  ];
  return pageOf("Terrarium review", body.filter((part) => part !== "").join("\n"));
}

function labSection(lab: LabReview): string {
  const rows = changedSandboxes([lab]).map(({ item }) => sandboxRow(item));
  const networks = changedNetworks(lab).map(
    ({ name, word, reasons, follows }) =>
      `<tr class="${word}"><th scope="row"><code>${htmlText(name)}</code></th><td>network ${networkHappens[word]}</td><td>${reasonsHtml(reasons)}${follows.map(htmlText).join("; ")}</td></tr>`,
  );
  const notes = [
    ...lab.problems.map(problemHtml),
    ...lab.notes.map(htmlText),
    ...lab.deviations.map(
      ({ object, expected, planned }) =>
        `<b>what runs is not the base</b>: <code>${htmlText(object)}</code>: expected ${htmlText(expected)}, planned ${htmlText(planned)}`,
    ),
    ...lab.drift.map(({ object, text }) => `<code>${htmlText(object)}</code> ${htmlText(text)}`),
    ...lab.images.map(({ name, text }) => `image <code>${htmlText(name)}</code>: ${htmlText(text)}`),
  ];
  const table = [...rows, ...networks];
  const cost = costText(lab.cost.before, lab.cost.after);
  return [
    `<section><h2>Lab <code>${htmlText(lab.lab)}</code> (<code>${htmlText(lab.file)}</code>)</h2>`,
    notes.length > 0 ? `<ul>${notes.map((note) => `<li>${note}</li>`).join("")}</ul>` : "",
    table.length > 0
      ? `<table><thead><tr><th>what</th><th>what happens</th><th>why</th></tr></thead><tbody>${table.join("\n")}</tbody></table>`
      : "",
    cost === "" ? "" : `<p>All sandboxes together: ${htmlText(cost)}.</p>`,
    "</section>",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function sandboxRow(sandbox: SandboxReview): string {
  const { name, word, losses, facts, follows, cloudInit, addresses, image, cost } = sandbox;
  const lost = losses.length === 0 ? "" : `<br><strong>loses ${losses.map((loss) => htmlText(lossText(loss))).join(", ")}</strong>`;
  const [from, to] = [addresses.before?.join(", "), addresses.after?.join(", ")];
  const details = [
    ...follows.map((text) => htmlText(text) || "(empty)"),
    from !== undefined && to !== undefined && from !== to ? `addresses ${htmlText(from)} → ${htmlText(to)}` : "",
    image.before && image.after && image.before.digest !== image.after.digest
      ? `image ${htmlText(`${image.before.name} ${image.before.digest}`)} → ${htmlText(`${image.after.name} ${image.after.digest}`)}`
      : "",
    word === "create" || word === "destroy" ? "" : htmlText(costText(cost.before, cost.after)),
  ].filter((text) => text !== "");
  const diff = cloudInit
    ? `<pre>${cloudInit.map(({ kind, text }) => `<span class="${kind}">${{ added: "+", removed: "-", same: " ", gap: "…" }[kind]} ${htmlText(text)}</span>`).join("\n")}</pre>`
    : "";
  const folded =
    details.length > 0 || diff !== ""
      ? `<details><summary>details</summary><ul>${details.map((text) => `<li>${text}</li>`).join("")}</ul>${diff}</details>`
      : "";
  return `<tr class="${losses.length > 0 ? "loss" : word}"><th scope="row"><code>${htmlText(name)}</code></th><td>${happens[word]}${lost}</td><td>${htmlText(facts.join(", "))}${reasonsHtml(sandbox.reasons)}${folded}</td></tr>`;
}

function reasonsHtml(reasons: readonly PlacedReason[]): string {
  if (reasons.length === 0) return "";
  const items = reasons.map(({ text, place }) => `<li>${htmlText(text)}${place ? ` <code>${htmlText(placeText(place))}</code>` : ""}</li>`);
  return `<ul>${items.join("")}</ul>`;
}

function problemHtml({ severity, text, code, place, nextStep }: Problem): string {
  return `<b>${severity}</b>: ${htmlText(text)} (${htmlText(code)}${place ? `, <code>${htmlText(placeText(place))}</code>` : ""})${nextStep === undefined ? "" : ` → ${htmlText(nextStep)}`}`;
}
