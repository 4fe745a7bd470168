// A small plot: lines through points, dots on them, and words at its corners.
const svgElement = (name, attributes, ...content) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  element.append(...content);
  return element;
};

class Plot {
  constructor() { this.svg = svgElement("svg", { viewBox: "0 0 220 120", role: "img", class: "chainrule-plotted" }); }

  // The first line says what is seen of all; corners are texts from the upper left, around the clock.
  draw(name, lines, dot, corners) {
    const [xs, ys] = [0, 1].map(axis => lines[0].map(point => point[axis]).filter(Number.isFinite));
    const scale = (numbers, from, to) => {
      const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
      return x => Math.round(10 * (from + (to - from) * (high > low ? (x - low) / (high - low) : .5))) / 10;
    };
    const [x, y] = [scale(xs, 8, 212), scale(ys, 102, 18)];
    const path = line => line.filter(([, each]) => Number.isFinite(each)).map((point, at) => `${at ? "L" : "M"}${x(point[0])} ${y(point[1])}`).join("");
    this.svg.ariaLabel = name;
    this.svg.replaceChildren(...lines.map((line, at) => svgElement("path", { d: path(line), class: `chainrule-line-${at}` })),
      ...(Number.isFinite(dot[1]) ? [svgElement("circle", { cx: x(dot[0]), cy: y(dot[1]), r: 4 })] : []),
      ...corners.map((text, at) => svgElement("text", { x: at % 3 ? 214 : 6, y: at > 1 ? 116 : 11, "text-anchor": at % 3 ? "end" : "start" }, text)));
  }
}
