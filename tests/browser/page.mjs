// Uses the pages of a service as a reader would, in the system's Chromium:
//
//   node page.mjs URL FOLDER AGREEMENT BREAK     of a service with that agreement, which has seen
//                                                years of months before: the second lost something;
//                                                to write the file BREAK breaks its provider
//   node page.mjs URL FOLDER --many NUMBER       of a service with so many agreements
//
// Each fault is a line on standard error; the status is 1 if there is one. Figures go to standard
// output, screenshots to the folder.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [url, folder, subject, argument] = process.argv.slice(2);
if (!argument) {
  console.error("usage: node page.mjs URL FOLDER (AGREEMENT BREAK | --many NUMBER)");
  process.exit(2);
}
let faults = 0;

function check(holds, what) {
  if (holds) return;
  faults += 1;
  console.error(what);
}

async function open(browser, path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") check(false, `the console says: ${message.text()}`);
  });
  page.on("pageerror", (error) => check(false, `the script fails: ${error.message}`));
  page.on("request", (request) => {
    const same = new URL(request.url()).origin === new URL(url).origin;
    check(same, `requests ${request.url()}`);
  });
  await page.goto(url + path);
  return page;
}

const shot = (page, name) => page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
const focused = (page) => page.evaluate(() => document.activeElement?.textContent ?? "");
const line = (id) => `tbody th > a:text-is("${id}")`;

async function checkOpening(browser) {
  const page = await open(browser, "/");
  check((await page.title()) === "Recoup", "the overview has another title");
  check(/^Nothing to claim today\./.test(await page.textContent(".verdict")),
    "no sentence says what can be claimed");
  const bars = page.locator(`tr:has(th > a:text-is("${subject}")) svg.recent`);
  check(/intervals of 5 minutes/.test(await bars.getAttribute("aria-label")), "no bars say how it is");
  check(await page.locator("footer button").isVisible(), "the footer does not name the keys");
  await page.click(line(subject));
  check(page.url() === `${url}/agreements/${subject}`, "a line does not lead to its agreement");
  check((await page.locator("svg.month .day").count()) >= 28, "the month has no picture");
  check((await page.locator("svg.burn path").count()) === 3, "the budget has no picture");
  await page.click(".crumbs a.brand");
  check(new URL(page.url()).pathname === "/", "the header does not lead back");
  await page.context().close();
}

async function checkFilter(page, how) {
  await page.fill("#q", "nothing-like-that");
  await page.click(".filter button");
  check(page.url().includes("q=nothing-like-that"), `${how}: the filter is not in the address`);
  check((await page.locator(line(subject)).count()) === 0, `${how}: the filter leaves too much`);
  check((await page.inputValue("#q")) === "nothing-like-that", `${how}: the field forgot its text`);
  await page.fill("#q", subject.toUpperCase());
  await page.selectOption("#state", "");
  await page.click(".filter button");
  check((await page.locator(line(subject)).count()) === 1, `${how}: the filter finds nothing`);
}

async function checkMonths(browser) {
  const page = await open(browser, `/agreements/${subject}`);
  check((await page.locator(".pager a[rel=prev]").count()) === 1, "there is no month before");
  await page.locator("#months summary").click();
  // The months are listed from the newest; the one after the first was the one that lost.
  const months = page.locator("#months tbody th > a");
  await months.nth((await months.count()) - 2).click();
  const later = new URL(page.url()).pathname;
  check(/\/\d{4}-\d{2}$/.test(later), "the list of months does not lead to them");
  check((await page.locator("svg.month rect[class^=lost]").count()) > 0, "its loss is not drawn");
  await shot(page, "month");
  await checkCells(browser, later);
  await page.keyboard.press("ArrowLeft");
  await page.waitForURL((address) => address.pathname !== later);
  await page.keyboard.press("ArrowRight");
  await page.waitForURL(url + later);
  await page.click("svg.month .day a >> nth=1");
  check(/\/\d{4}-\d{2}\/\d{4}-\d{2}-02$/.test(page.url()), "a day's name does not lead to it");
  await shot(page, "day");
  await page.click(".pager a[rel=next]");
  check(page.url().endsWith("-03"), "there is no way to the next day");
  await page.context().close();
}

// The figures of a cell by keys and by a finger, which go where the row leads as well.
async function checkCells(browser, month) {
  const page = await open(browser, month);
  await page.locator("svg.month a").nth(1).focus();
  const said = await page.textContent(".readout");
  check(/^\w{3} 2, \d{4}-\d\d-02: /.test(said), `a day says '${said}' to keys`);
  await page.keyboard.press("ArrowRight");
  const cell = await page.textContent(".readout");
  check(/UTC: /.test(cell), `a cell says '${cell}' to keys`);
  check((await page.locator("svg.month rect.read").count()) === 1, "no cell is marked as read");
  await page.keyboard.press("Enter");
  await page.waitForURL(/-02$/);
  await page.context().close();

  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const touched = await open(browser, month, phone);
  const silent = touched.locator("svg.month rect.silent").first();
  await silent.tap();
  check(/silent/.test(await touched.textContent(".readout")), "a touch does not read a cell");
  check(touched.url() === url + month, "the first touch leads away");
  await silent.tap();
  await touched.waitForURL(/\/\d{4}-\d\d\/\d{4}-\d\d-\d\d$/);
  await touched.context().close();
}

// What to do next can be taken along, where a script can do that.
async function checkCopy(browser) {
  const page = await open(browser, "/", { permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator("tbody th > a").filter({ hasNotText: subject }).first().click();
  await page.click("button.copy");
  await page.waitForFunction(() => document.querySelector("button.copy").textContent === "Copied");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  check(copied === "recoup check", `'${copied}' was copied`);
  const bare = await open(browser, new URL(page.url()).pathname, { javaScriptEnabled: false });
  check(!(await bare.isVisible("button.copy")), "a button that does nothing is shown");
  await bare.click(".parts a >> text=Money");
  check(bare.url().endsWith("#part-money"), "without a script the bar leads nowhere");
  await bare.context().close();
  await page.context().close();
}

async function checkKeys(browser) {
  const page = await open(browser, "/");
  await page.keyboard.press("/");
  check(await page.evaluate(() => document.activeElement.id === "q"), "/ does not find the filter");
  await page.keyboard.type("j?");
  check((await page.inputValue("#q")) === "j?", "keys do something while somebody types");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("j");
  const first = await focused(page);
  check(first !== "", "j leads to no line");
  await page.keyboard.press("j");
  const second = await focused(page);
  check(second !== first, "j does not go on");
  await page.keyboard.press("ArrowUp");
  check((await focused(page)) === first, "the arrow does not go back");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("k");
  check((await focused(page)) === first, "k does not go back");
  await page.keyboard.press("?");
  check(await page.isVisible("dialog#keys"), "? does not show the keys");
  await shot(page, "keys");
  await page.keyboard.press("Escape");
  check(!(await page.isVisible("dialog#keys")), "the keys stay");
  check((await focused(page)) === first, "the line is lost behind the keys");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/agreements\//);
  await page.context().close();
}

async function checkPhone(browser) {
  const phone = { viewport: { width: 390, height: 844 }, colorScheme: "dark" };
  for (const path of ["/", `/agreements/${subject}`]) {
    const page = await open(browser, path, phone);
    const [content, back] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      getComputedStyle(document.body).backgroundColor,
    ]);
    check(content <= 390, `${path} is ${content} wide on a telephone`);
    check(back === "rgb(18, 22, 26)", `${path} is ${back} in the dark`);
    await shot(page, path === "/" ? "phone-overview" : "phone-agreement");
    await page.context().close();
  }
}

async function checkWithoutScript(browser) {
  const page = await open(browser, "/", { javaScriptEnabled: false });
  check((await page.locator("noscript meta[http-equiv=refresh]").count()) === 1 ||
    (await page.content()).includes('http-equiv="refresh" content="60"'),
  "without a script the page stays old");
  await checkFilter(page, "without a script");
  await page.click(line(subject));
  check((await page.locator("svg.month").count()) === 1, "without a script there is no picture");
  await page.selectOption("#under", { index: 0 });
  await page.click("#what-if button");
  check((await page.locator("#verdicts").count()) === 1, "without a script there is no what-if");
  await page.context().close();
}

// What changed appears by itself, and takes nothing away from who is at work on the page.
async function checkUpdate(browser) {
  const page = await open(browser, "/");
  let loads = 0;
  page.on("framenavigated", () => { loads += 1; });
  const cell = (label) =>
    page.locator(`tr:has(th > a:text-is("${subject}")) td[data-label="${label}"] .tag`);
  const state = await cell("This month").textContent();
  check(/^(Met so far|Hardly measured yet)$/.test(state), `it begins as ${state}`);
  check((await cell("Now").textContent()) === "Up", "it does not begin as up");
  await page.focus("#q");
  await page.keyboard.type("half a wo");
  await page.evaluate(() => { document.querySelector("#q").dataset.mine = "1"; });
  writeFileSync(argument, "");
  await page.waitForFunction(
    (id) => [...document.querySelectorAll("tbody tr")].some(
      (row) => row.querySelector("th a")?.textContent === id &&
        row.textContent.includes("Below so far")),
    subject, { timeout: 90_000 });
  check(loads === 0, "the page was loaded anew");
  check((await cell("Now").textContent()) === "Failing", "what fails is not said to fail now");
  check((await page.inputValue("#q")) === "half a wo", "what was typed is gone");
  check(await page.evaluate(() => document.activeElement.id === "q"), "the focus is gone");
  const age = await page.textContent("#status span >> nth=0");
  check(/^updated \d\d:\d\d:\d\d UTC$/.test(age), `the page says '${age}' of its age`);
  await shot(page, "updated");

  await page.goto(`${url}/agreements/${subject}`);
  await page.click("summary >> nth=0");
  await page.evaluate(() => scrollTo(0, 500));
  const place = () => page.evaluate(() => document.querySelector("svg.month").getBoundingClientRect().top);
  const before = await place();
  const updated = () => page.waitForFunction(
    () => document.querySelector("#status").textContent.startsWith("updated"), null,
    { timeout: 60_000 });
  await updated();
  check((await page.locator("details[open]").count()) === 1, "a list that was open was closed");
  const moved = (await place()) - before;
  check(Math.abs(moved) < 2, `what is read moves by ${moved} pixels`);
  await shot(page, "breach");
  page.removeAllListeners("console");
  await page.context().setOffline(true);
  await page.waitForFunction(
    () => document.querySelector("#status").textContent.startsWith("no answer since"), null,
    { timeout: 5_000 });
  await page.context().setOffline(false);
  await updated();
  await page.context().close();
}

// Figures of the newest load, in milliseconds and bytes.
const loadOf = (page) => page.evaluate(() => {
  const [load] = performance.getEntriesByType("navigation");
  return { ms: Math.round(load.domContentLoadedEventEnd), bytes: load.decodedBodySize,
    sent: load.encodedBodySize };
});

async function checkMany(browser, number) {
  const page = await open(browser, "/");
  const { ms, bytes, sent } = await loadOf(page);
  console.log(`${number} agreements: loaded in ${ms} ms, ${bytes} bytes, ${sent} sent`);
  check(bytes < 100_000, `a view of ${number} agreements has ${bytes} bytes`);
  check((await page.locator("tbody th > a").count()) === 50, "a view has not 50 lines");
  await shot(page, "many");
  let seen = 50;
  for (let next = page.locator("a[rel=next]"); (await next.count()) > 0;) {
    const address = new URL(await next.getAttribute("href"), page.url()).href;
    await next.click();
    await page.waitForURL(address);  // counted before that, a page is empty or the one before
    seen += await page.locator("tbody th > a").count();
  }
  check(seen === number, `${seen} of ${number} agreements are on the pages`);
  await page.fill("#q", `a${number - 1}`);
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=/);
  check((await page.locator("tbody th > a").count()) === 1, "the filter does not find one of many");
  await page.context().close();
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-sync", "--disable-component-update"],
});
try {
  if (subject === "--many") {
    await checkMany(browser, Number(argument));
  } else {
    await checkOpening(browser);
    const page = await open(browser, "/");
    await checkFilter(page, "with a script");
    await page.context().close();
    await checkMonths(browser);
    await checkCopy(browser);
    await checkKeys(browser);
    await checkPhone(browser);
    await checkWithoutScript(browser);
    await checkUpdate(browser);
  }
} finally {
  await browser.close();
}
if (faults > 0) console.error(`${faults} faults`);
process.exitCode = faults > 0 ? 1 : 0;
