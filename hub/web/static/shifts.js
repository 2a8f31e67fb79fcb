// A cell of the roster is opened, somebody is looked for by name or pinyin, Enter ticks the first who is found; the
// arrows lead from cell to cell. Without this the boxes are ticked one by one.
"use strict";

const spelled = new Map();
for (const one of document.querySelectorAll("#spelled li")) spelled.set(one.dataset.person, one.dataset.keys);

const boxes = (cell) => [...cell.querySelectorAll('input[type="checkbox"]')];
const shownBoxes = (cell) => boxes(cell).filter((box) => !box.parentElement.hidden);

function look(cell, typed) {
  const plain = typed.toLowerCase().replace(/[ '’·]/g, "");
  const fieldset = cell.querySelector("fieldset");
  for (const box of boxes(cell)) {
    const keys = spelled.get(box.name.slice(fieldset.dataset.cell.length)) ?? "";
    const name = box.parentElement.textContent.toLowerCase();
    box.parentElement.hidden = !(name.includes(plain) || keys.includes(`\n${plain}`));
  }
}

function say(cell) {
  const who = cell.querySelector(".who");
  const names = boxes(cell).filter((box) => box.checked).map((box) => box.parentElement.textContent.trim());
  who.textContent = names.join(who.dataset.joint) || who.dataset.none;
  cell.querySelector("summary").ariaLabel = who.dataset.title + who.textContent;
}

function open(cell) {
  for (const other of document.querySelectorAll("details.shift[open]")) if (other !== cell) other.open = false;
  const fieldset = cell.querySelector("fieldset");
  let field = fieldset.querySelector('input[type="search"]');
  if (!field) {
    field = document.createElement("input");
    Object.assign(field, { type: "search", autocomplete: "off", placeholder: fieldset.dataset.look, ariaLabel: fieldset.dataset.look });
    field.addEventListener("input", () => look(cell, field.value));
    fieldset.prepend(field);
  }
  field.focus();
}

function step(cell, key) {
  const at = cell.closest("td");
  if (!at) return;
  const row = at.parentElement;
  const next = {
    ArrowLeft: () => [...row.cells].slice(0, at.cellIndex).reverse(),
    ArrowRight: () => [...row.cells].slice(at.cellIndex + 1),
    ArrowUp: () => [...row.parentElement.rows].slice(0, row.sectionRowIndex).reverse().map((one) => one.cells[at.cellIndex]),
    ArrowDown: () => [...row.parentElement.rows].slice(row.sectionRowIndex + 1).map((one) => one.cells[at.cellIndex]),
  }[key]();
  next.find((one) => one.querySelector("summary")?.checkVisibility())?.querySelector("summary").focus();
}

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.shift") && event.target.open) open(event.target);
}, true);
document.addEventListener("change", (event) => {
  const cell = event.target.closest("details.shift");
  if (cell && event.target.type === "checkbox") say(cell);
});
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("details.shift");
  if (!cell || event.isComposing) return;
  const isArrow = event.key.startsWith("Arrow");
  if (event.key === "Escape") {
    cell.open = false;
    cell.querySelector("summary").focus();
  } else if (event.target.matches("summary") && isArrow) {
    step(cell, event.key);
  } else if (event.target.type === "search" && event.key === "Enter") {
    shownBoxes(cell)[0]?.click();
    event.target.value = "";
    look(cell, "");
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const all = [cell.querySelector('input[type="search"]'), ...shownBoxes(cell)];
    all[all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  } else return;
  event.preventDefault();
});
