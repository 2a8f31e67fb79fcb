// What every page needs to be live: a stream that always comes back, the station's clock, durations that
// go on counting, and a loud sign when the last word is old. What is said on the stream, htmx puts in its place.
"use strict";

const SILENCE_MS = 5000; // look.md: five seconds without a word, and the page must not pass for live
const GIVE_UP_MS = 8000; // a connection silent for so long is half open: the browser will never notice
const RETRY_MS = [500, 1500]; // spread, so that a hundred screens do not come back in one instant

const page = document.documentElement;
const words = JSON.parse(page.dataset.words);

// An EventSource that never closes by itself. A browser's own gives up after an answer such as 502, and the
// htmx extension then waits up to 64 s; a wall screen should be back within two.
class LiveSource extends EventTarget {
  constructor(url) {
    super();
    this.url = url;
    this.readyState = EventSource.CONNECTING;
    this.names = new Map();
    this.connect();
  }

  connect() {
    this.inner = new EventSource(this.url);
    this.openedAt = elapsed();
    this.inner.onopen = (event) => {
      this.readyState = EventSource.OPEN;
      this.onopen?.(event);
    };
    this.inner.onerror = () => this.retry();
    this.inner.addEventListener("beat", (event) => heard(JSON.parse(event.data)));
    for (const name of this.names.keys()) this.listen(name);
  }

  listen(name) {
    this.inner.addEventListener(name, (event) => {
      this.dispatchEvent(new MessageEvent(name, { data: event.data }));
      said();
    });
  }

  addEventListener(name, ...rest) {
    super.addEventListener(name, ...rest);
    if (this.names.has(name)) return;
    this.names.set(name, true);
    this.listen(name);
  }

  retry() {
    if (this.readyState === EventSource.CLOSED || this.waiting) return;
    this.readyState = EventSource.CONNECTING;
    this.inner.close();
    const [least, most] = RETRY_MS;
    this.waiting = setTimeout(() => {
      this.waiting = null;
      this.connect();
    }, least + Math.random() * (most - least));
  }

  close() {
    this.readyState = EventSource.CLOSED;
    clearTimeout(this.waiting);
    this.inner.close();
  }
}

// The monotonic clock stands still while a laptop sleeps, the wall clock can be set back: the larger one counts.
function elapsed() {
  return { mono: performance.now(), wall: Date.now() };
}

function since(mark) {
  return Math.max(performance.now() - mark.mono, Date.now() - mark.wall);
}

let source = null;
let lastWord = elapsed();
let clock = { at: Date.parse(page.dataset.asOf), rate: Number(page.dataset.rate), heard: elapsed() };

function stationNow() {
  return clock.at + Math.min(since(clock.heard), SILENCE_MS) * clock.rate;
}

function said() {
  lastWord = elapsed();
  page.dataset.link = "live";
}

function heard(beat) {
  clock = { at: Date.parse(beat.as_of), rate: beat.rate, heard: elapsed() };
  said();
  tick();
}

function watch() {
  if (since(lastWord) > SILENCE_MS && page.dataset.link !== "lost") {
    document.getElementById("last-word").textContent = timeOfDay.format(clock.at);
    page.dataset.link = "lost";
  }
  if (source && !source.waiting && Math.min(since(lastWord), since(source.openedAt)) > GIVE_UP_MS) source.retry();
}

function format(options) {
  return new Intl.DateTimeFormat(page.lang, { timeZone: page.dataset.zone, hourCycle: "h23", ...options });
}

const timeOfDay = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const shownTime = clock.rate === 1 ? timeOfDay : format({ hour: "2-digit", minute: "2-digit" });
const shownDay = format({ month: page.lang === "en" ? "short" : "long", day: "numeric", weekday: "short" });

function duration(ms) {
  const minutes = Math.max(0, Math.floor(ms / 60000));
  const hours = Math.floor(minutes / 60);
  const parts = { d: Math.floor(hours / 24), h: hours, m: minutes };
  if (parts.d) return fill(words.days, { ...parts, h: hours % 24 });
  return hours ? fill(words.hours, { ...parts, m: minutes % 60 }) : fill(words.minutes, parts);
}

function fill(pattern, parts) {
  return pattern.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
}

function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function tick() {
  const now = stationNow();
  setText(document.getElementById("clock"), shownTime.format(now));
  setText(document.getElementById("today"), shownDay.format(now));
  for (const element of document.querySelectorAll("[data-since]")) {
    setText(element, duration(now - Date.parse(element.dataset.since)));
  }
}

htmx.createEventSource = (url) => (source = new LiveSource(url));
document.addEventListener("htmx:sseMessage", tick);
document.addEventListener("animationend", (event) => event.target.classList.remove("fresh"));
setInterval(watch, 250);
setInterval(tick, clock.rate === 1 ? 1000 : 250);
