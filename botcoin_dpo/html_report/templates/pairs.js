// Makes a pair when it is wanted, and shows the one that the address names: `#pair-12`, a paragraph
// of it, `#pair-12-5`, or its id, `#58491a0498cd117a`.
const shown = (() => {
  const listeners = [];
  const numberIn = (hash) => (/^#pair-(\d+)(?:-\d+)?$/.exec(hash) || [])[1];
  const idIn = (hash) => (/^#([0-9a-f]{16})$/i.exec(hash) || [])[1];
  const name = document.title;
  const missing = document.getElementById("missing");
  const current = () => numberIn(location.hash);
  const show = async () => {
    const hash = location.hash;
    const id = idIn(hash);
    const number = id && await source.find(id.toLowerCase());
    if (location.hash !== hash) return;  // somebody went on meanwhile
    if (number) return location.replace(`#pair-${number}`);
    const isNew = await source.make(numberIn(hash));
    if (location.hash !== hash) return;
    if (isNew) location.replace(hash);  // it was not there to show
    const head = current() && document.getElementById(`head-${current()}`);
    document.title = head ? `Pair ${current()}, ${name}` : name;
    const wanted = current() || id;
    missing.hidden = !wanted || Boolean(head);
    const build = missing.dataset.build;  // a served page has all pairs that there are
    const how = build ? ` To see it: botcoin-dpo show ${build} ${wanted}` : "";
    missing.textContent =
      missing.hidden ? "" : `Pair ${wanted} is not among those shown here.${how}`;
    for (const listener of listeners) listener(head ? current() : undefined);
    if (head && location.hash === `#pair-${current()}`) head.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link) source.make(numberIn(link.hash));
  });
  addEventListener("hashchange", show);
  return { current, listen: (listener) => listeners.push(listener), start: show };
})();
