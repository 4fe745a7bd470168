// Mermaid, asked for when somebody wants its drawing.
const THEME = `
  svg { display: block; max-width: none }
  .node rect, .node circle, .node ellipse, .node polygon, .node path {
    fill: var(--chainrule-node) !important; stroke: var(--chainrule-accent) !important }
  .node, .node * { filter: none !important }
  .label, .nodeLabel, .edgeLabel, text { color: var(--chainrule-ink) !important; fill: var(--chainrule-ink) !important }
  .nodeLabel p { margin: 0 }
  .flowchart-link { stroke: var(--chainrule-soft) !important }
  .marker { fill: var(--chainrule-soft) !important; stroke: var(--chainrule-soft) !important }
  .cluster rect { fill: var(--chainrule-quiet) !important; stroke: var(--chainrule-grid) !important }`;
// Given with each diagram: what the page's own diagrams look like is not ours to say. Look and layout are
// those of Mermaid 11 in 12 too, whose own lose the nodes' borders in a dark theme.
const SETTINGS = {
  theme: "base", look: "classic", layout: "dagre", fontFamily: "inherit", fontSize: 14, themeCSS: THEME.replace(/\s+/g, " "),
  themeVariables: { fontSize: "14px" },
  flowchart: { useMaxWidth: false, wrappingWidth: 400, rankSpacing: 30, nodeSpacing: 24, padding: 8 },
};

let mermaid;
let count = 0;

const loaded = () => document.readyState === "complete" ? Promise.resolve() : new Promise(done => addEventListener("load", done, { once: true }));

// After the page, or Mermaid would start by itself and draw what is the author's.
const load = async url => {
  await loaded();
  if (!window.mermaid?.render) await fetched(url); // what has the id "mermaid" has that name too
  return window.mermaid;
};

// Mermaid's drawing with its styles as a strict content security policy allows them: from a script, not inline.
const mount = (host, svg, name) => {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const { body } = new DOMParser().parseFromString(svg, "text/html");
  root.adoptedStyleSheets = [...body.querySelectorAll("style")].map(style => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style.textContent);
    style.remove();
    return sheet;
  });
  const styled = [...body.querySelectorAll("[style]")].map(element => [element, element.getAttribute("style")]);
  styled.forEach(([element]) => element.removeAttribute("style"));
  root.replaceChildren(...body.childNodes);
  styled.forEach(([element, style]) => { element.style.cssText = style; });
  const drawn = root.querySelector("svg");
  drawn.setAttribute("role", "img");
  if (name) drawn.setAttribute("aria-label", name);
};

// Draws a text, and returns what shows it in a host.
const draw = async (url, text, scratch) => {
  try {
    const { render } = await (mermaid ??= load(url));
    const { svg } = await render(`chain-rule-${++count}`, `%%{init: ${JSON.stringify(SETTINGS)}}%%\n${text}`, scratch);
    return (host, name) => mount(host, svg, name);
  } catch (error) {
    mermaid = undefined; // the next who asks may have it
    throw error;
  }
};
