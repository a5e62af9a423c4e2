// Keeps an open page fresh, and lets the keyboard move in it. Everything works without it.
"use strict";

const main = document.getElementById("main");
const [seen, heard] = document.querySelectorAll("#status > span");
const period = 1000 * Number(document.body.dataset.again || 0);
let answered = new Date();
let silent = false;
let newest;

const clock = (date) => `${date.toISOString().slice(11, 19)} UTC`;

// ---- The page as it is now, put in place of what it was, where it changed.

// What the reader did to an element stays: an open list, words in a field, the place scrolled to.
function keepAttribute(element, name) {
  if (name === "open" && element.localName === "details") return true;
  return name === "value" && element.localName === "input";
}

function takeAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !keepAttribute(old, name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !keepAttribute(old, name)) {
      old.setAttribute(name, value);
    }
  }
}

const keyOf = (node) => node.id || node.querySelector?.("th > a")?.getAttribute("href") || "";

function isSame(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) return false;
  return old.nodeType !== Node.ELEMENT_NODE || keyOf(old) === keyOf(fresh);
}

function take(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  takeAttributes(old, fresh);
  // A choice that is being made is not taken away.
  if (old.localName === "select") return;
  const wanted = [...fresh.childNodes];
  wanted.forEach((child, place) => {
    const there = old.childNodes[place];
    if (there && isSame(there, child)) {
      take(there, child);
      return;
    }
    const known = [...old.childNodes].slice(place + 1).find((each) => isSame(each, child) && keyOf(each));
    if (known) {
      old.insertBefore(known, there);
      take(known, child);
    } else {
      old.insertBefore(document.importNode(child, true), there ?? null);
    }
  });
  while (old.childNodes.length > wanted.length) old.lastChild.remove();
}

// ---- Asking again.

// Everybody sees how old the page is; only what is news is also read aloud.
function say(text, lost, news) {
  seen.textContent = text;
  seen.classList.toggle("lost", lost);
  if (news) heard.textContent = text;
}

function lost() {
  say(`no answer since ${clock(answered)}, asking again`, true, !silent);
  silent = true;
}

function found(news) {
  answered = new Date();
  say(`updated ${clock(answered)}`, false, silent || news);
  silent = false;
}

async function refresh() {
  const response = await fetch(location.href, {
    headers: { Accept: "text/html" },
    signal: AbortSignal.timeout(30_000),
  });
  if (response.status >= 500) throw new Error(response.statusText);
  const html = await response.text();
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const wanted = fresh.getElementById("main");
  if (!wanted) throw new Error("not a page");
  if (html !== newest) take(main, wanted);
  document.title = fresh.title;
  found(newest !== undefined && html !== newest);
  newest = html;
}

// ---- What no clock brings, a step of a claim or an import, the service tells at once: it is asked
// for a few bytes all the time, and for the page where these differ.

const moment = 600;
let news;

// Whether there is some; where the service limits how often it may be asked, the clock decides.
async function hasNews() {
  const response = await fetch("/-/news", {
    cache: "no-store",
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status >= 500) throw new Error(response.statusText);
  if (!response.ok) return undefined;
  const before = news;
  news = await response.text();
  return before !== undefined && before !== news;
}

// The next question waits for the answer to the last one, and for somebody who looks.
let waiting = 0;
let due = Date.now() + period;
let busy = false;

async function look() {
  if (busy) return;
  busy = true;
  let pause = moment;
  try {
    const told = await hasNews();
    if (told === undefined) pause = period;
    if (told || silent || Date.now() >= due) {
      await refresh();
      due = Date.now() + period;
    }
  } catch {
    lost();
    pause = 2 * moment;
  }
  busy = false;
  later(pause);
}

function later(pause) {
  clearTimeout(waiting);
  if (period > 0 && document.visibilityState === "visible") waiting = setTimeout(look, pause);
}

document.addEventListener("visibilitychange", () => later(0));
addEventListener("online", () => later(0));
later(moment);

// ---- The keyboard.

const keys = [
  ["/", "to the field that finds agreements"],
  ["j k", "next and previous line"],
  ["↓ ↑", "the same, from a line"],
  ["Enter", "opens it"],
  ["← →", "the month, day or part of a list before and after"],
  ["?", "shows these keys"],
];

function showKeys() {
  let dialog = document.getElementById("keys");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "keys";
    dialog.setAttribute("aria-labelledby", "keys-title");
    const title = document.createElement("h2");
    title.id = "keys-title";
    title.textContent = "Keys";
    const table = document.createElement("table");
    for (const [key, does] of keys) {
      const row = table.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      key.split(" ").forEach((each) => {
        const cap = document.createElement("kbd");
        cap.textContent = each;
        head.append(cap, " ");
      });
      row.append(head);
      row.insertCell().textContent = does;
    }
    const close = document.createElement("button");
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    dialog.append(title, table, close);
    document.body.append(dialog);
  }
  dialog.showModal();
}

// Lines are the links that begin the rows of tables.
function move(step) {
  const lines = [...main.querySelectorAll("tbody th > a")].filter((line) => line.checkVisibility());
  if (lines.length === 0) return false;
  const now = lines.indexOf(document.activeElement);
  const next = now < 0 ? (step > 0 ? 0 : lines.length - 1) : now + step;
  lines[Math.min(Math.max(next, 0), lines.length - 1)].focus();
  return true;
}

function follow(rel) {
  const link = main.querySelector(`a[rel="${rel}"]`);
  link?.click();
  return Boolean(link);
}

function find() {
  const field = document.getElementById("q");
  field?.focus();
  field?.select();
  return Boolean(field);
}

const isLine = (element) => element.matches?.("tbody th > a");
const isFree = (element) => element === document.body || element === main || isLine(element);

const help = document.getElementById("help");
help.hidden = false;
help.querySelector("button").addEventListener("click", showKeys);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = document.activeElement ?? document.body;
  if (at.matches("input, select, textarea, dialog *")) return;
  const does = {
    "/": find,
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => isLine(at) && move(1),
    ArrowUp: () => isLine(at) && move(-1),
    ArrowLeft: () => isFree(at) && follow("prev"),
    ArrowRight: () => isFree(at) && follow("next"),
    "?": () => (showKeys(), true),
  }[event.key];
  if (does?.()) event.preventDefault();
});

// ---- An agreement's pages: commands to take along, and the figures of each cell of a month.

function serveAgreement() {
  document.documentElement.classList.add("scripted");

  const copyText = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    // Away from this machine and without TLS there is only the old way.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done ? undefined : Promise.reject(new Error("not copied"));
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button.copy");
    if (!button) return;
    const name = button.textContent;
    const text = await copyText(button.dataset.copy).then(() => "Copied", () => "Copy it from above");
    button.textContent = text;
    button.focus();
    setTimeout(() => { button.textContent = name; }, 2000);
  });

  // A mouse, a finger and the arrow keys read cells; a second touch goes where the row leads.
  let cell = null;
  const read = (next) => {
    cell?.classList.remove("read");
    cell = next;
    cell?.classList.add("read");
    const said = main.querySelector(".readout");
    if (said) said.textContent = cell ? cell.querySelector("title").textContent : "";
  };
  const cellAt = (target) => {
    const rect = target.closest?.("svg.month rect");
    return rect?.querySelector("title") ? rect : null;
  };
  document.addEventListener("pointerover", (event) => {
    const next = event.pointerType === "mouse" ? cellAt(event.target) : null;
    if (next) read(next);
  });
  document.addEventListener("click", (event) => {
    const next = event.pointerType === "touch" ? cellAt(event.target) : null;
    if (!next || next === cell) return;
    read(next);
    event.preventDefault();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("svg.month a");
    const said = main.querySelector(".readout");
    if (row && said) said.textContent = row.getAttribute("aria-label");
  });
  document.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const row = document.activeElement?.closest("svg.month a");
    if (!step || !row || event.ctrlKey || event.metaKey || event.altKey) return;
    const cells = [...row.querySelectorAll("rect")].filter(cellAt);
    if (cells.length === 0) return;
    const now = cells.indexOf(cell);
    const next = now < 0 ? (step > 0 ? 0 : cells.length - 1) : now + step;
    read(cells[Math.min(Math.max(next, 0), cells.length - 1)]);
    event.preventDefault();
  });
}
serveAgreement();
