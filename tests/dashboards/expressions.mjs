// Every PromQL expression of a dashboard, with what Grafana would do with it.
import { panelsOf } from "./boards.mjs";

// {board, where, kind, expr, legend, interval, format}; kind is "variable", "annotation", "range"
// or "instant". For a variable, `name` is its name and `many` whether it takes several values.
export function expressionsOf(board) {
  const variables = board.templating.list
    .filter(({ type }) => type === "query")
    .map(({ name, query, multi }) => ({
      where: `variable ${name}`,
      kind: "variable",
      expr: query.query,
      name,
      many: multi,
    }));
  const annotations = board.annotations.list.map((annotation) => ({
    where: `annotation ${annotation.name}`,
    kind: "annotation",
    expr: annotation.target.expr,
    legend: `${annotation.titleFormat} ${annotation.textFormat}`,
    interval: annotation.target.interval,
  }));
  const targets = panelsOf(board).flatMap((panel) =>
    panel.targets.map((target) => ({
      where: `${panel.title}/${target.refId}`,
      kind: target.range ? "range" : "instant",
      expr: target.expr,
      legend: target.legendFormat ?? "",
      interval: target.interval ?? panel.interval,
      format: target.format,
      panel,
      refId: target.refId,
    })),
  );
  return [...variables, ...annotations, ...targets].map((e) => ({ ...e, board: board.uid }));
}

// A value as Grafana puts it into a regular expression within a PromQL string.
export const escaped = (value) =>
  value.replace(/\\/g, "\\\\\\\\").replace(/[$^*{}[\]'+?.()|]/g, "\\\\$&");

// The expression with its variables' values. One that is not known stays, and does not parse.
export function interpolate(expr, values) {
  return expr.replace(/\$\{(\w+)\}|\$(\w+)/g, (all, braced, bare) => values[braced ?? bare] ?? all);
}

// Seconds of a duration like "5m".
export function seconds(duration) {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(duration);
  return Number(count) * { s: 1, m: 60, h: 3600, d: 86400 }[unit];
}
