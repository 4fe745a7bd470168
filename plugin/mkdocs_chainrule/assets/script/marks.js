// Words and lines that are drawn into a picture.
const svgElement = (name, attributes, ...content) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(pair => element.setAttribute(...pair));
  element.append(...content);
  return element;
};

const mark = (svg, text, names, x, y) => {
  const label = svgElement("text", { x, y, class: names }, text);
  svg.lastElementChild.append(label);
  return label;
};

const groupOf = (svg, { id }) => svg.querySelector(`[id$="-${id}"]`);

// What has no name that is short is called by its number, above it.
const tag = (svg, data, nodes, names) => nodes.forEach(node => {
  const group = !node.isOperation && /^#\d+$/.test(data.called(node)) && groupOf(svg, node);
  if (!group) return;
  const { e, f } = group.transform.baseVal[0].matrix;
  mark(svg, data.called(node), names, e, f + group.getBBox().y - 4);
});
