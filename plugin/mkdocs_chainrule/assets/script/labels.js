// Words beside what they are of: where no node, no edge and no other word is, as far as there is such a place.
const LETTER = 7; // pixels of a character, at most

const areaOf = group => {
  const { e, f } = group.transform.baseVal[0].matrix;
  const { r, x, y, width, height } = group.querySelector("rect, circle");
  const of = ({ baseVal: { value } }) => value;
  return r ? [e - of(r), f - of(r), e + of(r), f + of(r)] : [e + of(x), f + of(y), e + of(x) + of(width), f + of(y) + of(height)];
};

// Nodes, and points along the edges, with the edge that they are of.
const things = svg => svg.things ??= [
  ...[...svg.querySelectorAll("g[id]")].map(areaOf),
  ...edgesOf(svg).flatMap(path => Array.from({ length: path.getTotalLength() / 6 + 1 }, (_, at) => {
    const { x, y } = path.getPointAtLength(6 * at);
    return [x, y, x, y, path];
  })),
];

// What a word covers, whose foot has its middle there.
const covered = (text, x, y) => [x - text.length * LETTER / 2, y - 10, x + text.length * LETTER / 2, y + 2];

// Draws a word at the first of some spots where the least lies; its own edge may.
const settle = (svg, text, names, spots, own) => {
  const { x: left, y: top, width, height } = svg.viewBox.baseVal;
  const words = [...svg.querySelectorAll(".chainrule-tag, .chainrule-factor")].map(each => covered(each.textContent, +each.getAttribute("x"), +each.getAttribute("y")));
  const all = [...things(svg), ...words];
  const counts = spots.map(spot => {
    const [a, b, c, d] = covered(text, ...spot);
    return 99 * (a < left || b < top || c > left + width || d > top + height) + all.filter(([e, f, g, h, path]) => !(own && path === own) && e < c && g > a && f < d && h > b).length;
  });
  mark(svg, text, names, ...spots[counts.indexOf(Math.min(...counts))]);
};

// What is called by its number, or has one behind a name that others have, is told by it in the picture (`show/graphs/tags.py`).
const tag = (svg, data, nodes, names) => nodes.forEach(node => {
  const text = `#${node.id.slice(1)}`;
  const group = !node.isOperation && data.called(node).endsWith(text) && groupOf(svg, node);
  if (!group) return;
  const [left, top, right, bottom] = areaOf(group);
  const half = text.length * LETTER / 2;
  const [foot, middle] = [bottom + 11, (top + bottom) / 2 + 4];
  settle(svg, text, names, [[left + half, top - 4], [right - half, top - 4], [left + half, foot], [right - half, foot], [right + half + 5, middle], [left - half - 5, middle]]);
});
