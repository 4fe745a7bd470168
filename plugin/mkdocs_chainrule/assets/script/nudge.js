// Nudge: the reader moves numbers; below the picture stand what happened, and what the gradient had promised.
const reach = value => 2 * Math.max(1, Math.abs(value));
const signed = number => (number > 0 ? "+" : "") + brief(number);
const heard = text => text.replaceAll("−", `${WORDS.minus} `);
const input = (type, name, attributes, action) => {
  const element = make("input");
  Object.assign(element, { type, ariaLabel: name }, attributes);
  element.addEventListener("input", () => action(element.valueAsNumber));
  return element;
};

class Nudge {
  constructor({ frame, own, key, chosen }, byReader) {
    const { data } = frame;
    Object.assign(this, { frame, data, key, rows: new Map() });
    this.leaves = data.values.filter(({ sources, id }) => !sources.length && id[0] === "v");
    this.element = own ?? make("div", "chainrule-nudge");
    this.open(byReader, chosen);
  }

  get name() { return this.data.called(this.data.output); }

  look(node) {
    this.about = node;
    this.rows.forEach((row, other) => { if (other !== node && !this.leaves.includes(other) && !this.set.has(other.at)) this.drop(other); });
    if (!this.rows.has(node)) this.list.prepend(this.row(node));
    this.show();
  }

  drop(node) {
    this.rows.get(node).element.remove();
    this.rows.delete(node);
  }

  open(byReader, chosen) {
    this.program = new Program(this.data);
    [this.now, this.trouble, this.list] = [make("p", "chainrule-now"), make("p", "chainrule-note"), make("div")];
    this.leaves.forEach(node => {
      node.called = node.name || `#${node.id.slice(1)}`; // a number is no name of what moves
      this.list.append(this.row(node));
    });
    this.data.output.called = this.data.output.name || WORDS.output;
    this.begin();
    [this.limit, this.descent] = [new Limit(this), new Descent(this)];
    const buttons = [button(WORDS.reset, WORDS.reset, () => this.reset()), button(WORDS.link, WORDS.link, () => this.link())];
    this.element.querySelectorAll(".chainrule-row").forEach(row => row.remove()); // which only kept the room
    this.element.append(this.now, this.trouble, this.list, make("p", "chainrule-row", ...buttons), make("div", "chainrule-ends", this.limit.element, this.descent.element));
    this.element.classList.add("chainrule-open");
    this.frame.box.classList.add("chainrule-nudged");
    if (!this.element.isConnected) this.frame.box.after(this.element);
    this.look(byReader && chosen || this.leaves[0]);
    if (byReader) this.rows.get(this.about).slider.focus();
  }

  row(node) {
    const { data: { parameters }, program } = this;
    const [name, value] = [this.data.called(node), program.start[node.at]];
    const act = x => { if (Number.isFinite(x)) this.move(node, x); };
    const slider = input("range", name, { min: value - reach(value), max: value + reach(value), step: "any", value }, act);
    const field = input("number", said("number", { name }), { step: "any", value }, act);
    const moves = input("checkbox", `${name} ${WORDS.descends}`, { checked: !parameters || parameters.includes(node.at) }, () => {});
    const told = make("small");
    const element = make("div", "chainrule-row", make("b", "", name), slider, field, told, ...(this.leaves.includes(node) ? [make("label", "", moves, WORDS.descends)] : []));
    this.rows.set(node, { node, slider, field, moves, told, element });
    return element;
  }

  begin() { this.set = new Map(this.leaves.map(({ at }) => [at, this.program.start[at]])); }

  reset() {
    this.begin();
    this.rows.forEach((_, node) => { if (!this.leaves.includes(node)) this.drop(node); });
    this.descent.forget();
    this.look(this.leaves[0]);
  }

  move(node, x) {
    this.about = node;
    this.set.set(node.at, x);
    this.descent.forget();
    this.show();
  }

  // The output at other numbers.
  at(set) { return this.program.forward(set)[this.data.output.at]; }

  show() {
    const { data, program, set } = this;
    const { start } = program;
    this.values = program.forward(set);
    this.grads = program.backward(this.values, set);
    const before = program.backward(start, set);
    const moved = data.values.filter(({ at }) => set.has(at) && set.get(at) !== start[at]);
    const [from, to] = [start, this.values].map(values => values[data.output.at]);
    const change = to - from;
    const promised = total(moved.map(({ at }) => (before[at] ?? 0) * (set.get(at) - start[at])));
    const off = Math.abs(change - promised) <= 1e-12 * Math.max(Math.abs(from), Math.abs(to)) ? 0 : change - promised;
    const told = { output: this.name, from: brief(from), to: brief(to), change: brief(Math.abs(change)), signed: signed(change), promised: brief(promised), off: signed(off), way: change < 0 ? WORDS.down : WORDS.up };
    this.now.replaceChildren(...(moved.length ? [
      moved.map(({ at }) => `${data.called(data.nodes[at])} ${brief(start[at])} → ${brief(set.get(at))}, Δ ${signed(set.get(at) - start[at])}`).join("; "),
      said("change", told), said("promise", told)] : [said("try", told)]).map(text => make("span", "", text)));
    this.rows.forEach(row => this.tell(row, said("happened", told)));
    this.trouble.textContent = troubles(this);
    this.limit.show();
    this.descent.show();
    paint(this, moved.length);
    if (moved.length) this.frame.strip?.clear();
  }

  tell({ node, slider, field, told }, happened) {
    const [value, grad] = [this.values[node.at], this.grads[node.at]];
    slider.value = value;
    if (document.activeElement !== field) field.value = +value.toPrecision(6);
    slider.setAttribute("aria-valuetext", heard(`${this.data.called(node)}, ${brief(value)}. ${happened}`));
    told.textContent = (node.sources.length && this.set.has(node.at) ? WORDS.held : "") + (grad ? `∂ ${brief(grad)}` : said("noEffect", { why: idle(this, node) }));
  }

  // The settings in the page's address, which the Back key does not know of.
  link() {
    const settings = this.data.values.filter(({ at }) => this.set.has(at)).map(({ id, at }) => [id, this.set.get(at)]);
    history.replaceState(history.state, "", `#${new URLSearchParams([[this.key, this.descent.rate], ...settings])}`);
    const { figure } = this.frame;
    const kept = () => figure.say(WORDS.kept);
    navigator.clipboard?.writeText(location.href).then(() => figure.say(WORDS.copied), kept) ?? kept();
  }

  follow(linked) {
    const number = name => linked.has(name) && linked.get(name).trim() ? Number(linked.get(name)) : NaN;
    this.data.values.forEach(node => {
      const value = number(node.id);
      if (!Number.isFinite(value)) return;
      this.set.set(node.at, value);
      if (!this.rows.has(node)) this.list.prepend(this.row(node));
    });
    this.descent.set(number(this.key));
    this.show();
  }
}
