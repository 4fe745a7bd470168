// What nudged numbers say in words and in the picture.

// Why a value has no effect: at the first step of its ways where nothing passes.
const idle = (nudge, node) => {
  const { data, program, set, values } = nudge;
  for (const { node: operation, place } of node.uses) {
    const step = program.steps.find(each => each.operation === operation);
    const result = operation.uses[0].node;
    if (set.has(result.at)) return said("rests", { name: data.called(result) });
    if (step.vjps[place] && program.slope(step, place, values)) return idle(nudge, result);
    const other = operation.sources[1 - place];
    return operation.name === "*" && other !== node ? said("times", { name: data.called(other), number: brief(values[other.at]) }) : `${data.partial(node, data.called(result))} = 0`;
  }
  return WORDS.unused;
};

// Where numbers end: what is infinite or none, and whose slope is; else where the slope changes at once.
const troubles = nudge => {
  const { data, program, values, grads, set, about } = nudge;
  const are = operands => operands.map(each => values[each]);
  const ended = program.steps.find(step => !set.has(step.at) && !Number.isFinite(values[step.at]) && are(step.operands).every(Number.isFinite));
  const where = ({ operation }) => operation.sources.map(source => `${data.called(source)} = ${brief(values[source.at])}`).join(", ");
  if (ended) return said("ends", { made: data.expression(ended.operation), number: brief(values[ended.at]), where: where(ended) });
  const steep = program.steps.find(step => Number.isFinite(grads[step.at]) && step.operands.some((each, place) => step.takes[place] && step.vjps[place] && !Number.isFinite(program.slope(step, place, values))));
  if (steep) return said("steep", { made: data.expression(steep.operation), where: where(steep) });
  const [x, y] = [values[about.at], values[data.output.at]];
  const aside = 1e-6 * Math.max(1, Math.abs(x));
  const [left, right] = [-aside, aside].map(d => (nudge.at(new Map(set).set(about.at, x + d)) - y) / d);
  const isKink = Math.abs(right - left) > .01 * (1 + Math.abs(left) + Math.abs(right));
  return isKink ? said("kink", { name: data.called(about), left: brief(left), right: brief(right), gradient: brief(grads[about.at] ?? 0) }) : "";
};

// The picture's numbers, and by how much they have moved.
const paint = ({ data, program: { start }, values, grads, frame }, isMoved) => {
  frame.box.querySelectorAll(".chainrule-picture svg").forEach(svg => data.values.forEach(({ id, at, name }) => {
    const group = groupOf(svg, { id });
    if (!group) return;
    const texts = [...group.querySelectorAll("text:not(.chainrule-delta)")];
    const change = values[at] - start[at];
    const write = (text, said) => {
      if (!text) return;
      text.was ??= text.textContent;
      const shown = isMoved ? said : text.was;
      if (text.textContent === shown) return;
      text.textContent = shown;
      const room = group.querySelector("rect").width.baseVal.value - 8;
      if (shown.length * 7 > room) Object.entries({ textLength: room, lengthAdjust: "spacingAndGlyphs" }).forEach(pair => text.setAttribute(...pair));
      else text.removeAttribute("textLength");
    };
    write(texts[name ? 1 : 0], brief(values[at]));
    write(texts.find(text => text.classList.contains("grad")), `∂ ${brief(grads[at] ?? 0)}`);
    const title = group.querySelector("title");
    if (title) title.was ??= title.textContent;
    if (title) title.textContent = isMoved ? [name, values[at], `∂ ${grads[at] ?? 0}`].filter(part => part !== "").join(", ") : title.was;
    const delta = group.querySelector(".chainrule-delta") ?? group.appendChild(svgElement("text", { class: "chainrule-delta", y: group.querySelector("rect").y.baseVal.value - 3 }));
    delta.textContent = isMoved && Math.abs(change) > 1e-12 * Math.abs(start[at]) ? `Δ ${signed(change)}` : "";
  }));
};
