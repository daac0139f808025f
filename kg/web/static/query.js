// The query page: runs without leaving the page, shows rows as a table, keeps a link to share.
"use strict";
const form = document.getElementById("ask");
const editor = document.getElementById("query");
const answer = document.getElementById("answer");

function cell(term) {
  const td = document.createElement("td");
  if (!term) return td;
  if (term.type === "uri") {
    const link = document.createElement("a");
    link.href = term.value;
    link.textContent = term.value;
    td.append(link);
  } else {
    td.textContent = term.value;
  }
  return td;
}

function table(found) {
  const made = document.createElement("table");
  const head = made.createTHead().insertRow();
  for (const name of found.head.vars) {
    const th = document.createElement("th");
    th.scope = "col";
    th.textContent = name;
    head.append(th);
  }
  const body = made.createTBody();
  for (const row of found.results.bindings) {
    const tr = body.insertRow();
    for (const name of found.head.vars) tr.append(cell(row[name]));
  }
  const frame = document.createElement("div");
  frame.className = "scroll";
  frame.tabIndex = 0;
  frame.append(made);
  return frame;
}

function said(text) {
  const p = document.createElement("pre");
  p.className = "scroll";
  p.textContent = text;
  return p;
}

async function run(event) {
  event.preventDefault();
  const body = new URLSearchParams({query: editor.value});
  const format = document.getElementById("format").value;
  answer.replaceChildren(said("running …"));
  history.replaceState(null, "", "?" + new URLSearchParams({query: editor.value}));
  if (format !== "json") body.set("format", format);
  const done = await fetch(form.action, {method: "POST", body,
    headers: {Accept: "application/sparql-results+json, text/turtle;q=0.5"}});
  const text = await done.text();
  const json = (done.headers.get("content-type") || "").includes("sparql-results+json");
  if (!done.ok || !json) {
    answer.replaceChildren(said(text));
    return;
  }
  const found = JSON.parse(text);
  if (!found.results) {
    answer.replaceChildren(said(found.boolean ? "yes" : "no"));
    return;
  }
  const count = document.createElement("p");
  count.textContent = found.results.bindings.length + " rows";
  answer.replaceChildren(count, table(found));
}

form.addEventListener("submit", run);
for (const button of document.querySelectorAll(".take")) {
  button.addEventListener("click", () => {
    editor.value = button.closest("details").querySelector("code").textContent;
    editor.focus();
  });
}
const shared = new URLSearchParams(location.search).get("query");
if (shared) editor.value = shared;
