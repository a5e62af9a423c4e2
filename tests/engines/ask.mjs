// ask.mjs STATEMENTS QUERY…: runs each line of the file STATEMENTS on a new ClickHouse in this
// process, and prints the answer of each file QUERY, with a line "--" behind it.
import { readFileSync } from "node:fs";
import { Session } from "chdb";

const [statements, ...queries] = process.argv.slice(2);
const session = new Session();
for (const line of readFileSync(statements, "utf8").split("\n")) {
  if (line.trim() !== "") session.query(line);
}
for (const query of queries) {
  process.stdout.write(session.query(readFileSync(query, "utf8"), "TabSeparated"));
  process.stdout.write("--\n");
}
session.close();
