"use strict";
// Where a page has its pairs from that is served: it asks for each, and for parts of the list.
const source = (() => {
  const MOST_MADE = 20;
  const place = document.getElementById("made");
  const trouble = document.getElementById("trouble");
  const tell = (line) => {
    trouble.textContent = line;
    trouble.hidden = false;
  };
  const ask = async (name, query) => {
    let answer, text;
    try {
      answer = await fetch(`${name}?${query}`);
      text = await answer.text();
    } catch {
      tell("The server does not answer; start botcoin-dpo report --serve again.");
      return null;
    }
    if (answer.ok) return text;
    if (answer.status !== 404) tell(text);
    return null;
  };
  const add = (text) => {
    const holder = document.createElement("template");
    holder.innerHTML = text;
    const pair = holder.content.querySelector("article.pair");
    const known = document.getElementById(pair.id);
    if (known) return known;
    place.append(pair);
    while (place.childElementCount > MOST_MADE) place.firstElementChild.remove();
    return pair;
  };
  const asked = new Map();
  const make = (number) => {
    if (!number || document.getElementById(`pair-${number}`)) return false;
    if (!asked.has(number)) {
      const made = ask("pair", new URLSearchParams({ number }));
      asked.set(number, made.then((text) => text !== null && Boolean(add(text)))
        .finally(() => asked.delete(number)));
    }
    return asked.get(number);
  };
  const find = async (id) => {
    const text = await ask("pair", new URLSearchParams({ id }));
    return text === null ? undefined : add(text).id.replace("pair-", "");
  };
  const rows = async (query) => {
    const holder = document.createElement("template");
    const text = await ask("list", query);
    if (text === null) return undefined;
    holder.innerHTML = text;
    const table = holder.content.querySelector("table");
    return { rows: [...table.rows], fitting: Number(table.dataset.fitting) };
  };
  const ids = async (query) => (await ask("ids", query) || "").split("\n").filter(Boolean);
  return { make, find, rows, ids };
})();
