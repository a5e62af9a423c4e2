// The provisioning files beside the dashboards: what Grafana reads of them must be there.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const expected = {
  "datasources/recoup.yml": {
    list: "datasources",
    keys: ["name", "type", "uid", "access", "url", "jsonData"],
    all: ({ type }) => type === "prometheus",
  },
  "dashboards/recoup.yml": {
    list: "providers",
    keys: [
      "name",
      "type",
      "folder",
      "disableDeletion",
      "allowUiUpdates",
      "updateIntervalSeconds",
      "options",
    ],
    all: ({ type, options }) => type === "file" && typeof options.path === "string",
  },
};

export function provisioningFaults(folder) {
  return Object.entries(expected).flatMap(([file, { list, keys, all }]) => {
    const { apiVersion, ...rest } = parse(readFileSync(join(folder, "provisioning", file), "utf8"));
    if (apiVersion !== 1 || Object.keys(rest).join() !== list)
      return [`${file}: expected apiVersion 1 and ${list}`];
    return rest[list].flatMap((entry) => {
      const unknown = Object.keys(entry).filter((key) => !keys.includes(key));
      const faults = unknown.map((key) => `${file}: Grafana does not read ${key}`);
      return all(entry) ? faults : [...faults, `${file}: ${entry.name} is not what it is to be`];
    });
  });
}
