// A small plot: lines through points, a dot on them, and words at its corners.
const newPlot = () => svgElement("svg", { viewBox: "0 0 220 120", role: "img", class: "chainrule-plotted" });

// The first line says how much is seen; the corners are the upper left, upper right, lower right and lower left; zones are hatched.
const plot = (svg, name, lines, dot, corners, zones = []) => {
  const isSeen = point => point.every(Number.isFinite);
  const [x, y] = [[8, 212], [102, 18]].map(([from, to], axis) => {
    const numbers = lines[0].map(point => point[axis]).filter(Number.isFinite);
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    return point => (from + (to - from) * (high > low ? Math.max(-99, Math.min(99, (point[axis] / 2 - low / 2) / (high / 2 - low / 2))) : .5)).toFixed(1);
  });
  svg.ariaLabel = name;
  svg.replaceChildren(
    ...zones.map(([from, to]) => svgElement("path", { d: `M${Math.max(0, x([from]))} 60H${x([to])}`, class: "chainrule-hatched" })),
    ...lines.map((line, at) => svgElement("path", { d: line.filter(isSeen).map((point, i) => `${i ? "L" : "M"}${x(point)} ${y(point)}`).join(""), class: `chainrule-line-${at}` })),
    ...[dot].filter(isSeen).map(point => svgElement("circle", { cx: x(point), cy: y(point), r: 4 })),
    ...corners.map((text, at) => svgElement("text", { x: at % 3 ? 214 : 6, y: at > 1 ? 116 : 11, "text-anchor": at % 3 ? "end" : "start" }, text)));
};
