// What the picture shows, made of the entries: lanes, the bars of their stages, due times, points. No element is touched here.

const ENDED = new Set(["completed", "declined", "not_applicable", "closed_unmet"]);
const WAITING = new Set(["planned", "routed", "returned"]);

const time = (at) => Date.parse(at);

const look = (state) => (state === "on_hold" ? "hold" : WAITING.has(state) ? "waiting" : "work");

// `until`: the end of open bars and clocks. `by`: "recorded_at" or "happened_at", where the points stand.
export function model(items, until, by) {
  const stages = new Map();
  const lanes = new Map();
  const clocks = new Map();
  const people = new Map();
  const points = [];
  let owner = null;
  for (const item of items) {
    const what = item.what ?? null;
    if (item.kind === "read" || (item.seq === null && what)) {
      points.push({ item, at: time(item.recorded_at), lane: "reads", row: "reads" });
      continue;
    }
    if (what === null) {
      points.push({ item, at: time(item.recorded_at), lane: "case", row: "case" });
      continue;
    }
    if (what.action === "add_victim") people.set(what.subject_id, people.size + 1);
    const stage = what.stage_id ? stageOf(stages, what) : null;
    if (stage && what.stands) stand(stage, what.stands, time(item.recorded_at));
    if (!stage && what.stands?.owner_agency) owner = what.stands.owner_agency;
    for (const step of what.clocks ?? []) tick(clocks, step, item, stage);
    if (stage && what.stands) move(clocks, stage, what.stands);
    points.push({ item, at: time(item[by]), stage, agency: stage?.agency ?? null, lane: stage ? null : "case", row: "case" });
  }
  for (const stage of stages.values()) layBars(lanes, stage, until);
  for (const point of points) place(lanes, point);
  for (const clock of clocks.values()) for (const run of clock) hang(lanes, close(run, until));
  return { lanes: inOrder(lanes), people, owner };
}

function stageOf(stages, what) {
  if (!stages.has(what.stage_id)) {
    stages.set(what.stage_id, { id: what.stage_id, code: what.stage, victim: what.victim_id, agency: null, bars: [] });
  }
  return stages.get(what.stage_id);
}

function stand(stage, stands, at) {
  const last = stage.bars.at(-1);
  stage.agency = stands.agency ?? stage.agency;
  const same = last && last.to === null && last.state === stands.state && last.agency === stage.agency;
  if (same) return;
  if (last && last.to === null) last.to = at;
  stage.state = stands.state;
  if (!ENDED.has(stands.state)) {
    stage.bars.push({ state: stands.state, look: look(stands.state), agency: stage.agency, from: at, to: null });
  } else if (last) {
    last.end = stands.state;
  }
}

function tick(clocks, step, item, stage) {
  const key = `${step.clock} ${step.subject_id}`;
  const runs = clocks.get(key) ?? clocks.set(key, []).get(key);
  const last = runs.at(-1);
  if (step.did === "started") {
    runs.push({ clock: step.clock, due: time(step.due_at), stage, agency: stage?.agency ?? null, ended: null, how: null });
  } else if (last) {
    last.due = time(step.due_at);
    if (step.did === "met" || step.did === "stopped") {
      last.how = step.did;
      // it was met when that happened, late as that may have been written down
      last.ended = time(step.did === "met" ? item.happened_at : item.recorded_at);
    }
  }
}

// A due time that was put off, without its clock beginning anew.
function move(clocks, stage, stands) {
  const last = clocks.get(`${stands.due_clock} ${stage.id}`)?.at(-1);
  if (last && last.ended === null && stands.due_at) last.due = time(stands.due_at);
}

// How a clock ended: in time, or overrun until it ended or until now.
function close(run, until) {
  const end = run.ended ?? until;
  return { ...run, end, status: end > run.due ? "late" : (run.how ?? "open") };
}

function lane(lanes, key) {
  return lanes.get(key) ?? lanes.set(key, { key, rows: new Map() }).get(key);
}

function row(lanes, key, stage) {
  const rows = lane(lanes, key).rows;
  const id = stage ? stage.id : key;
  return rows.get(id) ?? rows.set(id, { id, stage, agency: key, bars: [], points: [], clocks: [] }).get(id);
}

function layBars(lanes, stage, until) {
  for (const bar of stage.bars) {
    row(lanes, bar.agency ?? "nobody", stage).bars.push({ ...bar, open: bar.to === null, to: bar.to ?? until });
  }
}

function place(lanes, point) {
  const key = point.lane ?? point.agency ?? point.stage?.agency ?? "nobody";
  row(lanes, key, point.stage ?? null).points.push(point);
}

function hang(lanes, run) {
  row(lanes, run.stage ? (run.agency ?? "nobody") : "case", run.stage).clocks.push(run);
}

// The case first, who looked last, the agencies between them in the order in which they came to it.
function inOrder(lanes) {
  const rank = (one) => (one.key === "case" ? 0 : one.key === "reads" ? 2 : 1);
  return [...lanes.values()]
    .sort((one, other) => rank(one) - rank(other))
    .map((one) => ({ ...one, rows: [...one.rows.values()] }));
}

// From an instant to a place on the line: true to time, or with the quiet times between two instants shortened.
export function scaleOf(instants, zoom, shortened) {
  const knots = [...new Set(instants)].filter(Number.isFinite).sort((one, other) => one - other);
  if (knots.length === 0) return { at: () => 0, width: 0, knots: [] };
  const places = [0];
  for (let next = 1; next < knots.length; next += 1) {
    const seconds = (knots[next] - knots[next - 1]) / 1000;
    places.push(places[next - 1] + (shortened ? 4 + 8 * Math.log10(1 + seconds) : seconds));
  }
  const whole = places.at(-1) || 1;
  const factor = shortened ? zoom : (900 * zoom) / whole;
  const at = (instant) => {
    let low = 0;
    let high = knots.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (knots[middle] <= instant) low = middle;
      else high = middle - 1;
    }
    const [start, end] = [knots[low], knots[low + 1] ?? knots[low]];
    const share = end > start ? Math.min(Math.max((instant - start) / (end - start), 0), 1) : 0;
    return (places[low] + share * ((places[low + 1] ?? places[low]) - places[low])) * factor;
  };
  return { at, width: whole * factor, knots };
}

// Points too near to be told apart become one.
export function grouped(points, scale, nearest) {
  const groups = [];
  for (const point of [...points].sort((one, other) => one.at - other.at)) {
    const x = scale.at(point.at);
    const last = groups.at(-1);
    if (last && x - last.x < nearest) last.points.push(point);
    else groups.push({ x, points: [point] });
  }
  return groups;
}
