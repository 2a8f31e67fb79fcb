// The way back to the board leads to the board as it was left: the same district, kind, class and words.
"use strict";

try {
  const left = sessionStorage.getItem("board");
  for (const link of document.querySelectorAll("[data-back]")) if (left) link.href = `/${left}`;
} catch {
  // a browser that keeps nothing for us leads back to the whole board
}
