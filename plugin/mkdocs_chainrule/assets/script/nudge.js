// Nudge: the reader moves numbers; below the picture stand what happened, and what the gradient had promised.
const FEW = 2; // numbers that are named when they have moved
const MANY = 12; // leaves that are seen without a filter; `nudging.py` keeps the room for as many
const LARGE = 60; // nodes up to which a picture is shown whole, whatever moves
const reach = value => 2 * Math.max(1, Math.min(Math.abs(value), 4e306)); // what lies within it is finite
const held = number => Number.isFinite(number) ? number : ""; // by a control
const put = (field, value) => {
  const size = Math.abs(value);
  const number = held(size >= 1e5 && size < 1e8 ? Math.round(value) : +value.toPrecision(5));
  field.value = `${number}`.length > 9 ? +value.toPrecision(2) : number; // as far as the field is wide
};
const range = (slider, value) => { [slider.min, slider.max] = [-1, 1].map(side => +held(value) + side * reach(+held(value))); };
const signed = number => (number > 0 ? "+" : "") + brief(number);
const input = (type, ariaLabel, attributes, action) => {
  const element = Object.assign(make("input"), { type, ariaLabel, ...attributes });
  element.addEventListener("input", () => action(element.valueAsNumber, element.value));
  return element;
};

// A row for each number, and what stands around them.
const newPanel = (frame, element, keep, asked) => {
  const { box, data } = frame;
  const { output, parameters, of } = data;
  const movable = data.values.filter(node => node.id[0] === "v" && (node !== output || !node.sources.length));
  const leaves = movable.filter(({ sources }) => !sources.length);
  // A number is no name of what moves, nor of what is made of it.
  data.values.forEach(node => { node.called = leaves.includes(node) ? node.name || `#${node.id.slice(1)}` : ""; });
  output.called = output.name || WORDS.output;
  const named = node => data.called(node);
  const program = programOf(data);
  const { start } = program;
  const isCased = /where|sign|less|greater/.test(JSON.stringify(data.functions)); // only what tells cases apart has kinks
  const state = {};
  let wasMoved;
  const rows = new Map();
  const isMany = leaves.length > MANY;
  const [now, trouble, list] = [make("p", "chainrule-now"), make("p", "chainrule-note"), make("div", isMany ? "chainrule-many" : "")];
  const filter = input("search", WORDS.filter, { placeholder: WORDS.filter }, (_, text) => rows.forEach(({ element }, node) => {
    element.hidden = !named(node).toLowerCase().includes(text.trim().toLowerCase());
  }));
  const built = data.nodes.map(({ value, grad, factors, uses: onward }) => ({ value, grad, factors, onward, isHeld: false }));
  const isLeaf = node => leaves.includes(node);
  const outputAt = set => program.forward(set)[output.at];
  const begin = () => {
    state.set = new Map(leaves.map(({ at }) => [at, start[at]]));
    descent.forget();
    rows.forEach(({ slider }, node) => range(slider, start[node.at]));
  };

  const row = node => {
    const name = named(node);
    const move = x => {
      if (!Number.isFinite(x)) return;
      state.about = node;
      state.set.set(node.at, x);
      descent.forget();
      show();
    };
    const slider = input("range", name, { step: "any" }, move);
    range(slider, start[node.at]);
    const field = input("number", said("number", { name }), { step: "any" }, move);
    const moves = input("checkbox", `${name} ${WORDS.descends}`, { defaultChecked: !parameters || parameters.includes(node.at) }, () => {});
    field.addEventListener("blur", () => put(field, state.values[node.at])); // what was no number is one again
    field.addEventListener("change", () => descent.speak(slider.getAttribute("aria-valuetext"))); // a field says but what was typed
    const told = make("small");
    const element = make("div", "chainrule-row", make("b", "", name), slider, field, told, ...(isLeaf(node) ? [make("label", "", moves, WORDS.descends)] : []));
    rows.set(node, { slider, field, told, moves, move, element });
    return element;
  };

  // Looks at a number, and returns its slider; an inner one has a row while it is looked at or held.
  const look = asked => {
    const node = state.about = movable.includes(asked) ? asked : state.about;
    [...rows.keys()].filter(other => other !== node && !isLeaf(other) && !state.set.has(other.at)).forEach(other => {
      rows.get(other).element.remove();
      rows.delete(other);
    });
    if (!rows.has(node)) list.prepend(row(node));
    rows.get(node).element.hidden = false;
    show();
    return rows.get(node).slider;
  };

  const show = () => {
    const { set, about } = state;
    const values = state.values = program.forward(set);
    const grads = state.grads = program.backward(values, set);
    const before = program.backward(start, set);
    const moved = movable.filter(({ at }) => set.has(at) && !Object.is(set.get(at), start[at]));
    const [from, to] = [start[output.at], values[output.at]];
    const promised = total(moved.map(({ at }) => (before[at] ?? 0) * (values[at] - start[at])));
    const off = to - from - promised;
    const way = (node, a, b) => `${named(node)} ${brief(a)} → ${brief(b)}, Δ ${signed(b - a)}`;
    const count = moved.length, isMoved = count > 0;
    const told = {
      output: output.called, to: brief(to), count, change: brief(Math.abs(to - from)), promised: brief(promised), way: to < from ? WORDS.down : WORDS.up,
      off: signed(Math.abs(off) < 1e-12 * Math.max(Math.abs(from), Math.abs(to)) ? 0 : off),
    };
    const changes = count > FEW ? said("moved", told) : moved.map(node => way(node, start[node.at], values[node.at])).join("; ");
    const parts = isMoved ? [changes, way(output, from, to), said("promise", told)] : [said("try", told)];
    const happened = isMoved && Number.isFinite(to - from) ? said("happened", told) : `${output.called} ${told.to}`;
    // What backward left may be more than the slope: of several, of another start, or of another output.
    const isMore = ({ at }) => !isMoved && isNumber(built[at].grad) && grads[at] != null && Math.abs(built[at].grad - grads[at]) > 1e-9 * (1 + Math.abs(grads[at]));
    now.replaceChildren(...parts.map(text => make("span", "", text)));
    const f = x => outputAt(new Map(set).set(about.at, x));
    const steep = isCased && (x => {
      const at = new Map(set).set(about.at, x);
      return program.backward(program.forward(at), at)[about.at] ?? 0;
    });
    explain();
    const ends = troubles(data, program, state, steep);
    say(trouble, [ends, movable.some(isMore) ? said("lay", told) : ""].join(" ").trim());
    rows.forEach(({ slider, field, told: small }, node) => {
      const [value, grad] = [values[node.at], grads[node.at]];
      if (value < slider.min || value > slider.max) range(slider, value); // it was led out of it
      slider.value = held(value);
      if (document.activeElement !== field) put(field, value);
      const idles = grad || Number.isNaN(grad) ? "" : idle(data, program, state, node);
      const isHeld = !isLeaf(node) && set.has(node.at) ? WORDS.held : "";
      const listed = (sign, ...parts) => parts.filter(Boolean).join(sign);
      say(small, listed("; ", isHeld, idles || `${isMore(node) ? WORDS.slope : "∂"} ${brief(grad)}`));
      slider.setAttribute("aria-valuetext", heard(listed(". ", `${named(node)}, ${brief(value)}`, happened, isHeld, idles, node === about && ends)));
    });
    limit.show(f, values[about.at], to, grads[about.at] ?? 0, named(about), output.called, steep);
    descent.show();
    explain(isMoved);
    frame.steps?.rest(isMoved);
    paint(box, data, start, state, moved, LARGE);
    // What was asked is told anew, in its place; the slider's words are heard.
    if (frame.strip?.seen.textContent && (isMoved || wasMoved)) {
      frame.strip.show(asked());
      frame.strip.heard.textContent = "";
    }
    wasMoved = isMoved;
  };

  // What is asked is told of the numbers as they are now; nothing passes on to what is held.
  const explain = isMoved => {
    data.of = isMoved ? "" : of;
    data.nodes.forEach((node, at) => Object.assign(node, built[at], isMoved && (node.isOperation
      ? node.step && { factors: node.sources.map((_, place) => program.slope(node, place, state.values)) }
      : { value: state.values[at], grad: state.grads[at], isHeld: state.set.has(at), onward: node.uses.filter(use => !state.set.has(use.node.uses[0].node.at)) })));
  };

  const limit = limiting();
  const descent = descending(output.called, rate => {
    const { set } = state;
    const values = program.forward(set);
    const grads = program.backward(values, set);
    const moving = leaves.filter(node => rows.get(node).moves.checked && grads[node.at]);
    if (Number.isFinite(values[output.at])) moving.forEach(({ at }) => set.set(at, values[at] - rate * grads[at]));
    return moving.length && [values[output.at], -rate * total(moving.map(({ at }) => grads[at] ** 2)), outputAt(set)];
  }, () => show());
  const reset = button(WORDS.reset, WORDS.reset, () => {
    begin();
    look(leaves[0]);
  });
  const link = button(WORDS.link, WORDS.link, () => keep(settings(), link));
  const settings = () => [["rate", descent.rate()], ...movable.filter(({ at }) => state.set.has(at)).map(({ id, at }) => [id, state.set.get(at)]),
    ...leaves.map(node => [`${node.id}d`, +rows.get(node).moves.checked])];
  begin();
  list.append(...leaves.map(row));
  element.querySelectorAll(".chainrule-row, .chainrule-many").forEach(each => each.remove()); // they kept the room
  element.append(now, ...(isMany ? [make("p", "chainrule-row", filter)] : []), list, trouble, make("p", "chainrule-row", reset, link), make("div", "chainrule-ends", limit.element, descent.element));
  element.classList.add("chainrule-open");
  box.classList.add("chainrule-nudged");
  look(leaves[0]);
  movable.forEach(node => pulled(frame, node, () => state.values[node.at], x => {
    look(node);
    rows.get(node).move(x);
  }));

  // Takes settings as an address keeps them: numbers, and nothing else.
  const follow = number => {
    begin();
    movable.filter(({ id }) => Number.isFinite(number(id))).forEach(node => {
      state.set.set(node.at, number(node.id));
      state.about = node;
      if (!rows.has(node)) list.prepend(row(node));
    });
    leaves.forEach(node => {
      const { moves } = rows.get(node);
      const descends = number(`${node.id}d`);
      moves.checked = descends >= 0 ? descends : moves.defaultChecked;
    });
    descent.rate(number("rate"));
    look();
    reveal(frame.figure);
  };
  return { look, follow, stop: descent.stop };
};
