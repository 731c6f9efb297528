// Elements made one by one: what comes from the server is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "onclick" || name === "onsubmit") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export const make = (tag, properties = {}, ...children) => fill(document.createElement(tag), properties, children);

export const draw = (tag, properties = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), properties, children);

export const empty = (element) => {
  element.replaceChildren();
  return element;
};

// A table with its heads; each cell is text or elements.
export function table(caption, heads, rows) {
  return make(
    "table",
    {},
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
    make(
      "tbody",
      {},
      rows.map((cells) =>
        make(
          "tr",
          {},
          cells.map((cell, place) => (place === 0 ? make("th", { scope: "row" }, cell) : make("td", {}, cell))),
        ),
      ),
    ),
  );
}
