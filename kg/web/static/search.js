// Search without a server: NAMES holds [label, address, category, statements, other names].
"use strict";
const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
  .replace(/['’]s\b/g, "").replace(/[^a-z0-9]+/g, " ").trim();

function triples(text) {
  const found = new Set();
  const wide = "  " + text + " ";
  for (let place = 0; place < wide.length - 2; place += 1) found.add(wide.slice(place, place + 3));
  return found;
}

function likeness(name, text, wanted) {
  if (name === text) return 3;
  if (name.startsWith(text)) return 2;
  const mine = triples(name);
  let shared = 0;
  for (const one of mine) if (wanted.has(one)) shared += 1;
  return 2 * shared / (mine.size + wanted.size);
}

function found(typed) {
  const text = plain(typed);
  if (!text) return [];
  const wanted = triples(text);
  const hits = [];
  for (const row of NAMES) {
    let best = 0;
    let matched = "";
    for (const name of [row[0], row[1].split("/").pop().replace("_", ":"), ...row[4]]) {
      const score = likeness(plain(name), text, wanted);
      if (score > best) [best, matched] = [score, name];
    }
    if (best >= 0.34) hits.push([best, row, matched]);
  }
  hits.sort((one, other) => other[0] - one[0] || other[1][3] - one[1][3]);
  return hits.slice(0, 20);
}

const typed = new URLSearchParams(location.search).get("q") || "";
const list = document.getElementById("hits");
document.querySelector("h1").textContent = typed ? `Found for “${typed}”` : "Search";
document.getElementById("q").value = typed;
for (const [, row, matched] of found(typed)) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = "./" + row[1] + ".html";
  link.textContent = row[0];
  item.append(link);
  if (matched !== row[0]) item.append(Object.assign(document.createElement("span"),
    {className: "about", textContent: matched}));
  item.append(Object.assign(document.createElement("span"),
    {className: "count", textContent: `${row[3]} statements`}));
  list.append(item);
}
if (typed && !list.children.length) list.textContent = "Nothing of that name.";
