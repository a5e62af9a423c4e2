// Runs every PromQL expression of the dashboards, and of the rules that are loaded, against real
// Prometheus servers that scraped Recoup:
//
//   node queries.mjs FOLDER WITH-RULES-URL WITHOUT-RULES-URL
//
// Each must return what Grafana expects of it: the right type, numbers, the labels that its legend
// names, the columns that its table renames. Each fault is a line on standard error; the status
// is 1 if there is one.
import { readBoards } from "./boards.mjs";
import { escaped, expressionsOf, interpolate, seconds } from "./expressions.mjs";
import { emptyReason, staleReasons } from "./may_be_empty.mjs";

const [folder, withRules, withoutRules] = process.argv.slice(2);
if (!withoutRules) {
  console.error("usage: node queries.mjs FOLDER WITH-RULES-URL WITHOUT-RULES-URL");
  process.exit(2);
}
const kRange = 900;
const kScrape = 15; // the data source's interval: what Grafana takes for the shortest step
const kDay = 86400;
let faults = 0;
let done = 0;
let empty = 0;

function fault(where, what) {
  faults += 1;
  console.error(`${where}: ${what}`);
}

async function ask(server, path, parameters) {
  const answer = await fetch(`${server}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const body = await answer.json();
  if (body.status !== "success") throw new Error(`${body.errorType}: ${body.error}`);
  return body.data;
}

// What Grafana asks for the expression: {path, parameters, type of the answer}.
function request({ kind, interval }, expr, now) {
  if (kind === "instant")
    return { path: "query", parameters: { query: expr, time: now }, type: "vector" };
  const step = Math.max(kScrape, interval ? seconds(interval) : 0);
  // Grafana's steps are multiples of the step. Here the last one is now, so that a short history is
  // seen; but days are days.
  const end = step === kDay ? Math.floor(now / kDay) * kDay : now;
  const start = end - Math.max(1, Math.floor(kRange / step)) * step;
  return { path: "query_range", parameters: { query: expr, start, end, step }, type: "matrix" };
}

function values(expression, chosen) {
  const step = Math.max(kScrape, expression.interval ? seconds(expression.interval) : 0);
  const rate = Math.max(step + kScrape, 4 * kScrape);
  return { ...chosen, __interval: `${step}s`, __rate_interval: `${rate}s`, __range: `${kRange}s` };
}

const numbers = (result) =>
  result.flatMap(({ value, values: many }) => many ?? [value]).map(([, text]) => Number(text));

const rendered = (legend, labels) =>
  legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name) => labels[name] ?? "");

// What the result must have beside its type.
function inspect(expression, result, complain) {
  if (!numbers(result).some((n) => Number.isFinite(n))) complain("returns no number");
  for (const [, label] of (expression.legend ?? "").matchAll(/\{\{\s*(\w+)\s*\}\}/g)) {
    if (result.some(({ metric }) => !(label in metric)))
      complain(`its legend names {{${label}}}, which a series lacks`);
  }
  const names = result.map(({ metric }) => rendered(expression.legend ?? "", metric));
  if (expression.legend && new Set(names).size < names.length)
    complain("two of its series have the same legend");
  if (expression.format === "heatmap" && result.filter(({ metric }) => metric.le).length < 2)
    complain("has no buckets");
}

// Metrics the expression names, without the recorded ones.
const metricsOf = (expr) =>
  [...expr.matchAll(/(?<![\w:"])((?:recoup|process|scrape)_\w+|up)(?=[\s{[)]|$)/g)].map(
    ([, name]) => name,
  );

async function whyEmpty(server, where, expr, reason) {
  if (!reason) return fault(where, `returns nothing: ${expr}`);
  empty += 1;
  for (const metric of metricsOf(expr)) {
    if (reason.absent?.includes(metric)) continue;
    const there = await ask(server, "query", { query: `last_over_time(${metric}[1h])` });
    if (there.result.length === 0) fault(where, `returns nothing, and there is no ${metric}`);
  }
}

async function run(server, expression, chosen) {
  const where = `${expression.board}: ${expression.where}`;
  const expr = interpolate(expression.expr, values(expression, chosen));
  const { path, parameters, type } = request(expression, expr, Date.now() / 1000);
  const reason = emptyReason(where);
  done += 1;
  try {
    const { resultType, result } = await ask(server, path, parameters);
    if (resultType !== type) fault(where, `returns a ${resultType}, not a ${type}: ${expr}`);
    if (result.length === 0) await whyEmpty(server, where, expr, reason);
    else inspect(expression, result, (what) => fault(where, `${what}: ${expr}`));
    return result;
  } catch (error) {
    fault(where, `${error.message}: ${expr}`);
    return [];
  }
}

// The values of a label that a variable offers.
async function labelValues(server, expression, chosen) {
  const where = `${expression.board}: ${expression.where}`;
  const [, match, label] = /^label_values\((.+), (\w+)\)$/.exec(
    interpolate(expression.expr, chosen),
  );
  done += 1;
  const found = await ask(server, `label/${label}/values`, {
    "match[]": match,
    start: Date.now() / 1000 - kRange,
  });
  if (found.length === 0) fault(where, `offers nothing: ${expression.expr}`);
  return found;
}

// The variables' values: all of them by a pattern, or each by its name.
async function choose(server, expressions, all) {
  const chosen = {};
  for (const expression of expressions.filter(({ kind }) => kind === "variable")) {
    const offered = await labelValues(server, expression, chosen);
    const several = all ? ".+" : `(${offered.map(escaped).join("|")})`;
    chosen[expression.name] = expression.many ? several : offered[0];
  }
  return chosen;
}

// A panel's overrides by name, and a table's renamings, are of what there is to be named.
function names(board, panel, results) {
  const where = `${board}: ${panel.title}`;
  const labels = results.flatMap(({ result }) =>
    result.flatMap(({ metric }) => Object.keys(metric)),
  );
  const several = panel.targets.length > 1;
  const columns = panel.targets.map(({ refId }) => (several ? `Value #${refId}` : "Value"));
  const raw = new Set(["Time", ...columns, ...labels]);
  const organize = panel.transformations?.find(({ id }) => id === "organize")?.options ?? {};
  for (const list of ["renameByName", "indexByName", "excludeByName"]) {
    for (const name of Object.keys(organize[list] ?? {})) {
      const reason = emptyReason(`${where}/column ${name}`);
      if (!raw.has(name) && !reason) fault(where, `${list} names ${name}, which no query returns`);
    }
  }
  const shown =
    panel.type === "table"
      ? [...raw, ...Object.values(organize.renameByName ?? {})]
      : results.flatMap(({ legend, result }) =>
          result.map(({ metric }) => rendered(legend, metric)),
        );
  for (const { matcher } of panel.fieldConfig.overrides) {
    const found = matcher.id === "byName" ? shown.includes(matcher.options) : true;
    if (!found)
      fault(
        where,
        `an override is for "${matcher.options}", which is not shown: ${shown.slice(0, 12)}`,
      );
  }
}

const needsRules = ({ expr }) => /\w:recoup/.test(expr);

async function runBoard(server, board, { rules, all }) {
  const expressions = expressionsOf(board);
  const chosen = await choose(server, expressions, all);
  const byPanel = new Map();
  for (const expression of expressions) {
    if (expression.kind === "variable" || (!rules && needsRules(expression))) continue;
    const result = await run(server, expression, chosen);
    if (!expression.panel) continue;
    byPanel.set(expression.panel, [
      ...(byPanel.get(expression.panel) ?? []),
      { legend: expression.legend, result },
    ]);
  }
  for (const [panel, results] of byPanel) {
    names(board.uid, panel, results);
    const reason = emptyReason(`${board.uid}: ${panel.title}`);
    if (!reason && results.every(({ result }) => result.length === 0)) {
      fault(`${board.uid}: ${panel.title}`, "no query returns anything");
    }
  }
}

async function runRules(server) {
  const { groups } = await ask(server, "rules", {});
  for (const { name: group, rules } of groups) {
    for (const { name, query, type, health, lastError } of rules) {
      const where = `${group}: ${name}`;
      const waits = health === "unknown" && emptyReason(where);
      if (health !== "ok" && !waits) fault(where, `is ${health}: ${lastError}`);
      await run(
        server,
        { board: group, where: name, kind: "instant", expr: query, legend: "" },
        {},
      );
      if (type === "recording")
        await run(
          server,
          { board: group, where: name, kind: "instant", expr: name, legend: "" },
          {},
        );
    }
  }
  return groups.flatMap(({ rules }) => rules).length;
}

const boards = Object.values(readBoards(folder)).map((text) => JSON.parse(text));
const rules = await runRules(withRules);
await Promise.all(
  boards.flatMap((board) =>
    [true, false].flatMap((all) => [
      runBoard(withRules, board, { rules: true, all }),
      runBoard(withoutRules, board, { rules: false, all }),
    ]),
  ),
);
for (const stale of staleReasons())
  fault(stale, "is listed as what may be empty, and nothing has that name");
console.log(
  `${boards.length} dashboards, ${rules} rules, ${done} queries, ` +
    `${empty} empty for a reason, ${faults} faults`,
);
process.exitCode = faults > 0 ? 1 : 0;
