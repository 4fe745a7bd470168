// Asks the real Mermaid parsers, both majors. Each line of stdin is a JSON array of Mermaid texts; each
// line of stdout answers it with one object a text: {"11": answer, "12": answer}. An answer holds
// "nodes" (id -> text, shape, classes), "edges" and "title" and "description", or "error".
import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
console.log = console.warn = console.info = console.debug = () => {};

const majors = {};
for (const major of ["11", "12"]) {
  const { default: mermaid } = await import(`mermaid${major}`);
  mermaid.initialize({ startOnLoad: false });
  majors[major] = mermaid;
}

// Mermaid hides entities behind placeholders while it parses and gives them back to the browser as HTML.
const decode = (text) => {
  const holder = window.document.createElement("div");
  const html = text.replaceAll("ﬂ°°", "&#").replaceAll("ﬂ°", "&").replaceAll("¶ß", ";");
  holder.innerHTML = html.replace(/<br\s*\/?>/g, "\n");
  return { text: holder.textContent, live: holder.children.length };
};

async function answer(mermaid, text) {
  try {
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const nodes = {};
    for (const [id, vertex] of db.getVertices()) {
      nodes[id] = { ...decode(vertex.text ?? id), shape: vertex.type, classes: vertex.classes };
    }
    const edges = db.getEdges().map(({ start, end }) => [start, end]);
    return { nodes, edges, title: db.getAccTitle(), description: db.getAccDescription() };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answers = [];
  for (const text of JSON.parse(line)) {
    const both = {};
    for (const [major, mermaid] of Object.entries(majors)) both[major] = await answer(mermaid, text);
    answers.push(both);
  }
  process.stdout.write(`${JSON.stringify(answers)}\n`);
}
