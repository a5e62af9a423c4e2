// Opens a page in the system's Chromium and checks what a reader would notice:
//
//   node check.mjs FILE-OR-URL FOLDER
//
// Wide and narrow, light and dark, and on paper: no request to anywhere else, nothing on the
// console, nothing that axe-core finds, valid HTML, no page wider than the screen, every link and
// every scrolling region reached by Tab, nothing folded up on paper. Screenshots and the PDF go to
// the folder. Each fault is a line on standard error; the status is 1 if there is one.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const [target, folder] = process.argv.slice(2);
if (!target || !folder) {
  console.error("usage: node check.mjs FILE-OR-URL FOLDER");
  process.exit(2);
}
const url = /^https?:/.test(target) ? target : pathToFileURL(resolve(target)).href;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const views = [
  { name: "1280-light", width: 1280, height: 900, scheme: "light" },
  { name: "1280-dark", width: 1280, height: 900, scheme: "dark" },
  { name: "390-light", width: 390, height: 844, scheme: "light" },
  { name: "390-dark", width: 390, height: 844, scheme: "dark" },
];
let faults = 0;

function fault(where, what) {
  faults += 1;
  console.error(`${where}: ${what}`);
}

// A file is all there is; a server's page may need what the same server has.
function belongs(requested) {
  if (!/^https?:/.test(url)) return requested.split("#")[0] === url;
  return new URL(requested).origin === new URL(url).origin;
}

async function open(browser, view) {
  const page = await browser.newPage({
    viewport: { width: view.width, height: view.height },
    colorScheme: view.scheme,
  });
  page.on("request", (request) => {
    if (!belongs(request.url())) fault(view.name, `requests ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      fault(view.name, `the console says: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => fault(view.name, `the script fails: ${error.message}`));
  await page.goto(url);
  return page;
}

async function checkAccessibility(page, where) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run({
    rules: { "label-content-name-mismatch": { enabled: true } },
  }));
  if (passes.length === 0) fault(where, "axe-core checked nothing");
  for (const { impact, id, help, nodes } of violations) {
    fault(where, `axe-core, ${impact}: ${id}: ${help}: ${nodes[0].html.slice(0, 200)}`);
  }
}

// What takes the focus by itself and can be seen: links, folded lists, fields, regions that scroll.
async function checkKeyboard(page, where) {
  const expected = await page.evaluate(() => {
    const takesFocus = "a[href], summary, [tabindex='0'], input, select, button";
    const scrolls = (e) =>
      e.scrollWidth > e.clientWidth && ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
    const all = [...document.querySelectorAll("*")].filter(
      (e) => e.checkVisibility() && (e.matches(takesFocus) || scrolls(e)),
    );
    // No attribute: the page that follows the service takes those away that the server has not.
    all.forEach((e, number) => (e.numbered = number));
    return all.map((e) => e.outerHTML.slice(0, 120));
  });
  const reached = new Set();
  for (let i = 0; i <= expected.length; ++i) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement?.numbered));
  }
  expected.forEach((html, number) => {
    if (!reached.has(number)) fault(where, `Tab does not reach ${html}`);
  });
}

async function checkWidth(page, where) {
  const [content, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  if (content > screen) fault(where, `the page is ${content} wide on a screen of ${screen}`);
}

async function checkPaper(browser) {
  const page = await open(browser, { ...views[0], name: "print" });
  await page.emulateMedia({ media: "print" });
  const hidden = await page.evaluate(
    () =>
      [...document.querySelectorAll("details > :not(summary)")].filter((e) => !e.checkVisibility())
        .length,
  );
  if (hidden > 0) fault("print", `${hidden} folded lists stay folded on paper`);
  // A4 without its margins, at 96 pixels an inch.
  await page.setViewportSize({ width: 680, height: 1000 });
  await checkWidth(page, "print");
  await page.pdf({ path: join(folder, "print.pdf"), preferCSSPageSize: true });
  await page.close();
}

async function checkMarkup() {
  const fetched = /^https?:/.test(target);
  const html = fetched ? await (await fetch(url)).text() : readFileSync(target, "utf8");
  const validator = new HtmlValidate({
    extends: ["html-validate:recommended"],
    // Void elements without a slash and long titles are a matter of taste. A page that loads itself
    // anew every minute does so where there is no script that would do it better.
    rules: { "long-title": "off", "meta-refresh": "off" },
  });
  const report = await validator.validateString(html);
  for (const result of report.results) {
    for (const { line, column, ruleId, message } of result.messages.slice(0, 20)) {
      fault("html-validate", `${line}:${column}: ${ruleId}: ${message}`);
    }
  }
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-sync", "--disable-component-update"],
});
try {
  for (const view of views) {
    const page = await open(browser, view);
    await checkWidth(page, view.name);
    await page.screenshot({ path: join(folder, `${view.name}.png`), fullPage: true });
    await checkAccessibility(page, view.name);
    await checkKeyboard(page, view.name);
    await page.close();
  }
  await checkPaper(browser);
  await checkMarkup();
} finally {
  await browser.close();
}
if (faults > 0) console.error(`${faults} faults`);
process.exitCode = faults > 0 ? 1 : 0;
