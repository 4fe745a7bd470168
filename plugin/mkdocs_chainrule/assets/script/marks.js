// Words that are written into a picture.
const mark = (svg, text, names, x, y) => {
  const label = document.createElementNS("http://www.w3.org/2000/svg", "text");
  Object.entries({ x, y, class: names }).forEach(([name, value]) => label.setAttribute(name, value));
  label.textContent = text;
  svg.lastElementChild.append(label);
};

const groupOf = (svg, { id }) => svg.querySelector(`[id$="-${id}"]`);

// What has no name that is short is called by its number, above it.
const tag = (svg, data, nodes, names) => nodes.forEach(node => {
  const group = !node.isOperation && /^#\d+$/.test(data.called(node)) && groupOf(svg, node);
  if (!group) return;
  const { e, f } = group.transform.baseVal[0].matrix;
  mark(svg, data.called(node), names, e, f + group.getBBox().y - 4);
});
