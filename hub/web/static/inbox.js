// The list is fetched anew every few seconds: not while somebody writes into it, for what they typed would be gone, and
// put in place only where it is otherwise. htmx keeps the focus by the ids of what can have it.
"use strict";

const waiting = document.getElementById("waiting");
let shown = null; // what was fetched last

function isWrittenIn() {
  return waiting.querySelector("details[open]") !== null;
}

document.addEventListener("htmx:confirm", (event) => {
  if (event.detail.elt === waiting && isWrittenIn()) event.preventDefault();
});
waiting.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.serverResponse === shown || isWrittenIn()) event.detail.shouldSwap = false;
  else shown = event.detail.serverResponse;
});
waiting.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("input")?.focus();
  else if (!isWrittenIn()) htmx.trigger(waiting, "again");
}, true);
