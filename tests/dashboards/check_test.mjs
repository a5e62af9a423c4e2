// The checks find what is wrong with a dashboard: each case breaks one thing in one of ours.
//   node --test check_test.mjs
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readBoards } from "./boards.mjs";
import { ruleFaults } from "./rules.mjs";
import { schemaFaults } from "./schema.mjs";

const texts = readBoards(fileURLToPath(new URL("../../dashboards", import.meta.url)));
const fresh = () => JSON.parse(texts["recoup-overview"]);
const first = (board, type) => board.panels.find((panel) => panel.type === type);
const thresholds = (panel) => panel.fieldConfig.defaults.thresholds;

const schemaCases = {
  "a field of a dashboard that there is not": [(d) => (d.refersh = "1m"), "refersh"],
  "a panel that there is not": [(d) => (first(d, "timeseries").type = "graph"), '"graph"'],
  "an option that the panel does not have": [
    (d) => (first(d, "stat").options.graphMod = "none"),
    "graphMod",
  ],
  "an option that is missing": [(d) => delete first(d, "stat").options.colorMode, "colorMode"],
  "a value that an option does not take": [
    (d) => (first(d, "timeseries").options.legend.displayMode = "tabel"),
    '"tabel"',
  ],
  "a text for a number": [
    (d) => (first(d, "stat").gridPos.x = "0"),
    "'string' is not assignable to type 'number'",
  ],
  "a field of a series that there is not": [
    (d) => (first(d, "timeseries").fieldConfig.defaults.custom.lineWith = 1),
    "lineWith",
  ],
  "an override of what there is not": [
    (d) =>
      first(d, "table").fieldConfig.overrides[0].properties.push({ id: "custom.widht", value: 9 }),
    "custom.widht",
  ],
  "an override with a wrong value": [
    (d) =>
      first(d, "table").fieldConfig.overrides[0].properties.push({
        id: "custom.width",
        value: "9",
      }),
    "'string' is not assignable to type 'number'",
  ],
  "a field of a query that there is not": [(d) => (first(d, "stat").targets[0].exp = "up"), "exp"],
  "a field of an annotation that there is not": [
    (d) => (d.annotations.list[0].colour = "red"),
    "colour",
  ],
  "a variable's refresh that there is not": [(d) => (d.templating.list[1].refresh = 7), "'7'"],
  "a mapping that there is not": [
    (d) => (first(d, "state-timeline").fieldConfig.defaults.mappings[0].type = "values"),
    '"values"',
  ],
};

test("Grafana's types refuse", async (t) => {
  const broken = {};
  for (const [name, [break_]] of Object.entries(schemaCases)) {
    const board = fresh();
    break_(board);
    broken[name.replaceAll(" ", "-")] = JSON.stringify(board, null, 2);
  }
  const faults = schemaFaults(broken);
  for (const [name, [, expected]] of Object.entries(schemaCases)) {
    await t.test(name, () => {
      const found = faults.filter((fault) => fault.startsWith(`${name.replaceAll(" ", "-")}:`));
      assert(
        found.some((fault) => fault.includes(expected)),
        `expected ${expected}, got ${found}`,
      );
    });
  }
});

const ruleCases = {
  "a panel id that occurs twice": [(d) => (d.panels[1].id = d.panels[0].id), "occurs twice"],
  "a title that occurs twice": [(d) => (d.panels[1].title = d.panels[0].title), "occurs twice"],
  "a uid that is not the file's name": [(d) => (d.uid = "recoup"), "is not the file's name"],
  "a uid of another dashboard": [(d) => (d.uid = "recoup-prober"), "the same uid"],
  "a panel over another": [(d) => (d.panels[1].gridPos.x -= 1), "lies over"],
  "a panel beyond the 24th column": [(d) => (d.panels[5].gridPos.w += 1), "not within 24 columns"],
  "a panel without a description": [(d) => delete d.panels[0].description, "has no description"],
  "a panel without a unit": [(d) => delete d.panels[0].fieldConfig.defaults.unit, "has no unit"],
  "a unit that Grafana does not know": [
    (d) => (d.panels[0].fieldConfig.defaults.unit = "percents"),
    "unknown unit percents",
  ],
  "a unit in an override that Grafana does not know": [
    (d) =>
      first(d, "table").fieldConfig.overrides[2].properties.push({ id: "unit", value: "ratio" }),
    "unknown unit ratio",
  ],
  "no data in green": [
    (d) => (thresholds(d.panels[0]).steps[0].color = "green"),
    "is green without data",
  ],
  "no data in the first step's green": [
    (d) => thresholds(d.panels[0]).steps.shift(),
    "is green without data",
  ],
  "no data mapped to green": [
    (d) =>
      (first(d, "state-timeline").fieldConfig.defaults.mappings[1].options.result.color = "green"),
    "maps no data to green",
  ],
  "a line over a gap": [
    (d) => (first(d, "timeseries").fieldConfig.defaults.custom.spanNulls = true),
    "draws over gaps",
  ],
  "an uptime with too few digits": [
    (d) => {
      const override = first(d, "table").fieldConfig.overrides.find(
        ({ matcher }) => matcher.options === "Uptime to date",
      );
      override.properties.find(({ id }) => id === "decimals").value = 3;
    },
    "with 3 decimals",
  ],
  "a variable that is not defined": [
    (d) => (d.panels[0].targets[0].expr += " + $agrement"),
    "$agrement is not defined",
  ],
  "a variable that is not used": [
    (d) => d.templating.list.push({ name: "zone", type: "textbox", query: "" }),
    "$zone is not used",
  ],
  "a data source that is not the variable": [
    (d) => (d.panels[0].targets[0].datasource = { type: "prometheus", uid: "P1" }),
    "not the variable",
  ],
  "a link to nowhere": [(d) => (d.links[0].url = "/d/recoup-agreements"), "no dashboard of ours"],
  "a link that is missing": [(d) => d.links.pop(), "no link to recoup-prober"],
  "recordings that nobody told of": [
    (d) => (d.panels[0].targets[0].expr = "agreement:recoup_errors:ratio_rate5m"),
    "needs the recording rules",
  ],
};

test("our rules refuse", async (t) => {
  for (const [name, [break_, expected]] of Object.entries(ruleCases)) {
    await t.test(name, () => {
      const boards = Object.fromEntries(
        Object.entries(texts).map(([uid, text]) => [uid, JSON.parse(text)]),
      );
      break_(boards["recoup-overview"]);
      const faults = ruleFaults(boards);
      assert(
        faults.some((fault) => fault.includes(expected)),
        `expected ${expected}, got ${faults}`,
      );
    });
  }
});

test("what is not broken is accepted", () => {
  const boards = Object.fromEntries(
    Object.entries(texts).map(([uid, text]) => [uid, JSON.parse(text)]),
  );
  assert.deepEqual([...schemaFaults(texts), ...ruleFaults(boards)], []);
});
