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
