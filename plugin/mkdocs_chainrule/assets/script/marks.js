// Words and lines that are drawn into a picture, and the ways that are lit in it.
const svgElement = (name, attributes, ...content) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(pair => element.setAttribute(...pair));
  element.append(...content.flatMap(each => each.at ? apart(each) : [each]));
  return element;
};

const mark = (svg, text, names, x, y) => {
  const label = svgElement("text", { x, y, class: names }, text);
  svg.lastElementChild.append(label);
  return label;
};

const groupOf = (svg, { id }) => svg.querySelector(`[id$="-${id}"]`);
const edgesOf = svg => [...svg.querySelectorAll("g[marker-end] > path")];

// Lights what lies among some nodes, all else stands back; without any, nothing does. Another's drawing stays as it is.
const light = (svg, data, lit) => {
  const paths = edgesOf(svg);
  if (paths.length !== data.edges.length) return false;
  svg.classList.toggle("chainrule-why", lit.size > 0);
  data.edges.forEach(([from, to], at) => paths[at].classList.toggle("chainrule-lit", lit.has(from) && lit.has(to)));
  data.nodes.forEach(node => groupOf(svg, node)?.classList.toggle("chainrule-lit", lit.has(node)));
  return true;
};
