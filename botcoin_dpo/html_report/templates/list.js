// Filters and sorts the table of pairs. The filters are in the address, `#pairs?flag=suspicious`, so
// that links of the page lead to pairs, and a list can be shared.
const list = (() => {
  const table = document.getElementById("table");
  if (!table) {
    const none = () => undefined;
    return { rows: [], fitting: () => [], apply: none, neighbour: none, address: () => "#pairs" };
  }
  const form = document.getElementById("filters");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const words = new Map(
    rows.map((row) => [row, `${row.textContent} ${row.dataset.id}`.toLowerCase()]));
  const count = document.getElementById("count");
  const names = ["flag", "ground", "sign", "kind", "gain", "gap", "domain", "model", "type", "split"];
  const whole = new Set(["domain", "model"]);  // their values may have blanks

  const test = (wanted) => {
    const search = (wanted.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = names.map((name) => [name, wanted.get(name)]).filter(([, value]) => value);
    return (row) =>
      search.every((word) => words.get(row).includes(word)) &&
      (!wanted.get("marked") || row.cells[0].firstElementChild.checked) &&
      chosen.every(([name, value]) => whole.has(name)
        ? row.dataset[name] === value : row.dataset[name].split(" ").includes(value));
  };
  const wantedNow = () => {
    const wanted = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) wanted.set(name, value);
    return wanted;
  };
  const apply = () => {
    const fits = test(wantedNow());
    let fitting = 0;
    for (const row of rows) {
      row.hidden = !fits(row);
      fitting += !row.hidden;
    }
    count.textContent = `${fitting} of ${rows.length} pairs`;
  };
  const read = () => {
    const [place, query] = location.hash.split("?");
    if (place !== "#pairs" || query === undefined) return;
    const wanted = new URLSearchParams(query);
    for (const field of form.elements) {
      if (!field.name) continue;
      const value = wanted.get(field.name) || "";
      if (field.type === "checkbox") field.checked = Boolean(value);
      else {
        const isChoice = field.tagName === "SELECT" && value;
        if (isChoice && ![...field.options].some((each) => each.value === value)) {
          field.add(new Option(value, value));  // no pair here has it, and the list says so
        }
        field.value = value;
      }
    }
    apply();
    document.getElementById("pairs").scrollIntoView();
  };
  const address = () => {
    const query = wantedNow().toString();
    return query ? `#pairs?${query}` : "#pairs";
  };
  const changed = () => {
    apply();
    history.replaceState(null, "", address());
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
    if (!button) return;
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

  for (const link of document.querySelectorAll("a.which")) {
    const fitting = rows.filter(test(new URLSearchParams(link.hash.split("?")[1]))).length;
    link.textContent = `Show these pairs (${fitting} on this page)`;
  }
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(changed));
  addEventListener("hashchange", read);
  form.hidden = false;
  apply();
  read();

  const fitting = () => rows.filter((row) => !row.hidden);
  const neighbour = (number, step) => {
    const among = fitting();
    const at = among.findIndex((row) => row.dataset.pair === number);
    return at < 0 ? among[0] : among[at + step];
  };
  return { rows, fitting, apply, neighbour, address };
})();
