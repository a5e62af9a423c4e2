// The dashboards and what is in them.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

// The texts of the dashboards in a folder, by name without ".json".
export function readBoards(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(
    names.map((name) => [name.slice(0, -".json".length), readFileSync(join(folder, name), "utf8")]),
  );
}

// The panels that show something.
export const panelsOf = (board) => board.panels.filter((panel) => panel.type !== "row");

// Calls visit(key, value, holder) for everything in a JSON value.
export function walk(value, visit) {
  if (value === null || typeof value !== "object") return;
  for (const [key, inner] of Object.entries(value)) {
    visit(key, inner, value);
    walk(inner, visit);
  }
}

// What an option is for a column of a table: the override by its name, or the panel's default.
export function columnOption(panel, column, id) {
  const override = panel.fieldConfig.overrides.find(
    ({ matcher }) => matcher.id === "byName" && matcher.options === column,
  );
  const property = override?.properties.find((p) => p.id === id);
  return property ? property.value : panel.fieldConfig.defaults[id];
}

// The name under which a target's values are shown in a table: Grafana calls them "Value", with the
// target's letter where there are several.
export function columnOf(panel, target) {
  const raw = panel.targets.length > 1 ? `Value #${target.refId}` : "Value";
  const organize = panel.transformations?.find(({ id }) => id === "organize");
  return organize?.options.renameByName?.[raw] ?? raw;
}
