// Filters and sorts the table of pairs.
const list = (() => {
  const table = document.getElementById("table");
  if (!table) {
    const none = () => undefined;
    return { fitting: () => [], ids: () => [], apply: none, neighbour: none, address: () => "#pairs" };
  }
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
  const apply = () => {
    const fits = test(filters.wanted());
    let fitting = 0;
    for (const row of rows) {
      row.hidden = !fits(row);
      fitting += !row.hidden;
    }
    count.textContent = `${fitting} of ${rows.length} pairs`;
  };

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    return "value" in cell.dataset ? cell.dataset.value : cell.textContent;
  };
  const compare = (one, other, isNumber) => {
    if (one === "" || other === "") return (one === "") - (other === "");  // not known comes last
    return isNumber ? Number(one) - Number(other) : one.localeCompare(other);
  };
  filters.sort([...table.tHead.rows[0].cells], (column, down, header) => {
    const isNumber = header.classList.contains("number");
    rows.sort((a, b) => {
      const [one, other] = [valueOf(a, column), valueOf(b, column)];
      const order = compare(one, other, isNumber);
      return down && one !== "" && other !== "" ? -order : order;
    });
    body.append(...rows);
  });

  for (const link of document.querySelectorAll("a.which")) {
    const fitting = rows.filter(test(new URLSearchParams(link.hash.split("?")[1]))).length;
    link.textContent = `Show these pairs (${fitting} on this page)`;
  }
  filters.start(apply);

  const fitting = () => rows.filter((row) => !row.hidden);
  const ids = () => fitting().map((row) => row.dataset.id);
  const neighbour = (number, step) => {
    const among = fitting();
    const at = among.findIndex((row) => row.dataset.pair === number);
    return at < 0 ? among[0] : among[at + step];
  };
  return { fitting, ids, apply, neighbour, address: filters.address };
})();
