// Draws a station's day: opening periods shaded, one bar a stint, the class as a ribbon below, "now" as a line.
// The numbers come with the page and with each nudge of the stream; the tables below say the same.
"use strict";

const ROW_REM = 2.25;
const REFRESH_MS = clock.rate === 1 ? 15000 : 1000; // open bars grow with the clock; all else comes with a nudge
let chart = null;

function colour(name) {
  return getComputedStyle(page).getPropertyValue(`--${name}`).trim();
}

function rem(value) {
  return value * parseFloat(getComputedStyle(page).fontSize);
}

function clockText(minutes) {
  const whole = Math.round(minutes);
  return `${String(Math.floor(whole / 60) % 24).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

function classStyle(name) {
  const hatch = { symbol: "rect", symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4 };
  return {
    met: { color: colour("fill-met") },
    minimum: { color: colour("fill-minimum") },
    vacant: { color: colour("fill-vacant") },
    unknown: { color: colour("hatch-a"), decal: { ...hatch, color: colour("unknown") } },
    closed: { color: "transparent" },
  }[name];
}

const INK_ON = { met: "#fff", minimum: "#221600", vacant: "#fff", unknown: null };

// Each row of the picture is a list of parts that follow one another: what is not a part is a hole.
function barParts(bar, now) {
  const end = bar.to ?? now;
  const solid = { color: colour("accent") };
  const out = { color: "transparent", borderColor: colour("accent"), borderType: "dashed", borderWidth: 1.5 };
  const parts = [];
  let at = bar.from;
  for (const [from, to] of bar.outs) {
    parts.push({ from: at, to: from, style: solid });
    parts.push({ from, to: to ?? now, style: out });
    at = to ?? now;
  }
  if (end > at) parts.push({ from: at, to: end, style: solid });
  return parts;
}

function bandParts(bands, now) {
  return bands
    .filter((band) => band.class !== "closed")
    .map((band) => ({ from: band.from, to: band.to ?? now, style: classStyle(band.class), word: band.word, ink: INK_ON[band.class] }));
}

function stack(rows, first, pixels) {
  const depth = Math.max(0, ...rows.map((row) => row.parts.length));
  const series = [];
  for (let i = 0; i < depth; i++) {
    const holes = [];
    const solids = [];
    for (const { parts } of rows) {
      const part = parts[i];
      const before = i ? parts[i - 1]?.to : first;
      holes.push(part ? part.from - before : 0);
      solids.push(part ? { value: part.to - part.from, itemStyle: part.style, label: label(part, pixels) } : 0);
    }
    series.push({ type: "bar", stack: "day", silent: true, data: holes, itemStyle: { color: "transparent" } });
    series.push({ type: "bar", stack: "day", silent: true, data: solids, barWidth: rem(1.125) });
  }
  return series;
}

// A word stands in its band only where it fits; the colour alone would say too little.
function label(part, pixels) {
  const fits = part.word && part.ink && (part.to - part.from) * pixels > rem(0.875) * (part.word.length + 1);
  return fits ? { show: true, position: "inside", formatter: part.word, color: part.ink, fontSize: rem(0.8125) } : { show: false };
}

// Gaps are labelled with their minutes under the ribbon; neighbours that would collide go to the next line.
function gapLabels(picture, now, pixels) {
  const ends = [];
  return picture.bands
    .filter((band) => band.gap)
    .map((band) => {
      const middle = ((band.from + (band.to ?? now)) / 2 - picture.from) * pixels;
      const half = (rem(0.8125) * (band.gap.length + 1)) / 2;
      let line = 0;
      while (ends[line] > middle - half) line += 1;
      ends[line] = middle + half;
      return {
        coord: [middle / pixels, picture.bars.length],
        symbol: "circle",
        symbolSize: 0,
        label: { show: true, formatter: band.gap, offset: [0, rem(1.25 + 1.125 * line)], color: colour("ink"), fontSize: rem(0.8125) },
      };
    });
}

function option(picture, now, width) {
  const isNarrow = innerWidth < rem(40);
  const left = rem(isNarrow ? 3.5 : 7);
  const pixels = (width - left - rem(1.75)) / (picture.to - picture.from);
  const text = { color: colour("soft"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: rem(0.875) };
  const rows = picture.bars.map((bar) => ({ name: isNarrow ? bar.letter : `${bar.letter}  ${bar.role}`, parts: barParts(bar, now) }));
  rows.push({ name: picture.words.band, parts: bandParts(picture.bands, now) });
  const series = stack(rows.map((row) => ({ ...row, parts: shift(row.parts, picture.from) })), 0, pixels);
  const at = (minute) => minute - picture.from;
  series.push({
    type: "bar",
    stack: "day",
    silent: true,
    data: [],
    markArea: {
      silent: true,
      itemStyle: { color: colour("line"), opacity: 0.45 },
      data: picture.periods.map(([from, to]) => [{ xAxis: at(from) }, { xAxis: at(to) }]),
    },
    markPoint: { silent: true, data: gapLabels(picture, now, pixels) },
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: colour("ink"), type: "solid", width: 1.5 },
      label: { position: "start", formatter: `${picture.words.now} ${clockText(now)}`, color: colour("ink"), fontSize: rem(0.875), fontFamily: text.fontFamily },
      data: now >= picture.from && now <= picture.to ? [{ xAxis: at(now) }] : [],
    },
  });
  return {
    animation: false,
    textStyle: text,
    grid: { left, right: rem(1.75), top: rem(2.25), bottom: rem(4.25) },
    xAxis: {
      type: "value",
      min: 0,
      max: at(picture.to),
      interval: isNarrow ? 120 : 60,
      position: "bottom",
      axisLabel: { ...text, formatter: (value) => clockText(value + picture.from), margin: rem(2.5) },
      splitLine: { lineStyle: { color: colour("line") } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map((row) => row.name),
      axisLabel: { ...text, color: colour("ink") },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("line") } },
    },
    series,
  };
}

function shift(parts, first) {
  return parts.map((part) => ({ ...part, from: part.from - first, to: part.to - first }));
}

function draw() {
  const place = document.querySelector(".picture");
  const picture = JSON.parse(place.dataset.picture);
  place.style.height = `${rem(6.75 + ROW_REM * (picture.bars.length + 1))}px`;
  if (!chart || chart.getDom() !== place) {
    chart?.dispose();
    chart = echarts.init(place, null, { renderer: "canvas" });
  }
  chart.resize();
  const now = (stationNow() - Date.parse(picture.midnight)) / 60000;
  chart.setOption(option(picture, now, place.clientWidth), true);
}

document.addEventListener("htmx:afterSwap", draw);
window.addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
setInterval(draw, REFRESH_MS);
draw();
