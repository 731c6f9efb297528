// Whether the chain is whole, the newest signed checkpoint, and what each of the two says and does not say.

import { Refused, get } from "./api.js";
import { opened } from "./case.js";
import { byId, empty, make } from "./dom.js";
import { has, t } from "./texts.js";
import { moment } from "./words.js";

let found = null;

export async function readChain() {
  const [state, checkpoint] = await Promise.all([get(opened().links.check), newest()]);
  found = { state, checkpoint };
}

async function newest() {
  try {
    return await get("/checkpoints/latest");
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
}

export function shutChain() {
  found = null;
  empty(byId("chain-state"));
}

export function paintChain() {
  if (!found) return;
  const { state, checkpoint } = found;
  empty(byId("chain-state")).append(
    make("p", { id: "chain-verdict", class: state.whole ? "verdict whole" : "verdict broken" }, verdict(state)),
    make("p", { class: "digest" }, `${t("head")}: ${state.head}`),
    make("p", { class: "quiet" }, `${t("checked_at")}: ${moment(state.checked_at)}`),
    make("p", {}, t("proves")),
    make("p", {}, t("not_proves")),
    make("h4", {}, t("checkpoint")),
    checkpoint ? ofCheckpoint(checkpoint) : make("p", { id: "no-checkpoint" }, t("no_checkpoint")),
  );
}

function verdict(state) {
  if (state.whole) return t("chain_whole", state.entries);
  const fault = has(`fault.${state.fault}`) ? t(`fault.${state.fault}`) : state.fault;
  return t("chain_broken", state.first_bad, fault);
}

function ofCheckpoint(checkpoint) {
  return make(
    "div",
    { id: "checkpoint" },
    make("p", {}, t("checkpoint_of", moment(checkpoint.signed_at), checkpoint.size)),
    make("pre", { tabindex: 0, "aria-label": t("checkpoint") }, checkpoint.note),
    make("p", {}, t("checkpoint_proves")),
    make("p", {}, t("checkpoint_not_proves")),
  );
}
