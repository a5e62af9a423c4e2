// node check.mjs DOCUMENT: whether it is an OpenAPI document, and its examples are what it says.
// node check.mjs DOCUMENT URL: the same, and whether the service at that URL keeps to it. Every
// path is asked for what there is, page by page, for each agreement's first month and its running
// one, and for what there is not.
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { Contract } from "./contract.mjs";

const [file, base] = process.argv.slice(2);
const contract = new Contract(JSON.parse(await readFile(file, "utf8")));
const faults = await contract.faultsOfDocument();
const met = new Set();

function fault(url, what) {
  faults.push(`${url}: ${what}`);
}

async function body(response, type) {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!/json$/.test(type)) return bytes;
  // Throws where it is no UTF-8.
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  return text === "" ? undefined : JSON.parse(text);
}

// Asks, and checks the answer by what the document says of that path and status.
async function ask(path, url, expected, options = {}) {
  const response = await fetch(base + url, options);
  const type = (response.headers.get("content-type") ?? "").split(";")[0];
  const value = await body(response, type);
  met.add(`${path} ${response.status}`);
  if (![].concat(expected).includes(response.status)) {
    fault(url, `expected ${expected}, got ${response.status} ${JSON.stringify(value)}`);
  }
  const documented = contract.response(path, response.status);
  if (!documented) {
    fault(url, `${response.status} is not documented`);
    return { response, value };
  }
  for (const name of Object.keys(documented.headers ?? {})) {
    if (name !== "Link" && !response.headers.has(name)) fault(url, `no header ${name}`);
  }
  if (!documented.content) {
    if (value?.length) fault(url, "expected no content");
    return { response, value };
  }
  const content = documented.content[type];
  if (!content) fault(url, `the type ${type} is not documented`);
  if (content?.schema) contract.faults(content.schema, value).forEach((wrong) => fault(url, wrong));
  if (response.status >= 400 && value.status !== response.status) fault(url, "another status");
  return { response, value };
}

const fill = (path, values) => path.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const listOf = (value) => Object.values(value).find(Array.isArray);

// All entries of a list, from pages of that size.
async function pages(path, url, limit) {
  const entries = [];
  for (let next = `${url}?limit=${limit}`, asked = 0; next && asked < 200; ++asked) {
    const { response, value } = await ask(path, next, 200);
    if (response.status !== 200) break;
    if (listOf(value).length > limit) fault(next, `more than ${limit} entries`);
    const link = response.headers.get("link");
    if (link !== (value.next && `<${value.next}>; rel="next"`)) fault(next, `Link: ${link}`);
    entries.push(...listOf(value));
    next = value.next;
  }
  return entries;
}

// What an entry is about. Its figures may change while pages are read: a probe may be running.
const subject = (entry) =>
  [entry.agreement, entry.begin, entry.at, entry.request_id, entry.detail].join();

async function checkPages(path, url, most) {
  const all = (await pages(path, url, most)).map(subject);
  const small = Math.max(1, Math.ceil(all.length / 7));
  const again = (await pages(path, url, small)).map(subject);
  if (!isDeepStrictEqual(again, all)) fault(url, "pages differ from all");
}

// Values that a parameter must not have, by what the document says of it.
function wrongValues({ name, schema }) {
  if (name === "after") return ["~", "-1", "99999999999999999999-0"];
  if (schema.type === "integer") return [schema.minimum - 1, schema.maximum + 1, "x", "", "1.0"];
  if (schema.enum) return ["no-such", "", schema.enum[0].toUpperCase()];
  if (schema.format === "date-time") return ["yesterday", "2026-10-03T02:00:00", ""];
  if (schema.pattern) return ["", "A B", "aws-kms@", "aws-kms@2022-13-01", "no-such-contract"];
  return [];
}

async function checkProblems(path, values) {
  const url = fill(path, values);
  const refused = async (at, parameter) => {
    const { value } = await ask(path, at, 400);
    if (value.parameter !== parameter) fault(at, `expected ${parameter} at fault`);
    if (!/expected .+, got /.test(value.detail)) fault(at, `says ${value.detail}`);
  };
  await refused(`${url}?no-such=1`, "no-such");
  await ask(path, url, 405, { method: "POST", body: "{}" });
  for (const parameter of contract.parameters(path)) {
    if (parameter.name === "id") {
      await ask(path, fill(path, { ...values, id: "no-such" }), 404);
      await ask(path, fill(path, { ...values, id: "%ff%22%0a" }), 404);
    } else if (parameter.name === "month") {
      await ask(path, fill(path, { ...values, month: "9998-12" }), 404);
      for (const wrong of ["2026-13", "2026-1", "october", "%ff"]) {
        await refused(fill(path, { ...values, month: wrong }), "month");
      }
    } else {
      for (const wrong of wrongValues(parameter)) {
        await refused(`${url}?${parameter.name}=${wrong}`, parameter.name);
      }
    }
  }
  if (contract.parameters(path).some((p) => p.name === "to")) {
    await refused(`${url}?from=2026-10-03T02:00:00Z&to=2026-10-03T02:00:00Z`, "to");
  }
}

async function checkPath(path, values) {
  const url = fill(path, values);
  const { response } = await ask(path, url, path.endsWith("/files") ? [200, 409] : [200, 404]);
  const tag = response.headers.get("etag");
  if (response.status === 200 && tag) {
    await ask(path, url, [304, 200], { headers: { "If-None-Match": tag } });
  }
  if (response.status !== 200) return;
  const limit = contract.parameters(path).find((p) => p.name === "limit");
  if (limit) await checkPages(path, url, limit.schema.maximum);
}

async function checkService() {
  const { value } = await ask("/api/v1/agreements", "/api/v1/agreements?limit=1000", 200);
  for (const { agreement: id } of value.agreements) {
    const { months } = (await ask("/api/v1/agreements/{id}/months",
                                  `/api/v1/agreements/${id}/months`, 200)).value;
    for (const { month } of new Set([months.at(0), months.at(-1)])) {
      for (const path of contract.paths) await checkPath(path, { id, month });
    }
  }
  const last = value.agreements.at(-1);
  for (const path of contract.paths) {
    await checkProblems(path, { id: last.agreement, month: last.month });
    if (!met.has(`${path} 200`)) faults.push(`${path} was never answered 200`);
  }
  for (const status of [304, 404, 409]) {
    if (![...met].some((one) => one.endsWith(` ${status}`))) faults.push(`never met ${status}`);
  }
  const served = (await ask("/api/v1/openapi.json", "/api/v1/openapi.json", 200)).value;
  if (!isDeepStrictEqual(served, contract.document)) faults.push("another document is served");
}

if (base) await checkService();
console.log(`${contract.paths.length} paths, ${met.size} paths with a status met`);
for (const one of faults.slice(0, 50)) console.error(one);
process.exitCode = faults.length === 0 ? 0 : 1;
