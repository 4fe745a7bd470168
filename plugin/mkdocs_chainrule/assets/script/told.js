// What nudged numbers say, in words and in the picture. `state` holds the numbers: `values`, `grads`, and `set`, those that are held.

// Why a value has no effect: at the first step of its ways where nothing passes.
const idle = (data, program, state, node, from = node) => {
  const { values, set } = state;
  const [use] = node.uses;
  const flat = (source, result) => said("flat", { why: `${data.partial(source, data.called(result))} = 0` });
  const noEffect = (name, gaps) => said("noEffect", { why: said(name, gaps) });
  if (!use) return flat(from, node); // its ways cancel out
  const operation = use.node;
  const result = operation.uses[0].node;
  if (set.has(result.at)) return noEffect("rests", { name: data.called(result) });
  if (program.slope(operation, use.place, values)) return idle(data, program, state, result, from);
  const other = operation.sources[1 - use.place];
  const number = other && brief(values[other.at]);
  return operation.name === "*" && other !== node ? noEffect("times", { factor: data.called(other) === number ? number : `${data.called(other)} = ${number}` }) : flat(node, result);
};

// Where numbers end: what is infinite or none, or whose slope is; else where a slope changes at once.
const troubles = (data, program, { values, grads, set, about }, slope) => {
  const { isFinite } = Number;
  const met = ({ operation }) => ({ made: data.expression(operation), where: operation.sources.map(source => `${data.called(source)} = ${brief(values[source.at])}`).join(", ") });
  const ended = program.steps.find(({ at, operands }) => !set.has(at) && !isFinite(values[at]) && operands.every(each => isFinite(values[each])));
  if (ended) return said("ends", { ...met(ended), number: brief(values[ended.at]) });
  const steep = program.steps.find(({ at, operation, takes }) => isFinite(grads[at]) && takes.some((taken, place) => taken && !isFinite(program.slope(operation, place, values))));
  if (steep) return said("steep", met(steep));
  if (!slope) return "";
  const x = values[about.at];
  const [left, right] = [-1e-6, 1e-6].map(part => slope(x + part * reach(x)));
  return Math.abs(right - left) > .01 * (1 + Math.abs(left) + Math.abs(right)) ? said("kink", { name: data.called(about), left: brief(left), right: brief(right), gradient: brief(grads[about.at] ?? 0) }) : "";
};

// A number in the picture is drawn to the side like a slider; up and down stay the page's.
const pulled = (frame, node, value, move) => frame.box.querySelectorAll("svg[role=img]").forEach(svg => {
  const group = groupOf(svg, node);
  let held;
  const on = (name, action) => group?.addEventListener(name, action);
  group?.classList.add("chainrule-pulled");
  on("pointerdown", event => {
    if (event.button) return;
    event.stopPropagation(); // the picture stays
    group.setPointerCapture(event.pointerId);
    frame.moved = false;
    held = [event.clientX, value()];
  });
  on("pointermove", event => {
    const way = held && event.clientX - held[0];
    if (!way || !(frame.moved ||= Math.abs(way) > 3)) return;
    move(+(held[1] + reach(held[1]) * way / 200).toPrecision(4));
  });
  on("lostpointercapture", () => { held = 0; });
});

// The picture's numbers, and by how much they have moved; those of the build, while nothing has. Of a large graph what is touched is lit.
const paint = (box, data, start, state, moved, large) => box.querySelectorAll("svg[role=img]").forEach(svg => {
  const touched = new Set();
  moved.forEach(node => data.ahead(node, touched));
  if (data.nodes.length > large) light(svg, data, touched);
  write(svg, data, start, state, moved.length);
});

const write = (svg, data, start, { values, grads }, isMoved) => data.values.forEach(({ id, at, name }) => {
  const group = groupOf(svg, { id });
  const rect = group?.querySelector("rect");
  if (!rect) return;
  const put = (text, said) => {
    if (!text) return;
    text.was ??= text.textContent;
    const room = rect.width.baseVal.value - 8; // what is longer has fewer digits, is a power of ten alone, or is set closer
    const fits = text => text.length * 7 <= 1.3 * room;
    let now = [4, 3, 2, 1].map(said).find(fits) ?? said(1);
    if (!fits(now)) now = now.replace(/[\d.]+×/, "");
    say(text, isMoved ? now : text.was);
    if (isMoved && now.length * 7 > room) text.setAttribute("textLength", room);
    else text.removeAttribute("textLength");
  };
  const grad = grads[at] ?? 0;
  put(group.querySelectorAll("text")[name ? 1 : 0], digits => brief(values[at], digits));
  put(group.querySelector(".grad"), digits => `∂ ${brief(grad, digits)}`);
  put(group.querySelector("title"), () => [name, values[at], `∂ ${grad}`].filter(part => part !== "").join(", "));
  const change = values[at] - start[at];
  if (!group.delta) group.append(group.delta = svgElement("text", { class: "chainrule-delta", y: rect.y.baseVal.value - 3 }));
  group.delta.textContent = isMoved && Math.abs(change) > 1e-12 * Math.abs(start[at]) ? `Δ ${signed(change)}` : "";
});
