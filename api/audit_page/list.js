// The lines of the timeline below each other: filtered by the server, page after page as they are asked for.

import { get } from "./api.js";
import { opened, unitsOfCase } from "./case.js";
import { byId, empty, make } from "./dom.js";
import { line } from "./lines.js";
import { t } from "./texts.js";
import { codesOf, instantOf, kindName, stageName, unitName } from "./words.js";

const PAGE = 25;
let shown = { items: [], next: null };

export function filterOptions() {
  const fill = (id, codes, name) => {
    const select = byId(id);
    const chosen = select.value;
    empty(select).append(
      make("option", { value: "" }, t("any")),
      ...codes.map((code) => make("option", { value: code }, name(code))),
    );
    select.value = codes.includes(chosen) ? chosen : "";
  };
  fill("filter-stage", codesOf("stages").filter((code) => code !== "report"), stageName);
  fill("filter-kind", codesOf("kinds"), kindName);
  if (opened()) fill("filter-unit", unitsOfCase(), unitName);
}

// What the form asks for, as it stands in an address; exports ask with it as well.
export function asked() {
  const form = new FormData(byId("filter-form"));
  const found = new URLSearchParams();
  for (const name of ["stage", "unit_id", "kind"]) if (form.get(name)) found.set(name, form.get(name));
  for (const name of ["from", "until"]) {
    const instant = instantOf(form.get(name));
    if (instant) found.set(name, instant);
  }
  const { asOf } = opened();
  // as of an instant: nothing that was learned after it
  if (asOf) {
    const behind = new Date(Date.parse(asOf) + 1).toISOString();
    if (!found.has("until") || found.get("until") > behind) found.set("until", behind);
  }
  return found;
}

export async function readList() {
  const query = asked();
  query.set("limit", PAGE);
  const page = await get(`${opened().links.timeline}?${query}`);
  shown = { items: page.items, next: page.links.next ?? null };
}

export async function showMore() {
  const already = shown.items.length;
  const page = await get(shown.next);
  shown.items.push(...page.items);
  shown.next = page.links.next ?? null;
  paintList();
  // whoever walks by keyboard goes on at the first new line
  const first = byId("lines").children[already];
  if (first) {
    first.setAttribute("tabindex", -1);
    first.focus();
  }
}

export function shutList() {
  shown = { items: [], next: null };
  empty(byId("lines"));
}

export function paintList() {
  empty(byId("lines")).append(...shown.items.map((item) => line(item, opened().people)));
  byId("more").hidden = !shown.next;
  const count = shown.items.length;
  byId("shown").textContent = count === 0 ? t("no_entries") : t(shown.next ? "shown" : "shown_all", count);
}
