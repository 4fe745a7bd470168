// A picture as a file of its own.
const PAINT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "font-family", "font-size",
  "font-weight", "font-style", "text-anchor", "text-align", "display", "white-space", "margin"];

// A copy of a drawing with the colours and fonts it has now, so that it stands alone.
const standalone = svg => {
  const copy = svg.cloneNode(true);
  const originals = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, i) => {
    const style = getComputedStyle(originals[i]);
    PAINT.forEach(name => element.style.setProperty(name, style.getPropertyValue(name)));
  });
  const { width, height } = svg.viewBox.baseVal;
  Object.entries({ xmlns: "http://www.w3.org/2000/svg", width, height }).forEach(([name, value]) => copy.setAttribute(name, value));
  copy.style.background = getComputedStyle(svg).getPropertyValue("--chainrule-ground");
  return new XMLSerializer().serializeToString(copy);
};
