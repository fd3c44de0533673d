"use strict";
// Filters and sorts the table of pairs, and makes a pair when it is wanted. Without a script the
// pairs are part of the page, and what the address names is shown.
(() => {
  const texts = new Map();
  for (const text of document.querySelectorAll("noscript[data-pair]")) {
    texts.set(text.dataset.pair, text);
  }
  const make = (hash) => {
    const [, number] = /^#pair-(\d+)(?:-\d+)?$/.exec(hash) || [];
    const text = texts.get(number);
    if (!text) return false;
    texts.delete(number);
    text.insertAdjacentHTML("afterend", text.textContent);
    text.remove();
    return true;
  };
  const name = document.title;
  const missing = document.getElementById("missing");
  const show = () => {
    if (make(location.hash)) return location.replace(location.hash);  // it was not there to show
    const [, number] = /^#pair-(\d+)/.exec(location.hash) || [];
    const head = number && document.getElementById(`head-${number}`);
    document.title = head ? `Pair ${number}, ${name}` : name;
    missing.hidden = !number || Boolean(head);
    missing.textContent = missing.hidden ? "" : `Pair ${number} is not among those shown here.`;
    if (head && location.hash === `#pair-${number}`) head.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link) make(link.hash);
  });
  addEventListener("hashchange", show);
  show();
})();

(() => {
  const table = document.getElementById("table");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const field = (name) => document.getElementById(name);
  const count = field("count");
  const [DOMAIN, KIND] = [1, 5];

  const filter = () => {
    const wanted = field("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const domain = field("domain").value;
    const kind = field("kind").value;
    let shown = 0;
    for (const row of rows) {
      const kinds = row.cells[KIND].textContent.split(", ");
      const fits =
        wanted.every((word) => words.get(row).includes(word)) &&
        (!domain || row.cells[DOMAIN].textContent === domain) &&
        (!kind || kinds.includes(kind));
      row.hidden = !fits;
      shown += fits;
    }
    count.textContent = `${shown} of ${rows.length} pairs`;
  };

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return "value" in cell.dataset ? cell.dataset.value : cell.textContent;
  };
  const compare = (one, other, isNumber) => {
    if (one === "" || other === "") return (one === "") - (other === "");  // not known comes last
    return isNumber ? Number(one) - Number(other) : one.localeCompare(other);
  };
  const headers = [...table.tHead.rows[0].cells];
  headers.forEach((header, column) => {
    const button = header.querySelector("button");
    button.disabled = false;
    button.addEventListener("click", () => {
      const down = header.getAttribute("aria-sort") === "ascending";
      headers.forEach((each) => each.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
      const isNumber = header.classList.contains("number");
      rows.sort((a, b) => {
        const [one, other] = [valueOf(a, column), valueOf(b, column)];
        const order = compare(one, other, isNumber);
        return down && one !== "" && other !== "" ? -order : order;
      });
      body.append(...rows);
    });
  });

  for (const name of ["search", "domain", "kind"]) field(name).addEventListener("input", filter);
  const controls = document.querySelector(".controls");
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.hidden = false;
  filter();
})();
