// A wall has no scroll bar. On a large screen the whole scope fits: the list gets as many lines as there is room for,
// every station a cell, as large as its number allows. The script runs before the first picture, so nothing jumps.
"use strict";

const WALL = matchMedia("screen and (min-width: 1600px) and (min-height: 850px)");
const MOST_OF_HEIGHT = 0.6; // that the list may take
const SETTLE_MS = 200; // changes that come together are laid out once
// From the most that can be said of a station to the least: mode, labels, and a cell's height in thousandths of the
// screen's. Below 26 (28 px of 1080) shapes are hard to tell apart from four metres.
const LAYOUTS = [
  ["names", "all", 110],
  ["names", "all", 92],
  ["names", "all", 76],
  ["names", "all", 62],
  ["names", "all", 50],
  ["names", "all", 42],
  ["rows", "trouble", 56],
  ["rows", "trouble", 48],
  ["rows", "trouble", 40],
  ["rows", "trouble", 34],
  ["flow", "trouble", 40],
  ["flow", "trouble", 34],
  ["flow", "trouble", 30],
  ["flow", "none", 34],
  ["flow", "none", 30],
  ["flow", "none", 26],
  ["flow", "none", 22],
  ["flow", "none", 18],
  ["flow", "none", 14],
  ["flow", "none", 10],
];
const root = document.documentElement;
const lines = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, lines];

function use(place, [mode, labels, share]) {
  place.dataset.mode = mode;
  place.dataset.labels = labels;
  place.style.setProperty("--cell", `${Math.floor((share * innerHeight) / 1000)}px`);
}

function heightOf(element) {
  return element.getBoundingClientRect().height;
}

function layOut() {
  root.toggleAttribute("data-wall", WALL.matches);
  lines.replaceSync("");
  if (!WALL.matches) {
    more();
    return;
  }
  const board = document.getElementById("board");
  const places = board.querySelector(".districts");
  const list = board.querySelector(".rows");
  const height = board.clientHeight;
  const first = list.querySelector(".row");
  const line = parseFloat(getComputedStyle(root).fontSize) * 3.5;
  const wanted = [...list.querySelectorAll(".row")].filter((row) => row.checkVisibility()).length;
  more(wanted, true);
  const beside = heightOf(board.querySelector(".trouble")) - (first ? heightOf(list) : 0);
  use(places, LAYOUTS.find(([mode, , share]) => mode === "flow" && share <= 26));
  const room = Math.min(height - heightOf(places), height * MOST_OF_HEIGHT) - beside - line / 2;
  const most = Math.max(1, Math.floor(room / line));
  if (wanted > most) {
    lines.replaceSync(`.rows > .row:nth-child(n+${most}) { display: none }`);
    more(most - 1, true);
  }
  const kept = [0, 1, 4, most].find((count) => count >= Math.min(wanted, most));
  const left = height - beside - Math.max(kept * line, heightOf(list)) - line / 4;
  for (const layout of LAYOUTS) {
    use(places, layout);
    if (heightOf(places) <= left) break;
  }
}

let due = null;
function soon() {
  due ??= setTimeout(() => {
    due = null;
    layOut();
  }, SETTLE_MS);
}

WALL.addEventListener("change", layOut);
addEventListener("resize", soon);
addEventListener("beforeprint", () => root.removeAttribute("data-wall"));
addEventListener("afterprint", layOut);
document.addEventListener("htmx:sseMessage", (event) => {
  if (event.detail.type === "snapshot") layOut();
  else if (WALL.matches) soon();
});
new MutationObserver(soon).observe(root, { attributeFilter: ["data-filtered", "data-link"] });
layOut();
