// The case that is open: found by its number, read line by line for the picture, looked at as of an instant.

import { get } from "./api.js";
import { byId, empty, make, table } from "./dom.js";
import { line, personName } from "./lines.js";
import { model } from "./model.js";
import { dueSaid, keepNames, laneName, lasted, legend, picture, rowName } from "./picture.js";
import { t } from "./texts.js";
import { keepUnits, knowsUnit, moment, stateName } from "./words.js";

const [PAGE, PAGES_AT_ONCE, UNIT_PAGES] = [100, 20, 5];
const view = { zoom: 1, shortened: true, by: "recorded_at" };
let open = null;

export const opened = () => open;

export function shut() {
  open = null;
  for (const id of ["picture", "picture-table", "details", "picture-part"]) empty(byId(id));
}

// Reads the case into the page's memory; `asOf` null: as it stands now.
export async function openCase(number) {
  const found = await get(`/audited_cases?number=${encodeURIComponent(number)}`);
  open = { ...found, items: [], next: `${found.links.timeline}?limit=${PAGE}`, asOf: null, people: new Map() };
  await readOn();
  return open;
}

export async function readOn() {
  for (let pages = 0; open.next && pages < PAGES_AT_ONCE; pages += 1) {
    const page = await get(open.next);
    open.items.push(...page.items);
    open.next = page.links.next ?? null;
  }
  await nameUnits();
}

const unitsIn = (item) => [item.who?.unit_id, item.what?.unit_id, item.what?.stands?.unit_id, item.what?.stands?.owner_unit_id];

export const unitsOfCase = () => [...new Set(open.items.flatMap(unitsIn).filter(Boolean))];

const agenciesIn = (item) => [item.who?.agency, item.what?.stands?.agency, item.what?.stands?.owner_agency];

// Only the units of the agencies that are in the case, and no more pages of them than a few: the rest stays a sign.
export async function nameUnits() {
  if (unitsOfCase().every(knowsUnit)) return;
  for (const agency of new Set(open.items.flatMap(agenciesIn).filter(Boolean))) {
    let next = `/units?limit=100&agency=${agency}`;
    for (let pages = 0; next && pages < UNIT_PAGES; pages += 1) {
      const page = await get(next);
      keepUnits(page.items);
      next = page.links.next;
    }
  }
}

export function look(changed) {
  Object.assign(view, changed);
  paint();
}

export const widen = (factor) => look({ zoom: Math.min(Math.max(view.zoom * factor, 0.25), 16) });

export function paint() {
  const until = open.asOf ? Date.parse(open.asOf) : Date.now();
  const items = open.asOf ? open.items.filter((item) => Date.parse(item.recorded_at) <= until) : open.items;
  const made = model(items, until, view.by);
  open.people = made.people;
  const frame = byId("picture");
  const left = frame.scrollLeft;
  const drawn = picture(made.lanes, { ...view, people: made.people, until, chosen: showDetails });
  empty(frame).append(drawn);
  frame.scrollLeft = left;
  keepNames(frame);
  legend(byId("legend"));
  empty(byId("picture-table")).append(asTable(made));
  byId("picture-more").hidden = !open.next;
  byId("picture-part").textContent = open.next ? t("picture_part", open.items.length) : "";
}

function showDetails(items) {
  empty(byId("details")).append(
    make("h4", {}, t("details")),
    make("ul", { class: "lines" }, items.map((item) => line(item, open.people))),
  );
}

function asTable(made) {
  const heads = [t("agency"), t("stage"), t("state"), t("from_to"), t("due_times"), t("overruns")];
  const rows = made.lanes.flatMap((lane) => lane.rows.filter((row) => row.stage || row.clocks.length).map((row) => cells(lane, row, made.people)));
  return table(t("picture_label"), heads, rows);
}

const each = (texts) => (texts.length ? make("ul", { class: "plain" }, texts.map((text) => make("li", {}, text))) : t("none"));

function cells(lane, row, people) {
  const late = row.clocks.filter((clock) => clock.status === "late");
  const spans = row.bars.map(
    (bar) => `${stateName(bar.state)}: ${moment(bar.from)} – ${bar.open ? t("until_now") : moment(bar.to)}`,
  );
  return [
    laneName(lane.key),
    rowName(row, people) || t("whole_case"),
    row.stage ? stateName(row.stage.state) : "",
    each(spans),
    each(row.clocks.map(dueSaid)),
    each(late.map((clock) => `${dueSaid(clock).split(":")[0]}: ${lasted(clock.end - clock.due)}`)),
  ];
}

export const person = (id) => personName(id, open.people);
