// The board's filters, kept in the address. District and kind choose what is sent, so they load the page; class and
// words are style rules that touch no station, so one that is pushed a second later is filtered as it arrives.
"use strict";

const MOST_TILES = 60; // that a page below the list is worth scrolling through
const HIDDEN_TITLE_MS = 30000; // how often a page that nobody sees asks for its title alone
const form = document.querySelector(".filters");
const strip = document.querySelector(".strip");
const shown = document.getElementById("shown");
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

const filters = { class: "", q: "" };
const SCOPE = ["district", "kind"];

function quoted(text) {
  return `"${text.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\a ")}"`;
}

function matching(words, name) {
  const parts = name ? [`[data-class=${quoted(name)}]`] : [];
  for (const word of words.toLowerCase().split(/\s+/).filter(Boolean)) parts.push(`[data-text*=${quoted(word)}]`);
  return parts.join("");
}

function isFiltered() {
  return Boolean(filters.class || filters.q.trim());
}

function apply() {
  const match = matching(filters.q, filters.class);
  const rules = [
    `.station:not(${match || "*"}) { display: none }`,
    `.district:not(:has(.tile${match})) { display: none }`,
    `#board:not(:has(.tile${match})) .nothing { display: block }`,
  ];
  sheet.replaceSync(isFiltered() ? rules.join("\n") : "");
  document.documentElement.toggleAttribute("data-filtered", isFiltered());
  for (const button of document.querySelectorAll(".figure")) {
    button.setAttribute("aria-pressed", String(filters.class === button.dataset.value));
  }
  if (form.elements.q.value !== filters.q) form.elements.q.value = filters.q;
  const isScoped = SCOPE.some((name) => form.elements[name].value);
  document.getElementById("f-clear").hidden = !isFiltered() && !isScoped;
  refresh();
}

// What follows from the stations that are there: numbers, the folded districts, the title.
function refresh() {
  const all = document.querySelectorAll(".tile").length;
  const n = document.querySelectorAll(`.tile${matching(filters.q, filters.class)}`).length;
  const text = isFiltered() ? shown.dataset.words.replace("{n}", n).replace("{all}", all) : "";
  if (shown.textContent !== text) shown.textContent = text;
  for (const figure of document.querySelectorAll(".figure")) {
    const counted = document.querySelectorAll(`.tile${matching(filters.q, figure.dataset.value)}`).length;
    const number = figure.querySelector(".n");
    if (number.dataset.n === String(counted)) continue;
    number.dataset.n = counted;
    number.textContent = counted;
  }
  const districts = document.querySelectorAll(".district");
  for (const district of districts) fold(district, districts.length > 1 && all > MOST_TILES);
  if (!document.documentElement.hasAttribute("data-wall")) more();
  title();
}

// A district in which all that is left to show is closed is one line, until somebody opens it or one of its stations is
// about to open; in a large city every district is, for a list of hundreds helps nobody.
function fold(district, isLong) {
  const tiles = district.querySelectorAll(".tile:not([data-listed])");
  const closed = district.querySelectorAll('.tile[data-class="closed"]');
  const button = district.querySelector(".fold");
  const isBusy = closed.length < tiles.length || district.querySelector("[data-soon]");
  button.hidden = isFiltered() || tiles.length === 0 || (!isLong && isBusy);
  if (button.hidden) {
    district.removeAttribute("data-folded");
    return;
  }
  const text = closed.length === tiles.length ? closedWords(button, closed) : countedWords(district);
  if (button.textContent !== text) button.textContent = text;
  if (button.dataset.open === undefined) district.setAttribute("data-folded", "");
  button.setAttribute("aria-expanded", String(button.dataset.open !== undefined));
}

function closedWords(button, closed) {
  // One station says all that it has to. Of several only what is so of each: a common reason, a common opening, else
  // which is the first; who has come to one of them says nothing of the others.
  const count = button.dataset.words.replace("{n}", closed.length);
  const said = (tile, part) => tile.querySelector(part)?.textContent ?? "";
  const isCommon = (part) => [...closed].every((tile) => said(tile, part) === said(closed[0], part));
  const opens = (tile) => tile.dataset.opens ?? "~";
  const soonest = [...closed].reduce((one, other) => (opens(other) < opens(one) ? other : one));
  const at = said(soonest, ".at");
  const opening = isCommon(".at") ? at : button.dataset.first.replace("{opening}", at);
  const parts = closed.length === 1 ? [said(soonest, ".why"), at + said(soonest, ".came")] : [isCommon(".why") && said(soonest, ".why"), opening];
  return [count, ...parts].filter(Boolean).join(" · ");
}

function countedWords(district) {
  const counted = [...document.querySelectorAll(".figure")].map((figure) => {
    const n = district.querySelectorAll(`.tile[data-class=${quoted(figure.dataset.value)}]`).length;
    return n && `${figure.querySelector(".word").textContent} ${n}`;
  });
  return counted.filter(Boolean).join(" · ");
}

// How many more need somebody than the list has. A wall decides by itself how many lines it has room for.
function more(most = Infinity, isUrgent = false) {
  const { urgent, lasting } = document.getElementById("notices").dataset;
  const lines = document.querySelectorAll(isUrgent ? '.row:not([data-class="minimum"])' : ".row").length;
  const left = Number(urgent) + (isUrgent ? 0 : Number(lasting)) - Math.min(lines, most);
  const place = document.querySelector(".more");
  place.hidden = left <= 0 || isFiltered();
  const text = place.dataset.words.replace("{n}", left);
  if (place.textContent !== text) place.textContent = text;
}

function title() {
  const vacant = document.querySelector('.figure[data-class="vacant"] .n').dataset.n;
  const { city, calm, title: words } = strip.dataset;
  document.title = vacant === "0" ? calm : words.replace("{n}", vacant).replace("{city}", city);
}

function read() {
  const asked = new URLSearchParams(location.search);
  for (const name of Object.keys(filters)) filters[name] = asked.get(name) ?? "";
  if (!document.querySelector(`.figure[data-value=${quoted(filters.class)}]`)) filters.class = ""; // the page says so
  apply();
}

function address(changes) {
  const wanted = new URL(location.href);
  wanted.searchParams.delete("lang");
  for (const [name, value] of Object.entries(changes)) {
    if (value) wanted.searchParams.set(name, value);
    else wanted.searchParams.delete(name);
  }
  return wanted;
}

function keep() {
  const wanted = address(filters);
  history.replaceState(null, "", wanted);
  try {
    sessionStorage.setItem("board", wanted.search); // the way back from a station leads here
  } catch {
    // a browser that keeps nothing for us leads back to the whole board
  }
  const other = document.querySelector(".filters .language");
  const language = new URL(other.href).searchParams.get("lang");
  const target = new URL(wanted);
  target.searchParams.set("lang", language);
  other.href = target.search;
  apply();
}

function set(name, value) {
  if (SCOPE.includes(name)) {
    location.assign(address({ ...filters, [name]: value }));
    return;
  }
  filters[name] = value;
  keep();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-filter]");
  const link = event.target.closest("a[data-scope]");
  const folded = event.target.closest(".fold");
  if (button) set(button.dataset.filter, filters[button.dataset.filter] === button.dataset.value ? "" : button.dataset.value);
  if (link) {
    event.preventDefault();
    set(link.dataset.scope, form.elements[link.dataset.scope].value === link.dataset.value ? "" : link.dataset.value);
  }
  if (folded) {
    if (folded.dataset.open === undefined) folded.dataset.open = "";
    else delete folded.dataset.open;
    folded.closest(".district").removeAttribute("data-folded");
    refresh();
  }
});
form.addEventListener("input", (event) => {
  if (event.target.name === "q" && !event.isComposing) set("q", event.target.value); // half a word of pinyin is no word
});
form.addEventListener("compositionend", (event) => set("q", event.target.value));
form.addEventListener("change", (event) => {
  if (SCOPE.includes(event.target.name)) set(event.target.name, event.target.value);
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", (event) => {
  event.preventDefault();
  const isScoped = SCOPE.some((name) => form.elements[name].value);
  for (const name of Object.keys(filters)) filters[name] = "";
  if (isScoped) {
    location.assign(address({ ...filters, district: "", kind: "" }));
    return;
  }
  keep();
  form.elements.q.focus();
});
form.elements.q.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) set("q", "");
});

// A station that is pushed may move between the list and the districts: who stood on it goes with it.
let standing = null;
let isStale = false; // what follows from the stations is reckoned once a picture, however many were pushed
document.addEventListener("htmx:sseBeforeMessage", () => {
  if (document.activeElement !== document.body) standing = document.activeElement.dataset.code ?? null;
});
document.addEventListener("htmx:sseMessage", () => {
  isStale ||= Boolean(requestAnimationFrame(() => {
    isStale = false;
    refresh();
  }));
  const isKept = document.activeElement !== document.body && document.activeElement.checkVisibility();
  if (standing === null || isKept) return;
  const links = document.querySelectorAll(`a[data-code=${quoted(standing)}]`);
  [...links].find((link) => link.checkVisibility())?.focus({ preventScroll: true });
});

document.addEventListener("pointerdown", () => {
  standing = null;
});

// The tab goes on telling how many stations are vacant while nobody sees the page, without holding a connection.
setInterval(async () => {
  if (!document.hidden) return;
  const asked = new URLSearchParams(location.search);
  asked.set("lang", document.documentElement.lang.slice(0, 2));
  try {
    const answer = await fetch(`${strip.dataset.base}/title?${asked}`, { signal: AbortSignal.timeout(5000) });
    document.title = answer.ok ? await answer.text() : `? ${strip.dataset.city}`;
  } catch {
    document.title = `? ${strip.dataset.city}`;
  }
}, HIDDEN_TITLE_MS);
window.addEventListener("popstate", read);
read();
keep();
