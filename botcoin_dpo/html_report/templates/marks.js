// Marks pairs, and hands out their ids as the file that `--exclude` takes.
const marks = (() => {
  const place = document.getElementById("marks");
  if (!place) return { toggle: () => {} };
  const field = (name) => document.getElementById(name);
  const key = `botcoin-dpo marks ${document.body.dataset.marks || location.pathname}`;
  const body = document.getElementById("table").tBodies[0];
  const idOf = (number) =>  // of its row, or of the pair itself
    document.querySelector(`[data-pair="${number}"][data-id], #pair-${number}`)?.dataset.id;
  let marked = new Set();
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "[]");
    marked = new Set(kept.filter((id) => /^[0-9a-f]{16}$/.test(id)));
  } catch { /* nothing is kept where a browser does not let a page keep anything */ }
  const text = () => [...marked].sort().map((id) => `${id}\n`).join("");
  let address = "";
  const paint = () => {
    for (const row of body.rows) {
      const box = row.cells[0].firstElementChild;
      box.disabled = false;
      box.checked = marked.has(row.dataset.id);
      row.classList.toggle("marked", box.checked);
    }
    for (const button of document.querySelectorAll("button.mark")) {
      const isMarked = marked.has(idOf(button.value));
      button.setAttribute("aria-pressed", isMarked);
      button.textContent = isMarked ? "Marked" : "Mark";
    }
  };
  const show = () => {
    paint();
    const [noun, verb] = marked.size === 1 ? ["pair", "is"] : ["pairs", "are"];
    field("marked-count").textContent =
      marked.size ? `${marked.size} ${noun} ${verb} marked.` : "No pair is marked.";
    for (const name of ["copy", "unmark"]) field(name).disabled = !marked.size;
    field("save").hidden = !marked.size;
    URL.revokeObjectURL(address);
    address = URL.createObjectURL(new Blob([text()], { type: "text/plain" }));
    field("save").href = address;
    field("marks-told").textContent = "";
    if (field("only-marked").checked) list.apply();
    try { localStorage.setItem(key, JSON.stringify([...marked])); } catch { /* as above */ }
  };
  const set = (id, isMarked) => isMarked ? marked.add(id) : marked.delete(id);
  const toggle = (number) => {
    const id = number && idOf(number);
    if (!id) return;
    set(id, !marked.has(id));
    show();
  };
  const copy = async () => {
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      const area = document.createElement("textarea");
      area.value = text();
      place.append(area);
      area.select();
      isCopied = document.execCommand("copy");
      area.remove();
    }
    field("marks-told").textContent = isCopied ? "Copied." : "This browser does not let it; save the file.";
  };
  body.addEventListener("change", (event) => {
    const row = event.target.closest("tr");
    set(row.dataset.id, event.target.checked);
    show();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.mark");
    if (button) toggle(button.value);
  });
  field("mark-all").addEventListener("click", async () => {
    const ids = await list.ids();
    for (const id of ids) marked.add(id);
    show();
    if (ids.length >= Number(place.dataset.most)) {
      field("marks-told").textContent = `Only the first ${ids.length} are marked.`;
    }
  });
  field("unmark").addEventListener("click", () => { marked.clear(); show(); });
  field("copy").addEventListener("click", copy);
  shown.listen(show);
  place.hidden = false;
  show();
  return { toggle, paint, ids: () => [...marked].sort() };
})();
