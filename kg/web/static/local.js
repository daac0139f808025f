// SPARQL on a static site: a worker that holds the graph in Oxigraph's WebAssembly build.  It is
// only loaded by the query page, and only where the site was written with an engine.
import start, {Store} from "./vendor/oxigraph/web.js";

let opened = null;

async function open(graph) {
  const [file] = await Promise.all([fetch(graph), start()]);
  if (!file.ok) throw new Error(`the graph is not there: ${file.status}`);
  const store = new Store();
  store.load(await file.text(), {format: "application/n-triples"});
  return store;
}

function answered(store, {query, prefixes, rows, graph}) {
  const declared = Object.entries(prefixes).filter(([name]) => query.includes(name + ":"))
    .map(([name, iri]) => `PREFIX ${name}: <${iri}> `).join("");
  // On the line of the query itself: the places of mistakes in other lines stay right.
  const ask = (form) => ({type: form, text: store.query(declared + query, {results_format: form})});
  try {
    if (!rows) return ask(graph);
    try {
      return ask(rows);
    } catch (error) {
      if (!graph || !String(error).includes("Not supported RDF format")) throw error;
      return ask(graph);
    }
  } catch (error) {
    throw new Error(String(error.message || error).replace(/error at 1:(\d+)/,
      (_, place) => `error at 1:${Math.max(1, Number(place) - declared.length)}`));
  }
}

self.onmessage = async ({data}) => {
  try {
    opened = opened || open(data.address);
    self.postMessage({ready: true});
    const store = await opened;
    self.postMessage({loaded: true});
    self.postMessage({ok: true, ...answered(store, data)});
  } catch (error) {
    self.postMessage({ok: false, text: String(error && error.message || error)});
  }
};
