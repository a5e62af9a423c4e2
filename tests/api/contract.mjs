// The document as a contract: what it says of each path, and whether an answer keeps to it.
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const SCHEMAS = "#/components/schemas/";

// A deep copy in which schemas are found where ajv looks for them, and hold nothing unlisted.
function strict(schema) {
  return JSON.parse(JSON.stringify(schema).replaceAll(SCHEMAS, "#/$defs/"), (_, value) =>
    value?.type === "object" && value.properties
      ? { ...value, additionalProperties: false }
      : value,
  );
}

export class Contract {
  constructor(document) {
    this.document = document;
    this.ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictRequired: false });
    addFormats(this.ajv);
    this.definitions = strict(document.components.schemas);
    this.compiled = new Map();
  }

  // Follows a reference into the document.
  at(thing) {
    if (!thing?.$ref) return thing;
    const keys = thing.$ref.replace(/^#\//, "").split("/");
    return keys.reduce((inside, key) => inside?.[key], this.document);
  }

  get paths() {
    return Object.keys(this.document.paths);
  }

  // The parameters of a path's GET, those that stand in the path itself among them.
  parameters(path) {
    const item = this.document.paths[path];
    return [...(item.parameters ?? []), ...(item.get.parameters ?? [])].map((p) => this.at(p));
  }

  response(path, status) {
    return this.at(this.document.paths[path].get.responses[status]);
  }

  // What is wrong with a value by a schema of the document; empty if nothing.
  faults(schema, value) {
    const key = JSON.stringify(schema);
    if (!this.compiled.has(key)) {
      this.compiled.set(key, this.ajv.compile({ ...strict(schema), $defs: this.definitions }));
    }
    const check = this.compiled.get(key);
    if (check(value)) return [];
    return check.errors.map((e) => `${e.instancePath || "/"} ${e.message} ${JSON.stringify(e.params)}`);
  }

  // What is wrong with the document itself.
  async faultsOfDocument() {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(this.document));
    const faults = valid ? [] : [`no OpenAPI document: ${JSON.stringify(errors)}`];
    const ids = new Set();
    for (const [path, item] of Object.entries(this.document.paths)) {
      if (ids.has(item.get.operationId)) faults.push(`${item.get.operationId} is there twice`);
      ids.add(item.get.operationId);
      const named = this.parameters(path).filter((p) => p.in === "path").map((p) => `{${p.name}}`);
      const wanted = path.match(/\{\w+\}/g) ?? [];
      if (named.join() !== wanted.join()) faults.push(`${path} names ${named}`);
      for (const status of Object.keys(item.get.responses)) {
        faults.push(...this.#faultsOfExamples(path, status));
      }
    }
    return faults;
  }

  #faultsOfExamples(path, status) {
    const faults = [];
    for (const content of Object.values(this.response(path, status).content ?? {})) {
      for (const { value } of Object.values(content.examples ?? {})) {
        const wrong = this.faults(content.schema, value);
        faults.push(...wrong.map((fault) => `example of ${path} ${status}: ${fault}`));
      }
    }
    return faults;
  }
}
