/* The roll-call: one key a state, finding as one types, a running count; and nothing typed is lost. The page works without. */
"use strict";

const root = document.getElementById("roll-call");
const unsent = document.getElementById("unsent");
const kept = document.getElementById("kept");
const KEYS = { p: "participant", o: "observer", i: "invited", a: "absent", n: "none" };
Object.values(KEYS).forEach((role, at) => { KEYS[at + 1] = role; });

/* Rows. */

const isRole = (element) => element.matches?.('.state input[type="radio"]');
const shownRows = () => [...root.querySelectorAll("tbody:not([hidden]) > .state")];
const radiosOf = (row) => [...row.querySelectorAll('input[type="radio"]')];
const chosenIn = (row) => radiosOf(row).find((radio) => radio.checked) ?? radiosOf(row)[0];
const nameOf = (row) => row.querySelector("th").textContent.trim();

function go(row) {
  if (!row) return;
  const radio = chosenIn(row);
  radio.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function beside(row, step) {
  const rows = shownRows();
  return rows[rows.indexOf(row) + step];
}

function setRole(row, role) {
  const radio = radiosOf(row).find((one) => one.value === role && !one.disabled);
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  if (isFinding()) {
    show("");
    findBox().focus();
  } else {
    go(beside(row, 1) ?? row);
  }
}

function onRowKey(event) {
  const row = event.target.closest(".state");
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const does = {
    ArrowDown: () => go(beside(row, 1)),
    ArrowUp: () => go(beside(row, -1)),
    Enter: () => go(beside(row, 1)),
    "/": () => { findBox().focus(); findBox().select(); },
    f: () => openNote(row),
  }[key] ?? (KEYS[key] && (() => setRole(row, KEYS[key])));
  if (!does) return;
  event.preventDefault();
  if (!event.repeat || key.startsWith("Arrow")) does();
}

function openNote(row) {
  const note = row.querySelector("details");
  if (!note) return;
  note.open = true;
  note.querySelector("textarea").focus();
}

/* As the server marks it: what differs from the record that the page was loaded with. Without a role there is none. */
function mark(row) {
  const role = chosenIn(row).value;
  const was = row.querySelector('[name^="was-"]').value.split(".")[0] || "none";
  const texts = [...row.querySelectorAll("details input, details textarea")];
  const isToldElse = row.querySelector("[data-differs]") || texts.some((text) => text.value.trim() !== text.defaultValue.trim());
  row.classList.toggle("touched", role !== was || (role !== "none" && Boolean(isToldElse)));
}

/* Counts, told when one stops typing: a screen reader reads them. */

let telling;

function tell(text, soon = 500) {
  const say = () => {
    const said = document.getElementById("said");
    if (said && said.textContent !== text) said.textContent = text;
  };
  clearTimeout(telling);
  if (soon) telling = setTimeout(say, soon);
  else say();
}

function count(changed) {
  if (!root.querySelector(".state")) return;
  const counts = {};
  for (const radio of root.querySelectorAll('.state input[type="radio"]:checked')) {
    counts[radio.value] = (counts[radio.value] ?? 0) + 1;
  }
  for (const shown of root.querySelectorAll("[data-count]")) shown.textContent = counts[shown.dataset.count] ?? 0;
  if (changed) {
    const row = changed.closest(".state");
    mark(row);
    const label = changed.parentElement.textContent.trim();
    const participants = counts.participant === 1 ? "1 participant" : `${counts.participant ?? 0} participants`;
    tell(`${nameOf(row)}: ${label}. ${participants}.`, isFinding() ? 0 : 500);
  }
}

/* Finding: names in one form, as oslo/names.py makes it. */

const SAME_WORD = { st: "saint", ste: "sainte" };
const namesOf = new WeakMap(); // of each row, once it was asked for
const places = new Map(); // where each row stands that was found, while it is above the others

const findBox = () => document.getElementById("find");
const isFinding = () => Boolean(findBox()?.value.trim());

function wordsOf(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss")
    .replaceAll("&", " and ").replace(/['’‘ʼ`´]/g, "");
  const words = (plain.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word !== "the");
  return words.length > 1 ? words.map((word) => SAME_WORD[word] ?? word) : words;
}

/* A name as the texts that begin with each of its words: "unitedkingdom", "kingdom". */
const endsOf = (name) => wordsOf(name).map((_word, at, words) => words.slice(at).join(""));

function namesIn(row) {
  if (!namesOf.has(row)) {
    const others = row.dataset.names.split("|").map(endsOf);
    namesOf.set(row, { shown: endsOf(nameOf(row)), others, codes: row.dataset.codes.toLowerCase().split("|") });
  }
  return namesOf.get(row);
}

/* 0 for the name that is shown, and more the less alike it is; undefined for what is not called that. */
function likeness(row, text) {
  const key = wordsOf(text).join("");
  if (!key) return undefined;
  const keys = [key, SAME_WORD[key] ?? key];
  const { shown, others, codes } = namesIn(row);
  const begins = (name) => keys.some((one) => name?.startsWith(one));
  const rank = [
    keys.includes(shown[0]),
    codes.includes(key) || others.some((ends) => keys.includes(ends[0])),
    begins(shown[0]),
    shown.some(begins),
    others.some((ends) => begins(ends[0])),
    others.some((ends) => ends.some(begins)),
    [shown, ...others].some((ends) => ends[0]?.includes(key)),
  ].indexOf(true);
  return rank < 0 ? undefined : rank;
}

function show(text) {
  findBox().value = text;
  filter();
}

/* What is called like the text stands above all others, the most alike first: Enter leads to that. */
function filter() {
  const text = findBox().value;
  const finding = isFinding();
  for (const [row, place] of places) place.replaceWith(row);
  places.clear();
  const rows = finding ? [...root.querySelectorAll(".state")] : [];
  const ranks = new Map(rows.map((row) => [row, likeness(row, text)]));
  const found = rows.filter((row) => ranks.get(row) !== undefined)
    .sort((one, other) => ranks.get(one) - ranks.get(other) || nameOf(one).localeCompare(nameOf(other), "en"));
  for (const row of found) {
    places.set(row, document.createComment(""));
    row.replaceWith(places.get(row));
  }
  const above = root.querySelector(".roll .found");
  above.append(...found);
  root.classList.toggle("finding", finding);
  for (const body of root.querySelectorAll(".roll tbody")) body.hidden = finding !== (body === above);
  root.querySelector(".none-found").hidden = !finding || found.length > 0;
  if (!finding) return;
  tell(found.length > 1 ? `${nameOf(found[0])} is the first of ${found.length} states.` : found.map(nameOf).join(""));
  if (found.length) bringUp(found[0]);
}

/* A phone covers the lower half of the window with its keyboard. */
function bringUp(row) {
  const { top } = row.getBoundingClientRect();
  if (top < root.querySelector(".tools").getBoundingClientRect().bottom || top > innerHeight / 2) row.scrollIntoView();
}

function onFindKey(event) {
  if (event.key === "Enter") {
    event.preventDefault();
    go(shownRows()[0]);
  } else if (event.key === "ArrowDown") {
    event.preventDefault();
    go(shownRows()[0]);
  } else if (event.key === "Escape") {
    show("");
  } else if (event.key === "/" && !findBox().value) {
    event.preventDefault();
  }
}

/* What is typed is kept in the browser until it is saved. */

let dirty = false;
let undecided = false; // whether something kept waits to be taken up or thrown away
let keeping;
const slot = root.dataset.draft;
const goesOn = `${slot}:goes-on`;

function fields(submitter) {
  const data = new FormData(root.querySelector("form"), submitter);
  return [...data].filter(([name]) => name !== "csrfmiddlewaretoken");
}

function keep() {
  clearTimeout(keeping);
  if (!dirty || undecided || !root.querySelector("form")) return;
  try {
    localStorage.setItem(slot, JSON.stringify({ at: Date.now(), fields: fields().filter(([name]) => name !== "step") }));
  } catch { /* No room, or not allowed: the page itself still has it. */ }
}

function keepSoon() {
  if (undecided) offerKept();
  dirty = true;
  clearTimeout(keeping);
  keeping = setTimeout(keep, 300);
}

function forget() {
  clearTimeout(keeping);
  dirty = undecided = false;
  localStorage.removeItem(slot);
  unsent.hidden = true;
}

function readKept() {
  try {
    return JSON.parse(localStorage.getItem(slot));
  } catch {
    return null;
  }
}

function takeUp() {
  if (readKept()) send(() => [...(readKept()?.fields ?? []), ["step", "back"]]);
}

function offerKept() {
  const found = readKept();
  if (!found) return;
  undecided = true;
  if (sessionStorage.getItem(goesOn)) {
    sessionStorage.removeItem(goesOn);
    takeUp();
    return;
  }
  kept.querySelector("time").textContent = new Date(found.at).toLocaleString();
  if (!kept.open) kept.showModal();
}

/* Sending without leaving the page. */

let collect; // gives what is to be sent as it is now: until one tries again, more may be entered

/* Of the cookie, which a login in another tab changes; its name has a prefix where the site is public. */
function token() {
  const cookie = document.cookie.split("; ").find((one) => /^(__Host-)?csrftoken=/.test(one));
  return cookie?.split("=")[1] ?? root.querySelector("[name=csrfmiddlewaretoken]").value;
}

async function send(what) {
  if (root.getAttribute("aria-busy") === "true") return;
  collect = what;
  const body = new URLSearchParams(collect());
  keep();
  unsent.hidden = true;
  busy(true); // what is typed meanwhile would be lost with the page that it is typed into
  try {
    const answer = await fetch(location.href, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token() },
      signal: AbortSignal.timeout(60_000),
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    busy(false);
    take(answer, page);
  } catch (error) {
    busy(false);
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    refuse("Not saved: no connection. Everything is kept here.");
  }
}

function busy(is) {
  root.setAttribute("aria-busy", is);
  root.inert = is;
}

function take(answer, page) {
  const shown = page.getElementById("roll-call");
  if (shown?.dataset.draft === slot) {
    swap(page, shown, answer.redirected || shown.querySelector("[data-nothing]"));
  } else if (shown) {
    const said = shown.querySelector(".errornote li")?.textContent ?? "You are logged in as somebody else now.";
    refuse(`Not saved. ${said} Everything is kept here.`, true);
  } else if (answer.redirected) {
    refuse("Not saved: you are logged out. Everything is kept here. Log in, and try again.", true);
  } else {
    refuse(`Not saved: the server did not take it (${answer.status}). Everything is kept here.`, answer.status === 403);
  }
}

function refuse(text, mayLogIn = false) {
  unsent.querySelector("p").textContent = text;
  unsent.querySelector("a").hidden = !mayLogIn;
  unsent.hidden = false;
  unsent.querySelector("button").focus();
}

function swap(page, shown, isDone) {
  const messages = page.querySelector(".messagelist");
  document.querySelectorAll(".messagelist").forEach((old) => old.remove());
  root.replaceChildren(...(messages ? [messages] : []), ...shown.childNodes);
  if (isDone) {
    forget();
  } else {
    dirty = true;
    undecided = false;
    keep();
  }
  places.clear();
  root.classList.remove("finding");
  begin();
  scrollTo(0, 0);
  const first = root.querySelector(".errornote, #review-title, #names-title, .told, .messagelist li");
  first?.setAttribute("tabindex", "-1");
  first?.focus();
}

function begin() {
  const find = root.querySelector(".find");
  if (find) find.hidden = false;
}

let byKey = false; // the arrow keys, too, click on a role

root.addEventListener("pointerdown", () => { byKey = false; });
root.addEventListener("keydown", (event) => {
  byKey = true;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isRole(event.target)) onRowKey(event);
  else if (event.target.id === "find") onFindKey(event);
  else if (event.key === "Escape" && event.target.closest(".state details")) go(event.target.closest(".state"));
});
root.addEventListener("input", (event) => {
  if (event.target.id === "find") filter();
  else keepSoon();
  const row = event.target.closest(".state");
  if (row) mark(row);
});
root.addEventListener("change", (event) => {
  if (isRole(event.target)) count(event.target);
  if (event.target.id !== "find") keepSoon();
});
root.addEventListener("click", (event) => {
  if (isRole(event.target) && isFinding() && !byKey) setRole(event.target.closest(".state"), event.target.value);
  if (dirty && event.target.closest(".orders a")) sessionStorage.setItem(goesOn, "yes");
});
root.addEventListener("submit", (event) => {
  event.preventDefault();
  const submitter = event.submitter ?? undefined;
  send(() => fields(submitter));
});
unsent.querySelector('[data-does="again"]').addEventListener("click", () => send(collect));
kept.addEventListener("cancel", (event) => event.preventDefault());
kept.addEventListener("click", (event) => {
  const does = event.target.dataset.does;
  if (!does) return;
  kept.close();
  if (does === "restore") takeUp();
  else forget();
});
addEventListener("pagehide", keep);
addEventListener("visibilitychange", keep);
begin();
count();
offerKept();
