// The board's filters: by class, district, kind and text, kept in the address. They are style rules and touch no
// row, so a row that is pushed a second later is filtered as it arrives.
"use strict";

const ATTRIBUTES = { class: "data-class", district: "data-district", kind: "data-kind" };
const form = document.querySelector(".filters");
const shown = document.getElementById("shown");
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

const filters = { class: "", district: "", kind: "", q: "" };

function quoted(text) {
  return `"${text.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\a ")}"`;
}

function wanted() {
  const parts = Object.entries(ATTRIBUTES).map(([name, attribute]) => filters[name] && `[${attribute}=${quoted(filters[name])}]`);
  for (const word of filters.q.toLowerCase().split(/\s+/).filter(Boolean)) parts.push(`[data-text*=${quoted(word)}]`);
  return ".station" + parts.filter(Boolean).join("");
}

function isFiltered() {
  return Object.values(filters).some(Boolean);
}

function apply() {
  const match = wanted();
  const rules = [`.station:not(${match}) { display: none }`, `.district:not(:has(${match})) { display: none }`];
  const nothing = `#board:not(:has(${match})) .nothing { display: block }`;
  sheet.replaceSync(isFiltered() ? [...rules, ".quiet { display: none !important }", nothing].join("\n") : "");
  for (const button of document.querySelectorAll(".figure")) {
    button.setAttribute("aria-pressed", String(filters.class === button.dataset.value));
  }
  form.elements.district.value = filters.district;
  form.elements.kind.value = filters.kind;
  if (form.elements.q.value !== filters.q) form.elements.q.value = filters.q;
  document.getElementById("f-clear").hidden = !isFiltered();
  count();
}

function count() {
  const all = document.querySelectorAll(".station").length;
  const text = shown.dataset.words.replace("{n}", document.querySelectorAll(wanted()).length).replace("{all}", all);
  if (shown.textContent !== text) shown.textContent = isFiltered() ? text : "";
}

function read() {
  const asked = new URLSearchParams(location.search);
  for (const name of Object.keys(filters)) filters[name] = asked.get(name) ?? "";
  apply();
}

function keep() {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(filters)) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  history.replaceState(null, "", address);
  const other = document.querySelector(".filters .language");
  const language = new URL(other.href).searchParams.get("lang");
  const target = new URL(address);
  target.searchParams.set("lang", language);
  other.href = target.search;
  apply();
}

function set(name, value) {
  filters[name] = value;
  keep();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-filter]");
  if (!button) return;
  const { filter, value } = button.dataset;
  set(filter, filters[filter] === value ? "" : value);
});
form.addEventListener("input", (event) => set(event.target.name, event.target.value));
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => {
  for (const name of Object.keys(filters)) filters[name] = "";
  setTimeout(() => {
    keep();
    form.elements.q.focus();
  });
});
form.elements.q.addEventListener("keydown", (event) => {
  if (event.key === "Escape") set("q", "");
});
document.addEventListener("htmx:sseMessage", count);
window.addEventListener("popstate", read);
read();
