// Two diseases side by side on a static site: what is stated of each comes as a script, for a page
// from a file may not fetch.  It shows what the server's page shows.
"use strict";
const frame = document.getElementById("comparison");
const titles = JSON.parse(document.getElementById("titles").textContent);
const known = {};
window.compared = (path, disease) => { known[path] = disease; };

function linked(words, path) {
  const link = made("a", words);
  link.href = root + path;
  return link;
}

async function side(field) {
  const typed = (new URLSearchParams(location.search).get(field) || "").trim();
  document.getElementById(field).value = typed;
  if (!typed) return null;
  const wanted = typed.toLowerCase();
  const hits = (await local(typed, 50)).filter((hit) => hit.path.startsWith("disease/") || hit.path.startsWith("term/disease/"));
  const hit = hits.find((one) => one.curie.toLowerCase() === wanted) || hits[0];
  try {
    if (!hit) throw new Error("none");
    await loaded("compare/" + hit.path + ".js");
    return {path: hit.path, ...known[hit.path]};
  } catch (error) {
    const told = made("p", `There is no disease “${typed}” here.`);
    told.setAttribute("role", "alert");
    frame.append(told);
    return null;
  }
}

// A statement: its value, how often it is seen, its marks; a click leads to its place.
function shown(disease, one) {
  const cell = document.createElement("span");
  cell.append(linked(one.value.replaceAll("_", " ") || "stated", `${disease.path}.html#s${one.id}`));
  if (one.often) cell.append(" ", made("span", one.often, "often"));
  for (const flag of one.flags) cell.append(" ", made("span", flag, "flag " + flag));
  return cell;
}

function differs(one, other) {
  return one.value !== other.value || one.flags.join() !== other.flags.join();
}

function both(first, second, keys) {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const name of ["What", first.label, second.label]) {
    head.append(Object.assign(made("th", name), {scope: "col"}));
  }
  const body = table.createTBody();
  for (const [one, other] of keys) {
    const row = body.insertRow();
    const name = Object.assign(made("th", one.words || "unknown"), {scope: "row"});
    if (differs(one, other)) {
      row.className = "differs";
      name.append(" ", made("span", "differs", "flag"));
    }
    row.append(name);
    row.insertCell().append(shown(first, one));
    row.insertCell().append(shown(second, other));
  }
  const scroll = Object.assign(made("div", "", "scroll"), {tabIndex: 0, role: "region"});
  scroll.setAttribute("aria-label", "Stated of both");
  scroll.append(table);
  return scroll;
}

function alone(disease, several) {
  const part = document.createElement("div");
  const head = made("h3", `${disease.label} alone `);
  head.append(made("span", several.length, "size"));
  const list = made("ul", "", "plain");
  for (const one of several) {
    const item = document.createElement("li");
    item.append(linked(one.words || "unknown", `${disease.path}.html#s${one.id}`));
    if (one.value) item.append(" ", made("span", one.value.replaceAll("_", " "), "about"));
    for (const flag of one.flags) item.append(" ", made("span", flag, "flag " + flag));
    list.append(item);
  }
  if (!several.length) list.append(made("li", "nothing", "about"));
  part.append(head, list);
  return part;
}

function kind(name, first, second) {
  const [mine, theirs] = [first.said[name] || {}, second.said[name] || {}];
  const by = (one, other) => one.words.localeCompare(other.words);
  const shared = Object.keys(mine).filter((key) => key in theirs).map((key) => [mine[key], theirs[key]]);
  const section = document.createElement("section");
  section.append(made("h2", titles[name]));
  if (shared.length) {
    const head = made("h3", "Both ");
    head.append(made("span", shared.length, "size"));
    section.append(head, both(first, second, shared.sort((one, other) => by(one[0], other[0]))));
  }
  const sides = made("div", "", "sides");
  sides.append(alone(first, Object.keys(mine).filter((key) => !(key in theirs)).map((key) => mine[key]).sort(by)),
    alone(second, Object.keys(theirs).filter((key) => !(key in mine)).map((key) => theirs[key]).sort(by)));
  section.append(sides);
  return section;
}

async function comparison() {
  const [first, second] = [await side("a"), await side("b")];
  if (!first || !second) return;
  const words = document.createElement("p");
  words.append(linked(first.label, first.path + ".html"), " and ", linked(second.label, second.path + ".html"),
    ". What a page does not say may hold all the same.");
  frame.append(words);
  for (const name of Object.keys({...first.said, ...second.said})) frame.append(kind(name, first, second));
}

comparison();
