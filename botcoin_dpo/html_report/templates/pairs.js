"use strict";
// Makes a pair when it is wanted, and shows the one that the address names: `#pair-12`, a paragraph
// of it, `#pair-12-5`, or its id, `#58491a0498cd117a`. Without a script the pairs are part of the
// page, and what the address names is shown.
const shown = (() => {
  const texts = new Map();
  for (const text of document.querySelectorAll("noscript[data-pair]")) {
    texts.set(text.dataset.pair, text);
  }
  const numbers = new Map();
  for (const row of document.querySelectorAll("#table tbody tr")) {
    numbers.set(row.dataset.id, row.dataset.pair);
  }
  const listeners = [];
  const numberIn = (hash) => (/^#pair-(\d+)(?:-\d+)?$/.exec(hash) || [])[1];
  const make = (hash) => {
    const text = texts.get(numberIn(hash));
    if (!text) return false;
    texts.delete(numberIn(hash));
    text.insertAdjacentHTML("afterend", text.textContent);
    text.remove();
    return true;
  };
  const name = document.title;
  const missing = document.getElementById("missing");
  const current = () => numberIn(location.hash);
  const show = () => {
    const number = numbers.get(location.hash.slice(1).toLowerCase());
    if (number) return location.replace(`#pair-${number}`);
    if (make(location.hash)) location.replace(location.hash);  // it was not there to show
    const head = current() && document.getElementById(`head-${current()}`);
    document.title = head ? `Pair ${current()}, ${name}` : name;
    const wanted = current() || (/^#([0-9a-f]{16})$/i.exec(location.hash) || [])[1];
    missing.hidden = !wanted || Boolean(head);
    missing.textContent = missing.hidden ? "" : `Pair ${wanted} is not among those shown here. ` +
      `To see it: botcoin-dpo show ${missing.dataset.build} ${wanted}`;
    for (const listener of listeners) listener(head ? current() : undefined);
    if (head && location.hash === `#pair-${current()}`) head.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link) make(link.hash);
  });
  addEventListener("hashchange", show);
  return { current, listen: (listener) => listeners.push(listener), start: show };
})();
