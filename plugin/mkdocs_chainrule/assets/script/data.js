// A graph's data (`show/graphs/data.py` writes it): its nodes, and what uses them.
const LONGEST = 12; // characters of an expression that stands for a name
const STRENGTH = { "+": 4, "-": 4, "*": 5, "/": 5, "@": 5, "**": 7 };
const quantity = x => typeof x === "string" ? { nan: NaN, inf: Infinity, "-inf": -Infinity }[x] : x;
const onPaper = text => text.replace(/ \*\* (\d+)(?![\d.])/g, (_, power) => raised(power)).replaceAll("**", "^").replaceAll("*", "·").replaceAll("-", "−")
  .replaceAll("<=", "≤").replaceAll(">=", "≥").replaceAll("==", "=");
const isNumber = x => typeof x === "number";

class Data {
  constructor({ n, s, p, of, w }) {
    this.functions = p;
    this.parameters = w;
    this.of = of;
    this.edges = [];
    this.nodes = n.map(([id, sources, name, a, b, made], at) => id[0] === "o"
      ? { id, at, sources, name, slopes: s[a] ?? [], factors: b.map(quantity), made, uses: [] }
      : { id, at, sources, name, value: quantity(a), grad: quantity(b), uses: [] });
    this.nodes.forEach(node => {
      node.isOperation = node.id[0] === "o";
      node.sources = node.sources.map(at => this.nodes[at]);
      node.onward = node.uses; // all of them, unless a reader holds some
      node.sources.forEach((source, place) => {
        source.uses.push({ node, place, edge: this.edges.length });
        this.edges.push([source, node]);
      });
    });
    this.values = this.nodes.filter(node => !node.isOperation);
    this.values.forEach(node => this.called(node)); // in their order, which decides what is taken
    this.output = this.values.at(-1);
    this.hasGradients = this.values.some(node => node.grad != null);
  }

  get whose() { return this.of || this.called(this.output); }

  // What made a value; nothing, for a leaf and for what a fold stands for.
  maker(node) { return node.sources.find(source => source.isOperation); }

  // A value's name, which no other has: its label, a constant's number, what it is made of as far as that is short, or its place
  // in the tape (`show/graphs/values.py`).
  called(node) {
    if (node.called) return node.called;
    const { id, name, value } = node;
    const own = `#${id.slice(1)}`;
    const isTaken = text => this.values.some(each => each !== node && (each.name || each.called) === text);
    const made = this.maker(node) ? this.expression(this.maker(node)) : own;
    const number = id[0] === "c" && isNumber(value) ? brief(value) : "";
    return node.called = name ? name + (isTaken(name) ? own : "") : number || (made.length > LONGEST || isTaken(made) ? own : made);
  }

  expression({ name, sources }) {
    const strength = STRENGTH[name];
    const within = (operand, least) => {
      const own = operand.name ? 9 : STRENGTH[this.maker(operand)?.name] ?? 9;
      const text = this.called(operand);
      return own < least && !/^#\d+$/.test(text) || text[0] === "−" && least > 4 ? `(${text})` : text;
    };
    if (strength && sources.length === 2)
      return onPaper([within(sources[0], strength + (name === "**")), name, within(sources[1], strength + !"+*".includes(name))].join(" "));
    if (name === "-") return `−${within(sources[0], 6)}`;
    if (name.includes("{")) return name.replace(/\{(\d+)\}/g, (_, at) => within(sources[at], name.startsWith("{0}[") ? 9 : 0));
    return `${name}(${sources.map(source => this.called(source)).join(", ")})`;
  }

  // The sign of a derivative, or of one along an operand alone: ∂y/∂x₁, where x is several.
  partial(node, of = this.whose, use = "") { return `∂${bracketed(of)}/∂${bracketed(this.called(node))}${use}`; }

  use({ sources }, place) { return sources.indexOf(sources[place]) !== sources.lastIndexOf(sources[place]) ? `${place + 1}`.replace(/\d/g, digit => "₀₁₂₃₄₅₆₇₈₉"[digit]) : ""; }

  // Which operand that is.
  operand(operation, place) {
    const use = this.use(operation, place);
    return use && said("operand", { own: bracketed(this.called(operation.sources[place])) + use, place: place + 1, made: this.expression(operation) });
  }

  // Everything that leads from a node to the output.
  ahead(node, found = new Set()) {
    if (!found.has(node)) {
      found.add(node);
      node.onward.forEach(({ node: next }) => this.ahead(next, found));
    }
    return found;
  }
}

const bracketed = name => /[ −]/.test(name) ? `(${name})` : name;
