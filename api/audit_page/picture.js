// The timeline as a picture: a lane for each agency, a bar for each stage, due times below it, points to walk along.

import { draw, empty, make } from "./dom.js";
import { personName, shape, summary } from "./lines.js";
import { grouped, scaleOf } from "./model.js";
import { t } from "./texts.js";
import { agencyName, clockName, day, minute, moment, stageName, stateName } from "./words.js";

const [LEFT, RIGHT, TOP, LANE, ROW, TRACK, NEAR] = [14, 76, 34, 26, 40, 15, 15];

export const laneName = (key) =>
  ({ case: t("lane_case"), reads: t("lane_reads"), nobody: t("lane_none") })[key] ?? agencyName(key);

export function rowName(row, people) {
  if (!row.stage) return "";
  return [stageName(row.stage.code), row.stage.victim ? personName(row.stage.victim, people) : t("whole_case")].join(" · ");
}

export function lasted(milliseconds) {
  const minutes = Math.max(1, Math.round(milliseconds / 60000));
  if (minutes < 120) return t("minutes", minutes);
  return minutes < 2880 ? t("hours", Math.round(minutes / 60)) : t("days", Math.round(minutes / 1440));
}

export function dueSaid(clock) {
  const how = clock.status === "late" ? t("due_late", lasted(clock.end - clock.due)) : t(`due_${clock.status}`);
  return `${clockName(clock.clock)}: ${moment(clock.due)} (${how})`;
}

function instantsOf(lanes, until) {
  const found = [until];
  for (const row of lanes.flatMap((lane) => lane.rows)) {
    for (const bar of row.bars) found.push(bar.from, bar.to);
    for (const point of row.points) found.push(point.at);
    for (const clock of row.clocks) found.push(clock.due, clock.end);
  }
  return found;
}

// `asked`: { zoom, shortened, people, until, chosen } - `chosen` is told which lines a point stands for.
export function picture(lanes, asked) {
  const scale = scaleOf(instantsOf(lanes, asked.until), asked.zoom, asked.shortened);
  const width = LEFT + scale.width + RIGHT;
  const place = { x: (at) => LEFT + scale.at(at), scale, width, asked };
  const body = [];
  let y = TOP;
  for (const lane of lanes) {
    body.push(...laneHead(lane, y, width));
    y += LANE;
    for (const row of lane.rows) {
      const clocks = tracked(row.clocks, place);
      body.push(drawRow(row, clocks, y, place));
      y += ROW + TRACK * Math.max(1, ...clocks.map(({ track }) => track + 1));
    }
  }
  const svg = draw(
    "svg",
    { width, height: y + 4, viewBox: `0 0 ${width} ${y + 4}`, role: "group", "aria-label": t("picture_label") },
    hatching(),
    axis(place, y),
    body,
  );
  walkable(svg);
  return svg;
}

// Due times that would lie over each other go below each other.
function tracked(clocks, place) {
  const free = [];
  return [...clocks]
    .sort((one, other) => one.due - other.due)
    .map((clock) => {
      const from = place.x(clock.due) - 8;
      let track = free.findIndex((until) => until <= from);
      if (track < 0) track = free.length;
      free[track] = place.x(clock.status === "late" ? clock.end : clock.due) + 8;
      return { clock, track };
    });
}

function hatching() {
  return draw(
    "defs",
    {},
    draw(
      "pattern",
      { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      draw("rect", { width: 6, height: 6, class: "hatch-ground" }),
      draw("rect", { width: 2.5, height: 6, class: "hatch-line" }),
    ),
  );
}

function axis(place, bottom) {
  const marks = [];
  let free = -Infinity;
  let before = "";
  for (const knot of place.scale.knots) {
    const x = place.x(knot);
    if (x < free) continue;
    const today = day(knot);
    marks.push(
      draw("line", { x1: x, x2: x, y1: 26, y2: bottom, class: "grid" }),
      draw("text", { x: x + 3, y: 12, class: "axis" }, today),
      draw("text", { x: x + 3, y: 24, class: "axis" }, today === before ? moment(knot).slice(11) : minute(knot)),
    );
    before = today;
    free = x + 84;
  }
  const now = place.x(place.asked.until);
  marks.push(draw("line", { x1: now, x2: now, y1: 26, y2: bottom, class: "now" }));
  return draw("g", { "aria-hidden": "true" }, marks);
}

function laneHead(lane, y, width) {
  return [
    draw("rect", { x: 0, y: y + 2, width, height: LANE - 4, class: "lane" }),
    draw("g", { class: "stays" }, draw("text", { x: LEFT - 6, y: y + 17, class: "lane-name" }, laneName(lane.key))),
  ];
}

function drawRow(row, clocks, y, place) {
  return draw(
    "g",
    { class: "row" },
    draw("g", { class: "stays" }, draw("text", { x: LEFT - 6, y: y + 13, class: "row-name" }, rowName(row, place.asked.people))),
    row.bars.map((bar) => drawBar(bar, y + 19, place)),
    clocks.map(({ clock, track }) => drawClock(clock, y + 44 + TRACK * track, place)),
    grouped(row.points, place.scale, NEAR).map((group) => drawPoint(group, y + 25, place)),
  );
}

function drawBar(bar, y, place) {
  const [from, to] = [place.x(bar.from), place.x(bar.to)];
  const fill = bar.look === "hold" ? { fill: "url(#hatch)" } : {};
  const said = `${stateName(bar.state)}: ${moment(bar.from)} – ${bar.open ? t("until_now") : moment(bar.to)}`;
  return draw(
    "g",
    {},
    draw("title", {}, said),
    draw("rect", { x: from, y, width: Math.max(to - from, 3), height: 12, rx: 2, class: `bar ${bar.look}`, ...fill }),
    bar.end ? draw("path", { d: `M${to} ${y - 3}V${y + 15}`, class: "bar-end" }) : "",
  );
}

const DUE = { open: "M0 -5L5 0L0 5L-5 0Z", met: "M0 -5L5 0L0 5L-5 0Z", stopped: "M-4 0H4", late: "M0 -7L7 6H-7Z" };

function drawClock(clock, y, place) {
  const [due, end] = [place.x(clock.due), place.x(clock.end)];
  const late = clock.status === "late";
  return draw(
    "g",
    { class: `due ${clock.status}` },
    draw("title", {}, dueSaid(clock)),
    late ? draw("path", { d: `M${due} ${y}H${Math.max(end, due + 2)}`, class: "overrun" }) : "",
    late ? draw("path", { d: `M${end} ${y - 5}V${y + 5}`, class: "overrun-end" }) : "",
    draw("path", { d: DUE[clock.status], transform: `translate(${due} ${y})`, class: "due-mark" }),
    late ? draw("text", { x: due, y: y + 5, class: "due-late" }, "!") : "",
  );
}

function drawPoint(group, y, place) {
  const { people, chosen } = place.asked;
  const items = group.points.map((point) => point.item);
  const many = items.length > 1;
  const said = items.slice(0, 5).map((item) => summary(item, people));
  const label = (many ? `${t("point_of_many", items.length)}: ` : "") + said.join("; ") + (items.length > 5 ? "…" : "");
  const choose = () => chosen(items);
  const kind = items[0].kind ?? "change";
  return draw(
    "g",
    { class: "point", role: "button", tabindex: -1, "aria-label": label, transform: `translate(${LEFT + group.x} ${y})`, onclick: choose },
    draw("title", {}, label),
    draw("circle", { r: 10, class: "halo" }),
    many ? draw("circle", { r: 8, class: "many" }) : draw("path", { d: shape(kind), class: `kind kind-${kind}` }),
    many ? draw("text", { y: 3.5, class: "count" }, items.length > 99 ? "99+" : items.length) : "",
  );
}

// One stop for the tab key; from there the arrow keys: along a row, and to the nearest point of the next row.
function walkable(svg) {
  const rows = [...svg.querySelectorAll(".row")].map((row) => [...row.querySelectorAll(".point")]).filter((row) => row.length);
  rows[0]?.[0].setAttribute("tabindex", 0);
  const go = (from, to) => {
    if (!to) return;
    from.setAttribute("tabindex", -1);
    to.setAttribute("tabindex", 0);
    to.focus();
  };
  const left = (point) => point.transform.baseVal[0].matrix.e;
  const nearest = (point, row) => row?.reduce((one, other) => (Math.abs(left(other) - left(point)) < Math.abs(left(one) - left(point)) ? other : one));
  svg.addEventListener("keydown", (event) => {
    const point = event.target.closest(".point");
    if (!point) return;
    const down = rows.findIndex((row) => row.includes(point));
    const along = rows[down].indexOf(point);
    const to = {
      ArrowRight: () => rows[down][along + 1],
      ArrowLeft: () => rows[down][along - 1],
      ArrowDown: () => nearest(point, rows[down + 1]),
      ArrowUp: () => nearest(point, rows[down - 1]),
      Home: () => rows[down][0],
      End: () => rows[down].at(-1),
    }[event.key];
    if (to) go(point, to());
    else if (event.key === "Enter" || event.key === " ") point.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    else return;
    event.preventDefault();
  });
}

// Names stay in sight while the picture is moved sideways.
export function keepNames(frame) {
  const shift = frame.scrollLeft;
  for (const name of frame.querySelectorAll(".stays")) name.setAttribute("transform", `translate(${shift} 0)`);
}

export function legend(element) {
  const small = (...children) => draw("svg", { viewBox: "-12 -8 24 16", width: 24, height: 16, "aria-hidden": "true" }, children);
  const bar = (look, fill) => small(draw("rect", { x: -11, y: -5, width: 22, height: 10, rx: 2, class: `bar ${look}`, ...fill }));
  const due = (status, ...more) => small(draw("g", { class: `due ${status}` }, more, draw("path", { d: DUE[status], class: "due-mark" })));
  const rows = [
    [bar("waiting", {}), "legend_waiting"],
    [bar("work", {}), "legend_work"],
    [bar("hold", { fill: "url(#hatch)" }), "legend_hold"],
    [due("open"), "legend_due"],
    [due("met"), "legend_met"],
    [due("late", draw("path", { d: "M0 0H12", class: "overrun" })), "legend_over"],
  ];
  empty(element).append(...rows.map(([sign, text]) => make("li", {}, sign, t(text))));
}
