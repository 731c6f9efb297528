// One line of the timeline as somebody reads it: what, who, when, and what is withheld of it.

import { draw, make } from "./dom.js";
import { has, t } from "./texts.js";
import { clockName, kindName, moment, roleName, sign, stageName, stateName, stepName, unitName } from "./words.js";

const partName = (name) => (has(`part.${name}`) ? t(`part.${name}`) : name);

export const subjectName = (code) => (has(`subject.${code}`) ? t(`subject.${code}`) : String(code).replaceAll("_", " "));

export const personName = (id, people) => t("person_n", people.get(id) ?? sign(id));

export function withheld(names) {
  return t("withheld", names.map(partName).join(", "));
}

const stateOf = (code) => (has(`case.${code}`) ? t(`case.${code}`) : stateName(code));

// In one line, for labels and for those who hear it.
export function summary(item, people) {
  const what = item.what;
  if (!what) return `${moment(item.recorded_at)} ${withheld(item._redacted)}`;
  const said = item.kind === "read" ? t("looked_at", subjectName(what.subject)) : stepName(what.action);
  const about = [what.stage ? stageName(what.stage) : "", what.victim_id ? personName(what.victim_id, people) : ""];
  return [moment(item.recorded_at), said, ...about].filter(Boolean).join(", ");
}

function heading(item, people) {
  const what = item.what;
  if (!what) return withheld(item._redacted);
  const read = item.seq === null && item.kind === "read";
  const said = read ? t("looked_at", subjectName(what.subject)) : stepName(what.action);
  const about = [what.stage ? stageName(what.stage) : "", what.victim_id ? personName(what.victim_id, people) : ""];
  return [said, ...about].filter(Boolean).join(" · ");
}

function doer(who) {
  const parts = [unitName(who.unit_id), roleName(who.role)];
  if (who.by_rule) parts.push(t("by_rule"));
  if (who.account_id) parts.push(`${t("account")} ${sign(who.account_id)}`);
  if (who.purpose) parts.push(t("purpose", who.purpose.replaceAll("_", " ")));
  return parts.filter(Boolean).join(" · ");
}

function standing(what) {
  const [from, to] = [stateOf(what.from), stateOf(what.to)];
  const parts = [];
  if (to) parts.push(!from || from === to ? to : `${from} → ${to}`);
  if (what.stands?.unit_id) parts.push(`${t("held_by")}: ${unitName(what.stands.unit_id)}`);
  else if (what.unit_id) parts.push(`${t("unit")}: ${unitName(what.unit_id)}`);
  return parts.join(" · ");
}

const clock = (step) => t("clock", clockName(step.clock), t(`did.${step.did}`), moment(step.due_at));

function facts(item) {
  const { what, who } = item;
  const found = [];
  if (who) found.push(doer(who));
  if (what) {
    found.push(standing(what), ...(what.clocks ?? []).map(clock));
    if (what.changed?.length) found.push(`${t("changed")}: ${what.changed.join(", ")}`);
    if (what.articles?.length) found.push(t("articles", what.articles.join(", ")));
    // a part of an entry may be withheld while the rest is shown
    if (item._redacted.length) found.push(withheld(item._redacted));
  }
  return found.filter(Boolean);
}

function when(item) {
  const parts = [t("recorded", moment(item.recorded_at))];
  if (item.happened_at && item.happened_at !== item.recorded_at) parts.push(t("happened", moment(item.happened_at)));
  return parts.join(" · ");
}

function badges(item) {
  const found = [];
  if (item.kind) found.push(make("span", { class: `badge kind-${item.kind}` }, mark(item.kind), kindName(item.kind)));
  if (item.late) found.push(make("span", { class: "badge late" }, t("late")));
  if (item.corrects) found.push(make("span", { class: "badge late" }, t("corrects", item.corrects)));
  if (["erase", "erase_person"].includes(item.what?.action)) found.push(make("span", { class: "badge late" }, t("erased")));
  return found;
}

export function line(item, people) {
  return make(
    "li",
    { class: item.what ? "line" : "line hidden-part", "data-seq": item.seq ?? "" },
    make("p", { class: "line-head" }, item.seq ? make("span", { class: "seq" }, `#${item.seq}`) : "", badges(item)),
    make("p", { class: "line-what" }, heading(item, people)),
    make("p", { class: "line-when" }, when(item)),
    facts(item).map((fact) => make("p", { class: "line-fact" }, fact)),
    item.digest ? make("p", { class: "digest" }, `${t("digest")} ${item.digest.slice(0, 16)}…`) : "",
  );
}

// A kind's sign is a shape, so that nobody needs its colour.
const SHAPES = {
  change: "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z",
  routing: "M-4 -5L5.5 0L-4 5Z",
  clock: "M0 -6L6 0L0 6L-6 0Z",
  consent: "M-4.5 -4.5H4.5V4.5H-4.5Z",
  refusal: "M-5 -3L-3 -5L0 -2L3 -5L5 -3L2 0L5 3L3 5L0 2L-3 5L-5 3L-2 0Z",
  notice: "M-6 -4H6V4H-6ZM-6 -4L0 1L6 -4",
  file: "M-4 -6H2L5 -3V6H-4Z",
  read: "M-6 0Q0 -6 6 0Q0 6 -6 0Z",
};

export const shape = (kind) => SHAPES[kind] ?? SHAPES.change;

export function mark(kind) {
  return draw(
    "svg",
    { viewBox: "-8 -8 16 16", width: 16, height: 16, class: "mark", "aria-hidden": "true" },
    draw("path", { d: shape(kind), class: `kind kind-${kind}` }),
  );
}
