"use strict";
// Where a page has its pairs from that carries them: texts that stand in it. Without a script the
// pairs are part of the page, and what the address names is shown.
const source = (() => {
  const texts = new Map();
  for (const text of document.querySelectorAll("noscript[data-pair]")) {
    texts.set(text.dataset.pair, text);
  }
  const numbers = new Map();
  for (const row of document.querySelectorAll("#table tbody tr")) {
    numbers.set(row.dataset.id, row.dataset.pair);
  }
  const make = (number) => {
    const text = texts.get(number);
    if (!text) return false;
    texts.delete(number);
    text.insertAdjacentHTML("afterend", text.textContent);
    text.remove();
    return true;
  };
  return { make, find: (id) => numbers.get(id) };
})();
