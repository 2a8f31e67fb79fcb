// What every page needs to be live: a stream that always comes back, the station's clock, durations that
// go on counting, and a loud sign when the last word is old, or when what the page fetches does not come. What is said
// on the stream, htmx puts in its place. A page that nobody sees has no stream: a browser has six connections for all.
"use strict";

const SILENCE_MS = 5000; // look.md: five seconds without a word, and the page must not pass for live
const GIVE_UP_MS = 8000; // a connection silent for so long is half open: the browser will never notice
const RETRY_MS = [500, 1500]; // spread, so that a hundred screens do not come back in one instant
const REFUSED = new Set([401, 403, 404]); // who asks for a stream and gets this may not see what stands here any more
const WAKING_MS = 1500; // how long a page that is seen again may wait for its stream before it calls itself lost

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
    if (document.hidden || this.readyState === EventSource.CLOSED) return;
    this.inner?.close();
    this.inner = new EventSource(this.url);
    this.url = this.url.replace(/&shown=\w+/, ""); // once: whoever comes again may have missed what changed since
    this.openedAt = elapsed();
    this.inner.onopen = (event) => {
      this.readyState = EventSource.OPEN;
      this.onopen?.(event);
    };
    this.inner.onerror = () => {
      if (this.readyState !== EventSource.OPEN) turnIfRefused(this.url);
      this.retry();
    };
    this.inner.addEventListener("ended", turn); // signed out, or a grant or link ended: the page is another now
    this.inner.addEventListener("beat", (event) => heard(JSON.parse(event.data)));
    for (const name of this.names.keys()) this.listen(name);
  }

  rest() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.inner?.close();
    this.readyState = EventSource.CONNECTING;
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
    if (document.hidden || this.readyState === EventSource.CLOSED || this.waiting) return;
    this.readyState = EventSource.CONNECTING;
    this.inner?.close();
    const [least, most] = RETRY_MS;
    this.waiting = setTimeout(() => {
      this.waiting = null;
      this.connect();
    }, least + Math.random() * (most - least));
  }

  close() {
    this.readyState = EventSource.CLOSED;
    clearTimeout(this.waiting);
    this.inner?.close();
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
let wokenAt = null; // since when a page is seen again without having heard anything
let askedAt = null; // since when a fetch is on its way
let hasFailed = false; // the last fetch brought nothing: the stream may live, what stands here is old
let clock = { at: Date.parse(page.dataset.asOf), rate: Number(page.dataset.rate), heard: elapsed() };
let freshAt = clock.at; // of when what was fetched last is

function stationNow() {
  return clock.at + Math.min(since(clock.heard), SILENCE_MS) * clock.rate;
}

function said() {
  lastWord = elapsed();
  wokenAt = null;
  if (!isBehind()) page.dataset.link = "live";
}

function isBehind() {
  return hasFailed || (askedAt !== null && since(askedAt) > SILENCE_MS);
}

function heard(beat) {
  clock = { at: Date.parse(beat.as_of), rate: beat.rate, heard: elapsed() };
  said();
  tick();
}

function watch() {
  if (document.hidden) return;
  const isSilent = since(lastWord) > SILENCE_MS;
  if (isSilent && wokenAt !== null && since(wokenAt) < WAKING_MS) {
    page.dataset.link = "waking";
  } else if ((isSilent || isBehind()) && page.dataset.link !== "lost") {
    document.getElementById("last-word").textContent = timeOfDay.format(isBehind() ? freshAt : clock.at);
    page.dataset.link = "lost";
  }
  if (source && !source.waiting && Math.min(since(lastWord), since(source.openedAt)) > GIVE_UP_MS) source.retry();
}

// An EventSource never says why it was not let in: a link that was withdrawn looks like a line that is down.
async function turnIfRefused(url) {
  const answer = await asked(url, "HEAD");
  if (answer?.type === "opaqueredirect" || REFUSED.has(answer?.status)) await turn();
}

// Only to a page of ours: where the hub is away, others may answer in its place or lead elsewhere, and from their page
// is no way back.
async function turn() {
  const answer = await asked(location.href, "GET", "follow");
  if (answer && (await answer.text().catch(() => "")).includes("data-as-of=")) location.reload();
}

function asked(url, method, redirect = "manual") {
  const signal = AbortSignal.timeout(SILENCE_MS);
  return fetch(url, { method, redirect, cache: "no-store", signal }).catch(() => null);
}

function sleepOrWake() {
  if (!source) return;
  if (document.hidden) {
    source.rest();
    return;
  }
  wokenAt = elapsed();
  source.connect();
  watch();
}

// What somebody looks for in the frame is no part of the page that has to be up to date.
function isAside(event) {
  return Boolean(event.target.closest?.(".search"));
}

function failed(event) {
  if (isAside(event)) return;
  hasFailed = true;
  askedAt = null;
  watch();
  setTimeout(() => htmx.trigger(event.detail.elt, "again"), RETRY_MS[1]);
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
  // Minutes that have begun count: it says "1 min" until the moment itself.
  for (const element of document.querySelectorAll("[data-until]")) {
    setText(element, duration(Math.ceil((Date.parse(element.dataset.until) - now) / 60000) * 60000));
  }
}

htmx.createEventSource = (url) => (source = new LiveSource(url));
document.addEventListener("htmx:sseMessage", tick);
document.addEventListener("visibilitychange", sleepOrWake);
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isAside(event)) askedAt ??= elapsed();
});
for (const name of ["responseError", "sendError", "timeout", "swapError"]) document.addEventListener(`htmx:${name}`, failed);
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (!event.detail.successful || isAside(event)) return;
  askedAt = null;
  hasFailed = false;
  freshAt = clock.at;
});
document.addEventListener("animationend", (event) => event.target.classList.remove("fresh"));
setInterval(watch, 250);
setInterval(tick, clock.rate === 1 ? 1000 : 250);
