// node answers.mjs DOCUMENT FILE: whether answers keep to the OpenAPI document. Each line of the file
// is one: {"path": as the document has it, "status": …, "state": what it was asked in, "body": …}.
import { readFile } from "node:fs/promises";
import { Contract } from "./contract.mjs";

const [document, file] = process.argv.slice(2);
const contract = new Contract(JSON.parse(await readFile(document, "utf8")));
const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
const faults = new Set();
const met = new Set();

for (const line of lines) {
  const { path, status, state, body } = JSON.parse(line);
  met.add(`${path} ${status}`);
  const content = contract.response(path, status)?.content ?? {};
  const schema = content[status < 400 ? "application/json" : "application/problem+json"]?.schema;
  if (!schema) faults.add(`${path}, ${state}: ${status} is not documented`);
  for (const fault of schema ? contract.faults(schema, body) : []) {
    faults.add(`${path}, ${state}: ${fault}`);
  }
}
console.log(`${lines.length} answers, ${met.size} paths with a status`);
for (const one of [...faults].slice(0, 50)) console.error(one);
process.exitCode = lines.length > 0 && faults.size === 0 ? 0 : 1;
