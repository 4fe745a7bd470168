// The strip below a picture: why the chosen value's gradient is what it is, its ways lit in the picture.
const COLOURS = 6;
const WIDE = 2; // ways that have columns of their own
const way = at => `chainrule-way-${at % COLOURS + 1}`;

class Strip {
  constructor(frame, data) {
    this.frame = frame;
    this.data = data;
    this.heard = make("p", "chainrule-heard");
    this.seen = make("div", "chainrule-seen");
    this.seen.ariaHidden = "true";
    this.element = make("div", "chainrule-strip", this.heard, this.seen);
    this.element.role = "status";
    frame.box.after(this.element);
  }

  // Explains a value; nothing, without one.
  show(node) {
    this.clear();
    const told = node && new Explanation(this.data, node);
    this.seen.replaceChildren(...(told ? this.rows(told) : []));
    say(this.heard, told?.words ?? "");
    if (!told) return;
    this.light(told);
    if (node.value?.s || told.lines.some(({ shapes }) => shapes)) this.opened = this.open(node);
  }

  // The numbers of an array come when it is chosen.
  async open(node) {
    this.node = node;
    const { Cells } = await kit("cells.js").catch(() => ({}));
    if (Cells && this.node === node) this.tiles = new Cells(this, node);
  }

  clear() {
    this.dim();
    this.node = null;
    this.tiles?.element.remove();
    this.seen.replaceChildren();
    this.heard.textContent = "";
  }

  rows(told) {
    const { lines, sum, note, head } = told;
    const own = this.data.partial(told.node);
    return [make("p", "chainrule-head", head), ...(note ? [make("p", "chainrule-note", note)] : []),
      ...lines.map(line => lines.length > WIDE && line.factors ? this.brief(line) : this.row(line, lines.length === 1 && !told.isPart ? own : "")),
      ...(sum ? [make("p", "chainrule-head", `${own} = ${sum.parts.map(bracketed).join(" + ")} ${sum.sign} ${sum.whole}`)] : [])];
  }

  // A way of many on a line.
  brief({ factors, shown: { sign, whole, parts } }) {
    const spans = row => factors.flatMap(({ letters }, at) => [at ? " · " : "", make("span", way(at), row ? bracketed(parts[at]) : letters)]);
    return make("p", "chainrule-brief", ...spans(0), " = ", ...(factors.length > 1 ? [...spans(1), ` ${sign} `] : []), whole);
  }

  row(line, own) {
    if (line.before) return make("p", "chainrule-brief", line.before);
    if (!line.factors) return make("p", "chainrule-note", said("partGets", { own: line.letters, amount: line.formula }), make("small", "", [line.why, line.which, line.fact && `${WORDS.since} ${line.fact}`, line.shapes.join(", "), line.repeated].filter(Boolean).join("; ")));
    const { sign, whole, parts } = line.shown;
    const factors = line.factors.flatMap(({ letters, why, formula, fact, which }, at) =>
      [[at ? "·" : "", "", at ? "·" : ""], [letters, [[why, formula].filter(Boolean).join(": "), which, fact && `${WORDS.since} ${fact}`].filter(Boolean).join(", "), parts[at], at]].slice(!at));
    return this.cells(own ? [[own, "", whole], ["=", "", sign], ...factors] : [...factors, ["", "", sign], ["", "", whole]]);
  }

  // Columns of three rows: letters, why, numbers.
  cells(cells) {
    return make("div", "chainrule-line", ...cells.map(([letters, why, number, at]) =>
      make("span", at == null ? "" : way(at), ...[letters, why, number].map((text, row) => make(["b", "small", "span"][row], "", text)))));
  }

  light(told) {
    const { svg } = this.frame;
    const { data } = this;
    const lit = data.hasGradients ? data.ahead(told.node) : new Set([told.node, ...[data.maker(told.node)].filter(Boolean).flatMap(maker => [maker, ...maker.sources])]);
    if (!svg || !light(svg, data, lit)) return;
    const paths = edgesOf(svg);
    if (!svg.querySelector(".chainrule-tag")) tag(svg, data, lit, "chainrule-tag chainrule-factor");
    told.lines.forEach(({ factors }) => factors?.forEach(({ edges, number }, at) => edges.slice(0, 1).forEach(edge => {
      if (paths[edge].dataset.lit) return;
      paths[edge].dataset.lit = at % COLOURS + 1;
      edges.forEach(each => paths[each].classList.add(way(at)));
      this.write(paths[edge], brief(number), at);
    })));
  }

  // What a table calls by its number has it in the picture too.
  number() {
    const { frame: { svg }, data } = this;
    if (svg && !svg.querySelector(".chainrule-tag")) tag(svg, data, data.nodes, "chainrule-tag");
  }

  // A factor on its edge.
  write(path, text, at) {
    const length = path.getTotalLength();
    const [start, ...points] = [0, .62, .5, .38, .74, .26].map(share => path.getPointAtLength(share * length));
    const beside = text.length * LETTER / 2 + 4;
    settle(path.closest("svg"), text, `chainrule-factor ${way(at)}`, points.flatMap(({ x, y }) =>
      Math.abs(y - start.y) > Math.abs(x - start.x) ? [[x + beside, y + 4], [x - beside, y + 4]] : [[x, y - 5], [x, y + 13]]), path);
  }

  dim() {
    this.frame.box.querySelectorAll(".chainrule-why").forEach(svg => {
      light(svg, this.data, new Set());
      svg.querySelectorAll(".chainrule-factor").forEach(label => label.remove());
      edgesOf(svg).forEach(path => { path.classList.remove(...Array.from({ length: COLOURS }, (_, at) => way(at))); delete path.dataset.lit; });
    });
  }
}
