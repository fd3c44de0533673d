// Shows a part of the list of pairs, which the server filters and sorts; neighbours of a pair may
// stand in the part before or after.
const list = (() => {
  const MOST_PARTS = 20, MOST_MARKED = 2000, PATIENCE = 200;
  const table = document.getElementById("table");
  const body = table.tBodies[0];
  const count = document.getElementById("count");
  const turn = document.getElementById("turn");
  const size = Number(turn.dataset.size);
  const [before, after] = turn.querySelectorAll("button");
  const headers = [...table.tHead.rows[0].cells];
  let query = null, start = 0, order = {}, waiting = 0, isCut = false;
  const parts = new Map();  // by where they start; a promise each
  const places = new Map();  // of pairs in the whole list, by number

  const part = (from) => {
    if (!parts.has(from)) {
      if (parts.size >= MOST_PARTS) parts.clear();
      const asked = query;
      parts.set(from, source.rows(`${query}&start=${from}`).then((found) => {
        if (asked !== query) return undefined;
        if (found) found.rows.forEach((row, at) => places.set(row.dataset.pair, from + at));
        else parts.delete(from);
        return found;
      }));
    }
    return parts.get(from);
  };
  const show = async () => {
    const [asked, from] = [query, start];
    const found = await part(from);
    if (!found || asked !== query || from !== start) return;
    const { rows, fitting } = found;
    body.replaceChildren(...rows);
    count.textContent = fitting
      ? `${from + 1} to ${from + rows.length} of ${fitting} pairs` : "0 pairs";
    if (isCut) count.textContent += `; more than ${MOST_MARKED} are marked`;
    turn.hidden = fitting <= size;
    before.disabled = !from;
    after.disabled = from + size >= fitting;
    marks.paint();
  };
  const search = () => {
    const wanted = filters.wanted();
    isCut = wanted.has("marked") && marks.ids().length > MOST_MARKED;
    if (wanted.has("marked")) wanted.set("ids", marks.ids().slice(0, MOST_MARKED).join(","));
    wanted.delete("marked");
    for (const [name, value] of Object.entries(order)) wanted.set(name, value);
    query = wanted.toString();
    start = 0;
    parts.clear();
    places.clear();
    return show();
  };
  const apply = () => new Promise((resolve) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => resolve(search()), query === null ? 0 : PATIENCE);
  });
  const go = (from) => {
    start = Math.max(0, from);
    return show();
  };
  const click = (from) => go(from).then(() => document.getElementById("filters").scrollIntoView());
  before.addEventListener("click", () => click(start - size));
  after.addEventListener("click", () => click(start + size));
  filters.sort(headers, (column, down, header) => {
    order = { sort: header.textContent, ...(down && { down: 1 }) };
    search();
  });
  filters.start(apply);

  const neighbour = async (number, step) => {
    if (query === null) await search();
    const at = places.get(number);
    if (at === undefined) return (await part(0))?.rows[0];
    if (at - at % size !== start) go(at - at % size);  // so that it is there on the way back
    const wanted = at + step;
    return wanted < 0 ? undefined : (await part(wanted - wanted % size))?.rows[wanted % size];
  };
  const fitting = () => [...body.rows];
  const turned = async (step) => {
    const button = step > 0 ? after : before;
    if (turn.hidden || button.disabled) return undefined;
    await go(start + step * size);
    return body.rows[step > 0 ? 0 : body.rows.length - 1];
  };
  return { fitting, ids: () => source.ids(query), apply, neighbour, turned, address: filters.address };
})();
