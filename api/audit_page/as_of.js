// The case as it stood at an instant: its state, its stages, its people, and nothing that was learned later.

import { get } from "./api.js";
import { opened, person } from "./case.js";
import { byId, empty, make, table } from "./dom.js";
import { withheld } from "./lines.js";
import { has, t } from "./texts.js";
import { clockName, moment, stageName, stateName, unitName } from "./words.js";

let stood = null;

export async function readAsOf(instant) {
  const query = instant ? `?at=${encodeURIComponent(instant)}` : "";
  stood = await get(opened().links.as_of + query);
}

export function shutAsOf() {
  stood = null;
  empty(byId("stood"));
}

export function paintAsOf() {
  if (!stood) return;
  const parts = [make("p", { id: "stood-at" }, t("stood_at", moment(stood.at), stood.entries))];
  if (stood.entries === 0) parts.push(make("p", {}, t("nothing_yet")));
  if (stood.erased_at) parts.push(make("p", { class: "notice" }, t("file_erased", moment(stood.erased_at))));
  if (stood._redacted.length) parts.push(make("p", { class: "notice" }, withheld(stood._redacted)));
  if (stood.case) parts.push(ofCase(stood.case));
  if (stood.stages.length) parts.push(make("div", { class: "wide", tabindex: 0, role: "region", "aria-label": t("stages") }, ofStages()));
  if (stood.people.length) parts.push(ofPeople());
  empty(byId("stood")).append(...parts);
}

function ofCase(one) {
  const said = [
    [t("state"), has(`case.${one.state}`) ? t(`case.${one.state}`) : one.state],
    [t("round"), String(one.round)],
    [t("owner"), unitName(one.owner_unit_id)],
    [t("offered_to"), unitName(one.offered_unit_id)],
    [t("closing_reason"), (one.closing_reason ?? "").replaceAll("_", " ")],
  ].filter(([, value]) => value);
  return make("dl", {}, said.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

function ofStages() {
  const heads = [t("stage"), t("person"), t("state"), t("held_by"), t("due")];
  const rows = stood.stages.map((stage) => [
    stageName(stage.code),
    stage.victim_id ? person(stage.victim_id) : t("whole_case"),
    stateName(stage.state),
    unitName(stage.unit_id),
    dueOf(stage),
  ]);
  return table(t("stages"), heads, rows);
}

function dueOf(stage) {
  if (!stage.due_at) return "";
  const said = `${clockName(stage.due_clock)}: ${moment(stage.due_at)}`;
  const over = Date.parse(stage.due_at) < Date.parse(stood.at);
  return over ? make("strong", { class: "over" }, `▲ ${t("legend_over")}: ${said}`) : said;
}

function ofPeople() {
  const rows = stood.people.map((one) => [person(one.id), one.erased ? t("erased") : t("names_withheld")]);
  return table(t("people"), [t("person"), t("known_of")], rows);
}
