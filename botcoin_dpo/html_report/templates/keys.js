// Leads from pair to pair, by links and by keys, and remembers whether only cited paragraphs are
// wanted.
(() => {
  const help = document.getElementById("help");
  const openHelp = document.getElementById("keys");
  openHelp.hidden = false;
  openHelp.addEventListener("click", () => help.showModal());
  let onlyCited = false;

  const link = (element, row) => {
    element.hidden = !row;
    if (row) element.href = `#pair-${row.dataset.pair}`;
  };
  const cite = (isWanted) => {
    onlyCited = isWanted;
    for (const box of document.querySelectorAll(".only-cited")) box.checked = onlyCited;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches(".only-cited")) cite(event.target.checked);
  });
  shown.listen(async (number) => {
    if (!number) return;
    const pair = document.getElementById(`pair-${number}`);
    pair.querySelector(".back a").href = list.address();
    pair.querySelector("button.mark").hidden = false;
    cite(onlyCited);
    link(pair.querySelector(".previous"), await list.neighbour(number, -1));
    link(pair.querySelector(".next"), await list.neighbour(number, 1));
  });

  const focused = () => document.activeElement.closest("#table tbody tr");
  const move = async (step) => {
    const number = shown.current();
    if (number) {
      const row = await list.neighbour(number, step);
      if (row) location.hash = `#pair-${row.dataset.pair}`;
      return;
    }
    const among = list.fitting();
    const at = among.indexOf(focused());
    const row = among[at < 0 ? (step > 0 ? 0 : among.length - 1) : at + step]
      || await list.turned?.(step);
    if (row) row.querySelector("a").focus();
  };
  const actions = {
    j: () => move(1),
    k: () => move(-1),
    x: () => marks.toggle(shown.current() || focused()?.dataset.pair),
    c: () => cite(!onlyCited),
    u: () => { if (shown.current()) document.querySelector(`#pair-${shown.current()} .back a`).click(); },
    "/": () => {
      if (shown.current()) location.hash = "#pairs";
      requestAnimationFrame(() => document.getElementById("search")?.focus());
    },
    "?": () => help.showModal(),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.target.matches("input:not([type=checkbox]), select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  shown.start();
})();
