// Checks the dashboards of a folder: node check.mjs FOLDER. Each fault is a line on standard error;
// the status is 1 if there is one.
import { readBoards } from "./boards.mjs";
import { provisioningFaults } from "./provisioning.mjs";
import { ruleFaults } from "./rules.mjs";
import { schemaFaults } from "./schema.mjs";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node check.mjs FOLDER");
  process.exit(2);
}
const texts = readBoards(folder);
const boards = Object.fromEntries(
  Object.entries(texts).map(([name, text]) => [name, JSON.parse(text)]),
);
const faults = [...schemaFaults(texts), ...ruleFaults(boards), ...provisioningFaults(folder)];
faults.forEach((fault) => console.error(fault));
console.log(`${Object.keys(texts).length} dashboards, ${faults.length} faults`);
process.exitCode = faults.length > 0 || Object.keys(texts).length === 0 ? 1 : 0;
