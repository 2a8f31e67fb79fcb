// A wall has no scroll bar. On a large screen the whole scope fits: the list gets as many lines as there is room for,
// every station a cell, as large as its number allows. The script runs before the first picture, so nothing jumps.
"use strict";

const WALL = matchMedia("screen and (min-width: 1600px) and (min-height: 850px)");
const MOST_OF_HEIGHT = 0.6; // that the list may take
const WIDEST = 265; // in thousandths of the screen's height, what a name takes beside its shape; as in wall.css
const TWO_LINES = 62; // in the same measure, what a name and a line below it take
const SETTLE_MS = 200; // changes that come together are laid out once
// From the most that can be said of a station to the least: mode, labels, and a cell's height in thousandths of the
// screen's. Below 26 (28 px of 1080) shapes are hard to tell apart from four metres.
const LAYOUTS = [
  ["names", "all", 240],
  ["names", "all", 210],
  ["names", "all", 180],
  ["names", "all", 155],
  ["names", "all", 130],
  ["names", "all", 110],
  ["names", "all", 92],
  ["names", "all", 76],
  ["names", "all", 62],
  ["names", "all", 50],
  ["names", "all", 42],
  ["rows", "trouble", 72],
  ["rows", "trouble", 64],
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
  place.toggleAttribute("data-two-lines", mode === "names" && share >= TWO_LINES);
  const type = Math.max(19.5, Math.min(share * 0.26, 34)); // of a name, in the same measure; as in wall.css
  place.style.setProperty("--lines", Math.max(1, Math.min(4, Math.floor((share * 0.95) / (1.2 * type)))));
  place.style.setProperty("--cell", `${Math.floor((share * innerHeight) / 1000)}px`);
}

function heightOf(element) {
  return element.getBoundingClientRect().height;
}

// What a layout takes at least, so that the hopeless need no measuring: 1,000 cells take a while to lay out.
function leastArea([mode, labels, share], counts, rem) {
  const cell = (share * innerHeight) / 1000;
  const named = mode === "names" ? Math.min(cell * 2.6, (WIDEST * innerHeight) / 1000) + 6 * rem : 11 * rem;
  const troubled = counts.vacant + counts.unknown + counts.minimum;
  const withName = labels === "all" ? counts.all : labels === "trouble" ? troubled : 0;
  return (cell + 3) * (withName * named + (counts.all - withName) * cell);
}

function counted(board) {
  const counts = { all: 0, vacant: 0, unknown: 0, minimum: 0 };
  const isFiltered = root.hasAttribute("data-filtered");
  for (const tile of board.querySelectorAll(".tile")) {
    if (isFiltered && !tile.checkVisibility()) continue;
    counts.all += 1;
    if (tile.dataset.class in counts) counts[tile.dataset.class] += 1;
  }
  return counts;
}

let last = { key: "", layout: null, rule: "", most: 0 };

function show(places, { layout, rule, most }) {
  use(places, layout);
  lines.replaceSync(rule);
  more(most, true);
}

function layOut() {
  root.toggleAttribute("data-wall", WALL.matches);
  if (!WALL.matches) {
    lines.replaceSync("");
    more();
    return;
  }
  const board = document.getElementById("board");
  const places = board.querySelector(".districts");
  const counts = counted(board);
  const wanted = [...board.querySelectorAll('.row:not([data-class="minimum"])')].filter(
    (row) => !root.hasAttribute("data-filtered") || row.matches(`.row${matching(filters.q, filters.class)}`),
  ).length;
  const said = board.querySelectorAll('.notice:not([data-class="minimum"]), .quiet').length;
  const key = JSON.stringify([innerWidth, board.clientHeight, counts, wanted, said, location.search]);
  if (key !== last.key) last = { key, ...fit(board, places, counts, wanted) };
  show(places, last);
}

function ruleFor(most) {
  return `.rows > .row:nth-child(n+${most + 1}) { display: none }`;
}

// Choose how many lines the list gets, then the largest cells that fit below.
function fit(board, places, counts, wanted) {
  const height = board.clientHeight;
  const rem = parseFloat(getComputedStyle(root).fontSize);
  const line = 3.5 * rem;
  const list = board.querySelector(".rows");
  lines.replaceSync("");
  more(wanted, true);
  const beside = heightOf(board.querySelector(".trouble")) - (wanted ? heightOf(list) : 0);
  use(places, LAYOUTS.find(([mode, , share]) => mode === "flow" && share <= 26));
  const room = Math.min(height - heightOf(places), height * MOST_OF_HEIGHT) - beside - line / 2;
  const fits = Math.max(1, Math.floor(room / line));
  const isCut = wanted > fits;
  let most = isCut ? fits - 1 : wanted;
  let rule = isCut ? ruleFor(most) : "";
  lines.replaceSync(rule);
  more(most, true);
  const kept = [0, 1, 4, fits].find((count) => count >= Math.min(wanted, fits));
  const left = height - beside - Math.max(kept * line, heightOf(list)) - line / 4;
  const area = left * places.clientWidth;
  const layout = LAYOUTS.find((tried) => {
    if (leastArea(tried, counts, rem) > area) return false;
    use(places, tried);
    return heightOf(places) <= left;
  });
  const free = Math.min(height - heightOf(board.querySelector(".trouble")) - heightOf(places), room - heightOf(list));
  const spare = isCut && layout ? Math.floor((free - line / 4) / line) : 0;
  if (spare > 0) {
    // what the cells leave goes to the list; its last lines need no "more"
    most = Math.min(wanted, most + spare);
    rule = ruleFor(most);
  }
  return { layout: layout ?? LAYOUTS.at(-1), rule, most };
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
