// Taking the timeline away as a file: whoever does proves once more that it is they.

import { Refused, confirm, file } from "./api.js";
import { opened } from "./case.js";
import { byId, make } from "./dom.js";
import { asked } from "./list.js";

// `told`: what is said of a refused proof, so that the dialog stays open over it.
export async function exportAs(form, printed, told) {
  const query = asked();
  query.set("format", form);
  const address = `${opened().links.timeline}/export?${query}`;
  const answer = await proven(() => file(address, printed), told);
  return answer && save(await answer.blob(), nameOf(answer, form));
}

async function proven(use, told) {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof Refused && error.code === "confirmation_needed")) throw error;
  }
  return (await askProof(told)) ? use() : null;
}

function askProof(told) {
  const dialog = byId("confirm");
  const form = byId("confirm-form");
  const proof = byId("proof");
  return new Promise((settled, failed) => {
    const close = (outcome) => {
      form.onsubmit = null;
      dialog.onclose = null;
      proof.value = "";
      if (dialog.open) dialog.close();
      outcome instanceof Error ? failed(outcome) : settled(outcome);
    };
    form.onsubmit = async (event) => {
      event.preventDefault();
      try {
        await confirm(proof.value);
        close(true);
      } catch (error) {
        if (!(error instanceof Refused)) return close(error);
        byId("confirm-problem").textContent = told(error);
        proof.select();
      }
    };
    byId("confirm-cancel").onclick = () => close(false);
    dialog.onclose = () => close(false);
    byId("confirm-problem").textContent = "";
    dialog.showModal();
    proof.focus();
  });
}

const nameOf = (answer, form) =>
  /filename="([\w.-]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? `timeline.${form}`;

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = make("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // the browser takes it when the click is over
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  return name;
}
