// The query page: an editor that colours and completes, answers as a table, downloads, a link.
import {editor as made} from "./vendor/editor.js";

const form = document.getElementById("ask");
const area = document.getElementById("query");
const answer = document.getElementById("answer");
const share = document.getElementById("share");
const words = JSON.parse(document.getElementById("words").textContent);
const root = document.body.dataset.root;
const live = document.body.dataset.live === "yes";
const SECONDS = 20; // for a query in the browser, which is ended then
const TYPES = {csv: "text/csv", tsv: "text/tab-separated-values", json: "application/sparql-results+json",
  ttl: "text/turtle", nt: "application/n-triples", jsonld: "application/ld+json"};
const MOST = 1000; // rows of a table; the downloads have all
const KEYWORDS = ("SELECT CONSTRUCT DESCRIBE ASK WHERE FROM NAMED GRAPH OPTIONAL FILTER UNION MINUS BIND VALUES " +
  "DISTINCT ORDER BY GROUP HAVING LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT EXISTS NOT IN AS " +
  "REGEX CONTAINS STRSTARTS STRENDS STR LCASE UCASE LANG DATATYPE BOUND IF COALESCE IRI").split(" ");

// ---------------------------------------------------------------- completion

function complete(word, text) {
  if (/^[?$]/.test(word)) {
    const known = new Set(text.match(/[?$]\w+/g) || []);
    known.delete(word);
    return [...known].sort().map((label) => ({label, type: "variable"}));
  }
  if (word.includes(":")) {
    const prefix = word.slice(0, word.indexOf(":") + 1);
    return words.terms.filter((term) => term.startsWith(prefix)).map((label) => ({label, type: "class"}));
  }
  return [
    ...Object.entries(words.prefixes).map(([name, iri]) => ({label: name + ":", detail: iri, type: "namespace"})),
    ...KEYWORDS.map((label) => ({label, type: "keyword"})),
  ];
}

// ---------------------------------------------------------------- answers

const starts = Object.entries(words.prefixes).sort((one, other) => other[1].length - one[1].length);

function short(iri) {
  for (const [name, start] of starts) if (iri.startsWith(start) && iri.length > start.length) {
    return name + ":" + iri.slice(start.length);
  }
  return iri;
}

// The page about a node where we have one, else the node's own address.
function address(iri) {
  const curie = short(iri);
  const [prefix, rest] = [curie.slice(0, curie.indexOf(":")), curie.slice(curie.indexOf(":") + 1)];
  const file = (path) => `${root}${live ? path : path.replaceAll(":", "_")}.html`;
  if (prefix === "rarekg") return live || /^(page|publication|term)\//.test(rest) ? file(rest) : iri;
  const folder = words.folders[prefix];
  return folder ? file(`${folder}/${curie}`) : iri;
}

function cell(term) {
  const td = document.createElement("td");
  if (!term) return td;
  if (term.type === "uri" && /^https?:/.test(term.value)) {
    const link = document.createElement("a");
    link.href = address(term.value);
    link.title = term.value;
    link.textContent = short(term.value);
    td.append(link);
  } else {
    td.textContent = term.value;
    if (term["xml:lang"]) td.lang = term["xml:lang"];
  }
  return td;
}

function table(found) {
  const frame = document.createElement("div");
  Object.assign(frame, {className: "scroll", tabIndex: 0, role: "region"});
  frame.setAttribute("aria-label", "Answer");
  const body = document.createElement("table");
  const head = body.createTHead().insertRow();
  for (const name of found.head.vars) {
    const th = Object.assign(document.createElement("th"), {scope: "col", textContent: name});
    head.append(th);
  }
  const rows = body.createTBody();
  for (const row of found.results.bindings.slice(0, MOST)) {
    const tr = rows.insertRow();
    for (const name of found.head.vars) tr.append(cell(row[name]));
  }
  frame.append(body);
  return frame;
}

function paragraph(text, name) {
  return Object.assign(document.createElement(name === "wrong" ? "p" : "pre"), {className: name, textContent: text});
}

// ---------------------------------------------------------------- who answers

async function remote(query) {
  const done = await fetch(form.action, {method: "POST", body: new URLSearchParams({query}),
    headers: {Accept: "application/sparql-results+json, text/turtle;q=0.5"}});
  return {ok: done.ok, text: await done.text(), type: done.headers.get("content-type") || ""};
}

let worker = null;

// A static site's own engine, in a worker that is ended with a query that takes too long.
function local(query, rows = TYPES.json, graph = TYPES.ttl) {
  worker = worker || new Worker(root + "static/local.js", {type: "module"});
  return new Promise((resolve) => {
    let clock = 0;
    const end = (text) => {
      worker.terminate();
      worker = null;
      resolve({ok: false, text});
    };
    worker.onerror = (event) => { event.preventDefault(); end("The engine could not be loaded."); };
    worker.onmessage = ({data}) => {
      if (data.ready) return;
      if (data.loaded) {
        clock = setTimeout(() => end(`The query took longer than ${SECONDS} s and was ended.`), 1000 * SECONDS);
        return;
      }
      clearTimeout(clock);
      resolve(data);
    };
    worker.postMessage({query, rows, graph, prefixes: words.prefixes,
      address: new URL(root + form.dataset.graph, location.href).href});
  });
}

const ask = live ? remote : local;

async function saved(event, query, suffix) {
  event.preventDefault();
  const rows = ["csv", "tsv", "json"].includes(suffix) ? TYPES[suffix] : "";
  const done = await local(query, rows, TYPES[suffix]);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([done.text], {type: TYPES[suffix]}));
  link.download = `answer.${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function downloads(query, forms) {
  const made = document.createElement("p");
  made.className = "downloads";
  made.append("Download: ");
  for (const [form, name] of forms) {
    const link = Object.assign(document.createElement("a"), {textContent: name, download: `answer.${form}`,
      href: live ? `${document.getElementById("ask").action}?${new URLSearchParams({query, format: form})}` : "#"});
    if (!live) link.addEventListener("click", (event) => saved(event, query, form));
    made.append(link, " ");
  }
  return made;
}

function readable(found, query) {
  if (!found.results) return [paragraph(found.boolean ? "yes" : "no", "scroll")];
  const size = found.results.bindings.length;
  const words_ = size > MOST ? `${size.toLocaleString("en")} rows; the first ${MOST} are shown` :
    size === 1 ? "1 row" : `${size.toLocaleString("en")} rows`;
  const count = Object.assign(document.createElement("p"), {textContent: words_});
  return [count, downloads(query, [["csv", "CSV"], ["tsv", "TSV"], ["json", "JSON"]]), table(found)];
}

// What the engine says of a mistake, without its grammar of every letter.
function told(text) {
  return text.replace(/^\d+ /, "").replace(/error at \d+:\d+: /, "").replace(/(, )?\[[^\]]*\]/g, "");
}

function failed(text) {
  const words_ = told(text);
  const place = /error at (\d+):(\d+)/.exec(text);
  code.wrong(words_, place && Number(place[1]), place && Number(place[2]));
  answer.replaceChildren(paragraph((place ? `Line ${place[1]}, character ${place[2]}. ` : "") + words_, "wrong"));
  answer.firstChild.setAttribute("role", "alert");
}

async function run() {
  const query = code.text;
  code.wrong("", 0, 0);
  answer.replaceChildren(paragraph("running …", "scroll"));
  history.replaceState(null, "", "?" + new URLSearchParams({query}));
  try {
    const {ok, text, type} = await ask(query);
    if (!ok) failed(text);
    else if (type.includes("sparql-results+json")) {
      answer.replaceChildren(...readable(JSON.parse(text), query));
    } else {
      answer.replaceChildren(downloads(query, [["ttl", "Turtle"], ["nt", "N-Triples"], ["jsonld", "JSON-LD"]]),
        paragraph(text, "scroll"));
    }
  } catch (error) {
    failed("The server did not answer.");
  }
  answer.dataset.done = "yes";
}

// ---------------------------------------------------------------- the page

const frame = document.getElementById("editor");
frame.hidden = false;
const code = made(frame, {text: area.value, label: "Query", complete, run,
  changed: (text) => { area.value = text; }});
area.hidden = true;
document.querySelector("label[for=query]").removeAttribute("for");
for (const one of document.querySelectorAll(".plainform")) one.hidden = true;
share.hidden = false;
document.getElementById("keys").hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
share.addEventListener("click", async () => {
  const link = new URL("?" + new URLSearchParams({query: code.text}), location.href).href;
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(link);
    share.textContent = "Copied";
  } catch (error) {
    share.textContent = "The link is in the address bar";
  }
});
