// What happens when somebody uses the page; everything else is asked for from here.

import * as api from "./api.js";
import { paintAsOf, readAsOf, shutAsOf } from "./as_of.js";
import * as cases from "./case.js";
import { paintChain, readChain, shutChain } from "./chain.js";
import { byId } from "./dom.js";
import { exportAs } from "./exports.js";
import { filterOptions, paintList, readList, showMore, shutList } from "./list.js";
import { keepNames } from "./picture.js";
import { language, onLanguage, say, speak, t } from "./texts.js";
import { instantOf, loadWords, zone } from "./words.js";

const AUDITING = new Set(["auditor", "data_protection_officer"]);
let told = null; // what the message says, so that it can be said in the other language

function tell(key, ...values) {
  told = key ? [key, ...values] : null;
  byId("message").textContent = told ? t(...told) : "";
  byId("problem").textContent = "";
}

function reason(error) {
  if (error instanceof api.NotReached) return t("not_reached");
  if (!(error instanceof api.Refused)) return t("defect");
  if (error.code === "set_up_first") return t("set_up_first");
  const errors = (error.problem.errors ?? []).map((one) => one.text);
  const wait = error.code === "too_many" && error.retryAfter ? t("wait", error.retryAfter) : "";
  return [error.problem.title, wait || errors.join(" ") || error.problem.detail].filter(Boolean).join(": ");
}

function complain(text) {
  tell(null);
  byId("problem").textContent = text;
}

// One thing at a time; a session that has ended is said, and everything that was read is cleared.
let busy = false;

function doing(work) {
  return async (event) => {
    event?.preventDefault?.();
    if (busy) return;
    busy = true;
    byId("main").setAttribute("aria-busy", "true");
    tell("reading");
    try {
      await work(event);
      if (told?.[0] === "reading") tell(null);
    } catch (error) {
      if (error instanceof api.SessionEnded) end("session_ended");
      else complain(reason(error));
      if (!(error instanceof api.Refused || error instanceof api.NotReached || error instanceof api.SessionEnded)) throw error;
    } finally {
      busy = false;
      byId("main").removeAttribute("aria-busy");
    }
  };
}

function end(why) {
  api.forget();
  shut();
  byId("number").value = "";
  byId("confirm").close();
  byId("find").hidden = true;
  byId("sign-out").hidden = true;
  byId("sign-in").hidden = false;
  tell(why);
  byId("username").focus();
}

function shut() {
  byId("case").hidden = true;
  for (const shutPart of [cases.shut, shutAsOf, shutChain, shutList]) shutPart();
  byId("filter-form").reset();
  byId("instant").value = "";
}

async function enter() {
  const form = byId("sign-in-form");
  const [username, password, code] = ["username", "password", "code"].map((name) => form.elements[name].value);
  // the password is not kept, however this ends
  form.elements.password.value = form.elements.code.value = "";
  const steps = await api.signIn({ username, password, code });
  if (steps.length) return refuse("set_up_first");
  if (!AUDITING.has((await api.get("/me")).role)) return refuse("not_auditor");
  form.reset();
  byId("sign-in").hidden = true;
  byId("find").hidden = false;
  byId("sign-out").hidden = false;
  tell("signed_in");
  byId("number").focus();
}

async function refuse(why) {
  await api.signOut();
  complain(t(why));
}

async function find() {
  shut();
  try {
    await cases.openCase(byId("number").value);
  } catch (error) {
    if (error instanceof api.Refused && error.status === 404) return complain(t("case_not_found"));
    throw error;
  }
  await Promise.all([readAsOf(null), readChain(), readList()]);
  byId("case").hidden = false;
  paint();
  tell("case_found", cases.opened().number, cases.opened().items.length);
  byId("case-head").focus();
}

function paint() {
  const open = cases.opened();
  if (!open) return;
  byId("case-head").textContent = `${t("case")} ${open.number}`;
  for (const [id, key] of [["instant-label", "instant"], ["from-label", "from"], ["until-label", "until"]]) {
    byId(id).textContent = t(key, zone());
  }
  filterOptions();
  cases.paint();
  for (const part of [paintAsOf, paintChain, paintList]) part();
}

async function lookBack(instant) {
  cases.opened().asOf = instant;
  await Promise.all([readAsOf(instant), readList()]);
  paint();
}

function press() {
  for (const spoken of ["zh", "en"]) byId(`speak-${spoken}`).setAttribute("aria-pressed", language() === spoken);
}

onLanguage(() => {
  const before = told;
  say(document);
  press();
  paint();
  if (before) tell(...before);
  if (!cases.opened()) return;
  // units are called otherwise in the other language
  doing(async () => {
    await cases.nameUnits();
    paint();
    if (before) tell(...before);
  })();
});

const on = (id, happens, work) => byId(id).addEventListener(happens, work);

function listen() {
  on("speak-zh", "click", () => speak("zh"));
  on("speak-en", "click", () => speak("en"));
  on("sign-in-form", "submit", doing(enter));
  on("sign-out", "click", doing(async () => {
    await api.signOut().catch(() => null); // whatever the server says, this page knows nothing any more
    end("signed_out");
  }));
  on("find-form", "submit", doing(find));
  on("check-again", "click", doing(async () => {
    await readChain();
    paintChain();
  }));
  on("as-of-form", "submit", doing(() => lookBack(instantOf(byId("instant").value))));
  on("to-now", "click", doing(() => {
    byId("instant").value = "";
    return lookBack(null);
  }));
  on("filter-form", "submit", doing(async () => {
    await readList();
    paintList();
  }));
  on("clear", "click", () => setTimeout(() => byId("filter-form").requestSubmit()));
  on("more", "click", doing(showMore));
  on("picture-more", "click", doing(async () => {
    await cases.readOn();
    paint();
  }));
  on("time-by", "change", (event) => cases.look({ by: event.target.value }));
  on("scale", "change", (event) => cases.look({ shortened: event.target.value === "shortened" }));
  on("wider", "click", () => cases.widen(1.5));
  on("narrower", "click", () => cases.widen(1 / 1.5));
  on("picture", "scroll", () => keepNames(byId("picture")));
  for (const button of document.querySelectorAll("[data-export]")) {
    button.addEventListener("click", doing(async () => {
      const name = await exportAs(button.dataset.export, button.dataset.printed ?? language(), reason);
      tell(name ? "exported" : null, name);
    }));
  }
}

say(document);
press();
await loadWords();
listen();
document.documentElement.dataset.ready = "true";
