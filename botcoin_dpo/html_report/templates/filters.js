// The filters of the list. They are in the address, `#pairs?flag=suspicious`, so that links of the page
// lead to pairs, and a list can be shared.
const filters = (() => {
  const form = document.getElementById("filters");
  if (!form) return undefined;
  const wanted = () => {
    const found = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) found.set(name, value);
    return found;
  };
  const address = () => {
    const query = wanted().toString();
    return query ? `#pairs?${query}` : "#pairs";
  };
  const read = (apply) => {
    const [place, query] = location.hash.split("?");
    if (place !== "#pairs" || query === undefined) return;
    const given = new URLSearchParams(query);
    for (const field of form.elements) {
      if (!field.name) continue;
      const value = given.get(field.name) || "";
      if (field.type === "checkbox") field.checked = Boolean(value);
      else {
        const isChoice = field.tagName === "SELECT" && value;
        if (isChoice && ![...field.options].some((each) => each.value === value)) {
          field.add(new Option(value, value));  // no pair here has it, and the list says so
        }
        field.value = value;
      }
    }
    Promise.resolve(apply()).then(() => document.getElementById("pairs").scrollIntoView());
  };
  const start = (apply) => {
    const changed = () => {
      apply();
      history.replaceState(null, "", address());
    };
    form.addEventListener("input", changed);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(changed));
    addEventListener("hashchange", () => read(apply));
    form.hidden = false;
    apply();
    read(apply);
  };
  const sort = (headers, listener) => headers.forEach((header, column) => {
    const button = header.querySelector("button");
    if (!button) return;
    button.disabled = false;
    button.addEventListener("click", () => {
      const down = header.getAttribute("aria-sort") === "ascending";
      headers.forEach((each) => each.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
      listener(column, down, header);
    });
  });
  return { wanted, address, start, sort };
})();
