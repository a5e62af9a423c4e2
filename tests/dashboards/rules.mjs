// What we ask of a dashboard beyond Grafana's types. Each rule returns its faults as texts.
import * as units from "@grafana/grafana-foundation-sdk/units";
import { columnOf, columnOption, panelsOf, walk } from "./boards.mjs";

const knownUnits = new Set(Object.values(units));
const isUnit = (unit) =>
  knownUnits.has(unit) || /^(prefix|suffix|time|currency|count|si):./.test(unit);

function identity(board, name) {
  const faults = [];
  if (board.uid !== name) faults.push(`the uid ${board.uid} is not the file's name`);
  const ids = board.panels.map((panel) => panel.id);
  for (const id of new Set(ids)) {
    if (ids.filter((other) => other === id).length > 1) faults.push(`panel id ${id} occurs twice`);
  }
  const titles = panelsOf(board).map((panel) => panel.title);
  for (const title of new Set(titles)) {
    if (titles.filter((other) => other === title).length > 1)
      faults.push(`"${title}" occurs twice`);
  }
  return faults;
}

const overlap = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

function grid(board) {
  const faults = [];
  board.panels.forEach((panel, i) => {
    const { x, w, h } = panel.gridPos;
    if (x < 0 || w < 1 || h < 1 || x + w > 24)
      faults.push(`"${panel.title}" is not within 24 columns`);
    for (const other of board.panels.slice(i + 1)) {
      if (overlap(panel.gridPos, other.gridPos))
        faults.push(`"${panel.title}" lies over "${other.title}"`);
    }
  });
  return faults;
}

function wording(board) {
  return panelsOf(board).flatMap((panel) => {
    const faults = [];
    if ((panel.description ?? "").length < 20) faults.push(`"${panel.title}" has no description`);
    if (!panel.fieldConfig.defaults.unit) faults.push(`"${panel.title}" has no unit`);
    walk(panel, (key, value, holder) => {
      const unit = key === "unit" ? value : holder.id === "unit" && key === "value" ? value : null;
      if (unit && !isUnit(unit)) faults.push(`"${panel.title}" has the unknown unit ${unit}`);
    });
    return faults;
  });
}

// Grafana paints what has no value in the colour of the lowest step.
function silenceIsNotGreen(board) {
  return panelsOf(board).flatMap((panel) => {
    const faults = [];
    if (!panel.fieldConfig.defaults.noValue)
      faults.push(`"${panel.title}" does not say when there is no data`);
    walk(panel, (key, value, holder) => {
      if (
        key === "steps" &&
        Array.isArray(value) &&
        (value[0].value !== null || /green/.test(value[0].color))
      ) {
        faults.push(`"${panel.title}" is ${value[0].color} without data`);
      }
      if (key === "match" && /null|nan|empty/.test(value) && /green/.test(holder.result?.color)) {
        faults.push(`"${panel.title}" maps no data to ${holder.result.color}`);
      }
      if (key === "spanNulls" && value !== false) faults.push(`"${panel.title}" draws over gaps`);
    });
    return faults;
  });
}

// 99.999 % is told from 99.9987 % only with enough digits.
function digits(board) {
  const contract = /recoup_(monthly_uptime(_(low|upp)er_bound)?|service_commitment)_ratio/;
  const shown = (expr) => contract.test(expr) && !/bool|timestamp\(/.test(expr);
  return panelsOf(board).flatMap((panel) =>
    panel.targets
      .filter(({ expr }) => shown(expr))
      .flatMap((target) => {
        const column = panel.type === "table" ? columnOf(panel, target) : "";
        const decimals = columnOption(panel, column, "decimals") ?? 0;
        const unit = columnOption(panel, column, "unit");
        if (unit === "percentunit" && decimals >= 5) return [];
        return [
          `"${panel.title}" shows ${target.expr.slice(0, 60)} with ${decimals} decimals as ${unit}`,
        ];
      }),
  );
}

function variables(board) {
  const defined = new Set(board.templating.list.map(({ name }) => name));
  const used = new Set();
  walk(board, (_, value) => {
    if (typeof value !== "string") return;
    for (const [, name, braced] of value.matchAll(/\$(?:(\w+)|\{(\w+)[^}]*\})|\[\[(\w+)/g)) {
      used.add(name ?? braced);
    }
  });
  const builtIn = /^__(all|data|field|from|interval|range|rate_interval|to|url_time_range|value)$/;
  return [
    ...[...used]
      .filter((name) => !defined.has(name) && !builtIn.test(name))
      .map((name) => `$${name} is not defined`),
    ...[...defined].filter((name) => !used.has(name)).map((name) => `$${name} is not used`),
  ];
}

function dataSources(board) {
  const faults = [];
  walk(board, (key, value) => {
    if (key !== "datasource" || (value?.type === "prometheus" && value?.uid === "${datasource}"))
      return;
    faults.push(`a data source is ${JSON.stringify(value)}, not the variable`);
  });
  for (const { title, datasource } of panelsOf(board)) {
    if (!datasource) faults.push(`"${title}" has no data source`);
  }
  return faults;
}

function links(board, _, uids) {
  const faults = [];
  walk(board, (key, value) => {
    if (key !== "url") return;
    const uid = /^\/d\/([\w-]+)(\?|$)/.exec(value)?.[1];
    if (!uids.has(uid)) faults.push(`a link leads to ${value}, which is no dashboard of ours`);
  });
  for (const uid of uids) {
    if (uid !== board.uid && !board.links.some(({ url }) => url === `/d/${uid}`))
      faults.push(`no link to ${uid}`);
  }
  return faults;
}

// A panel that is empty without the recording rules says so.
function recordings(board) {
  return panelsOf(board)
    .filter(({ targets }) => targets.some(({ expr }) => /\w:recoup/.test(expr)))
    .filter(({ description }) => !/recording rules/.test(description))
    .map(({ title }) => `"${title}" does not say that it needs the recording rules`);
}

const rules = [
  identity,
  grid,
  wording,
  silenceIsNotGreen,
  digits,
  variables,
  dataSources,
  links,
  recordings,
];

// The faults of dashboards by name: "name: what".
export function ruleFaults(boards) {
  const uids = new Set(Object.values(boards).map(({ uid }) => uid));
  const faults = Object.entries(boards).flatMap(([name, board]) =>
    rules.flatMap((rule) => rule(board, name, uids)).map((fault) => `${name}: ${fault}`),
  );
  if (uids.size < Object.keys(boards).length) faults.push("two dashboards have the same uid");
  return faults;
}
