// Search without a server: NAMES holds [label, file, CURIE, statements, other names].
"use strict";
(() => {
  const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/['’]s\b/g, "").replace(/[^a-z0-9]+/g, " ").trim();
  const rows = NAMES.map(([label, path, curie, statements, others]) => ({label, path, curie,
    statements, names: [label, ...others], plain: [label, curie, ...others].map(plain)}));

  function triples(text) {
    const found = new Set();
    const wide = "  " + text + " ";
    for (let place = 0; place < wide.length - 2; place += 1) found.add(wide.slice(place, place + 3));
    return found;
  }

  function likeness(name, wanted) {
    const mine = triples(name);
    let shared = 0;
    for (const one of mine) if (wanted.has(one)) shared += 1;
    return 2 * shared / (mine.size + wanted.size);
  }

  function score(name, text, wanted) {
    if (name === text) return 4;
    if (name.startsWith(text)) return 3;
    if (name.includes(" " + text)) return 2;
    return wanted ? likeness(name, wanted) : 0;
  }

  function found(text, wanted) {
    const hits = [];
    for (const row of rows) {
      let best = 0;
      let place = 0;
      row.plain.forEach((name, number) => {
        const made = score(name, text, wanted);
        if (made > best) [best, place] = [made, number];
      });
      if (best >= 0.34) hits.push({...row, best, matched: place > 1 ? row.names[place - 1] : ""});
    }
    return hits.sort((one, other) => other.best - one.best || other.statements - one.statements);
  }

  // The likest nodes to what was typed; similar spellings only where nothing has it as it stands.
  window.searching = (typed, limit) => {
    const text = plain(typed);
    if (!text) return [];
    const hits = found(text, null);
    return (hits.length ? hits : found(text, triples(text))).slice(0, limit);
  };
})();
