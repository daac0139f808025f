// On every page: search as you type (a combobox as the ARIA practices have it), and opening the
// statement that an address leads to.  Everything works without it, but for search in a static site.
"use strict";
const root = document.body.dataset.root;
const live = document.body.dataset.live === "yes";
const box = document.getElementById("q");
const SHOWN = 10;

function made(tag, words, name) {
  const found = document.createElement(tag);
  found.textContent = words;
  if (name) found.className = name;
  return found;
}

// ---------------------------------------------------------------- finding

let names = null;

function loaded(file) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = root + "static/" + file;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}

// The finder of a static site: its names come as a script, for a page from a file may not fetch.
async function local(typed, limit) {
  names = names || loaded("names.js").then(() => loaded("search.js"));
  await names;
  return window.searching(typed, limit);
}

async function remote(typed) {
  const done = await fetch(root + "search.json?" + new URLSearchParams({q: typed}));
  return done.ok ? done.json() : [];
}

function find(typed, limit) {
  return live ? remote(typed) : local(typed, limit);
}

const address = (hit) => root + hit.path + ".html";

// ---------------------------------------------------------------- combobox

function combobox(input) {
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.role = "listbox";
  list.hidden = true;
  list.setAttribute("aria-label", "Suggestions");
  input.after(list);
  for (const [name, value] of Object.entries({role: "combobox", "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": list.id})) input.setAttribute(name, value);
  let active = -1;
  let asked = 0;
  let waiting = 0;

  function close() {
    asked += 1; // an answer on its way comes too late
    list.hidden = true;
    list.replaceChildren();
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    const options = [...list.children];
    active = (number + options.length) % options.length;
    options.forEach((one, place) => one.setAttribute("aria-selected", String(place === active)));
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({block: "nearest"});
  }

  function option(hit, number) {
    const one = document.createElement("li");
    one.role = "option";
    one.id = "suggestion-" + number;
    one.dataset.address = address(hit);
    one.setAttribute("aria-selected", "false");
    one.append(made("span", hit.label, "label"), made("span", hit.curie, "code"));
    if (hit.matched && hit.matched !== hit.label) one.append(made("span", "also " + hit.matched, "about"));
    one.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      location.href = one.dataset.address;
    });
    return one;
  }

  async function show() {
    const mine = ++asked;
    const typed = input.value.trim();
    const hits = typed.length < 2 ? [] : await find(typed, SHOWN);
    if (mine !== asked || document.activeElement !== input) return;
    list.replaceChildren(...hits.filter((hit) => hit.path).slice(0, SHOWN).map(option));
    if (!list.children.length) {
      close();
      return;
    }
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 120);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show();
      else choose(active < 0 && event.key === "ArrowUp" ? -1 : active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      event.preventDefault();
      location.href = list.children[active].dataset.address;
    } else if (event.key === "Escape") {
      if (!list.hidden) event.preventDefault(); // which would empty the field
      close();
    }
  });
}

combobox(box);

// ---------------------------------------------------------------- the search page of a site

async function results() {
  const typed = new URLSearchParams(location.search).get("q") || "";
  const list = document.getElementById("hits");
  if (live || !list || !typed) return;
  box.value = typed;
  document.getElementById("asked").textContent = `Found for “${typed}”`;
  for (const hit of await local(typed, 20)) {
    const item = document.createElement("li");
    const link = made("a", hit.label);
    link.href = address(hit);
    item.append(link, made("code", hit.curie));
    if (hit.matched && hit.matched !== hit.label) item.append(made("span", "also called " + hit.matched, "about"));
    item.append(made("span", hit.statements + " statements", "count"));
    list.append(item);
  }
  if (!list.children.length) list.append(made("li", "Nothing of that name."));
}

results();

// ---------------------------------------------------------------- the statement of an address

function opened() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
  const inner = target.querySelector("details");
  if (inner) inner.open = true;
  target.scrollIntoView({block: "center"});
}

window.addEventListener("hashchange", opened);
opened();
