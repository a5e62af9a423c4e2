// The dashboards as Grafana's published types see them: each is compiled as a literal of the type
// Checked of schema.ts.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const here = dirname(fileURLToPath(import.meta.url));
const options = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

// The innermost of what the compiler has to say, which names the field.
function innermost(message) {
  if (typeof message === "string") return message;
  return message.next?.length ? innermost(message.next[0]) : message.messageText;
}

// The faults of the dashboards, texts of JSON by name: "name:line: what".
export function schemaFaults(texts) {
  const sources = new Map(
    Object.entries(texts).map(([name, text]) => [
      join(here, `${name}.check.ts`),
      // On one line with the text's first, so that the lines are the file's.
      `import type { Checked } from "./schema"; export const dashboard: Checked = ${text};`,
    ]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file) ?? readFile(file);
  host.getSourceFile = (file, ...more) =>
    sources.has(file)
      ? ts.createSourceFile(file, sources.get(file), options.target)
      : getSourceFile(file, ...more);
  const program = ts.createProgram([...sources.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = innermost(diagnostic.messageText).slice(0, 300);
    if (!diagnostic.file) return text;
    const name = diagnostic.file.fileName.slice(here.length + 1).replace(".check.ts", "");
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
    return `${name}:${line + 1}: ${text}`;
  });
}
