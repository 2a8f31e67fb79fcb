// The way back to the board leads to the board as it was left: the same district, kind, class and words.
"use strict";

try {
  const left = sessionStorage.getItem("board");
  for (const link of document.querySelectorAll("[data-back]")) if (left) link.href = `/${left}`;
} catch {
  // a browser that keeps nothing for us leads back to the whole board
}

// How many things wait stands in the frame of every page; the board is told by its stream.
const waits = document.getElementById("n-inbox");
async function count() {
  if (document.hidden || document.getElementById("stream")) return;
  try {
    const answer = await fetch("/inbox/count", { signal: AbortSignal.timeout(5000) });
    if (answer.ok && !answer.redirected) waits.textContent = waits.dataset.n = await answer.text();
  } catch {
    // the next one comes in a moment; a page that is live says by itself that it lost the hub
  }
}
if (waits) {
  setInterval(count, 15000);
  document.addEventListener("visibilitychange", count);
}

// The search by keyboard: / leads to it, the arrows through what is found, Enter opens the first, Escape leaves.
const field = document.getElementById("f-search");
const hits = document.getElementById("hits");
function step(by) {
  const links = [...hits.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement) + by;
  (links[at] ?? (at < 0 ? field : links.at(-1)))?.focus();
}
if (field) {
  field.form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") hits.replaceChildren();
    if (event.key === "Escape") field.focus();
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  });
  field.form.addEventListener("submit", (event) => {
    const first = hits.querySelector("a");
    if (!first) return; // what was typed is answered by a page of its own
    event.preventDefault();
    first.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.matches("input, textarea, select")) return;
    event.preventDefault();
    field.focus();
  });
}

// On a phone the pages beside this one do not all have room: the one that is shown does.
document.querySelector(".beside [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });

// On a phone the cells of a wide row stand below each other: each says under which head it would stand.
function nameCells() {
  for (const table of document.querySelectorAll(".desk .tables table")) {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.textContent);
    if (heads.length <= 5) continue; // three or four are told by what they say
    for (const row of table.tBodies[0].rows) for (const cell of row.cells) if (cell.cellIndex) cell.dataset.head = heads[cell.cellIndex];
  }
}
nameCells();
document.addEventListener("htmx:afterSettle", nameCells);
