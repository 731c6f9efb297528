// What codes are called, in the language of the page: the policy's own words, and the names of units.

import { language, t } from "./texts.js";

let said = null;
const units = new Map();

export async function loadWords() {
  said = await (await fetch("/audit/words.json", { credentials: "omit" })).json();
}

const called = (kind, code) => {
  if (!code) return "";
  const text = said[kind][code];
  return text ? text[language()] : String(code).replaceAll("_", " ");
};

const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

export const kindName = (code) => called("kinds", code);
export const stepName = (code) => capital(called("steps", code));
export const stageName = (code) => called("stages", code);
export const stateName = (code) => called("states", code);
export const agencyName = (code) => called("agencies", code);
export const roleName = (code) => called("roles", code);
export const clockName = (code) => called("clocks", code);
export const codesOf = (kind) => Object.keys(said[kind]);

// Units are called differently in each language, so that both are kept as they were told.
export const keepUnits = (items) => {
  for (const unit of items) units.set(`${language()} ${unit.id}`, unit.name);
};

export const knowsUnit = (id) => units.has(`${language()} ${id}`);

export const unitName = (id) => (id ? (units.get(`${language()} ${id}`) ?? `${t("unit")} …${id.slice(-6)}`) : "");

// A person and an account are shown by the end of their id: the same one by the same sign, and no name.
export const sign = (id) => `…${String(id).slice(-6)}`;

function format(options) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: said.zone, hourCycle: "h23", ...options });
}

const DAY = { year: "numeric", month: "2-digit", day: "2-digit" };
const MINUTE = { hour: "2-digit", minute: "2-digit" };

const parts = (at, options) =>
  Object.fromEntries(format(options).formatToParts(new Date(at)).map(({ type, value }) => [type, value]));

export function day(at) {
  const of = parts(at, DAY);
  return `${of.year}-${of.month}-${of.day}`;
}

export function minute(at) {
  const of = parts(at, MINUTE);
  return `${of.hour}:${of.minute}`;
}

export function moment(at) {
  const of = parts(at, { ...MINUTE, second: "2-digit" });
  return `${day(at)} ${of.hour}:${of.minute}:${of.second}`;
}

// What a field for local time holds is the time where the agencies work, wherever the reader's machine thinks it is.
export function instantOf(local) {
  if (!local) return null;
  const naive = Date.parse(`${local.length === 16 ? `${local}:00` : local}Z`);
  if (Number.isNaN(naive)) return null;
  const shown = Date.parse(`${moment(naive).replace(" ", "T")}Z`);
  return new Date(naive - (shown - naive)).toISOString();
}

export const zone = () => said.zone;
