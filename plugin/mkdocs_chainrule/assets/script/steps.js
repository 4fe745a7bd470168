// A computation step by step: the picture at each sentence of "Steps in words" (`show/graphs/steps.py`).
class Steps {
  constructor(frame, data, { steps, forward }, zoom) {
    this.frame = frame;
    this.data = data;
    this.places = steps;
    this.sentences = [...zoom.querySelectorAll(".chainrule-steps li")].map(each => each.textContent);
    this.name = frame.box.querySelector("g[id]")?.id.replace(/-\w+$/, "");
    const [, to] = location.hash.match(`^#${this.name}/step=(\\d+)$`) ?? [];
    this.player = new Player(steps.length, {
      show: i => this.show(i), sentence: i => this.sentences[i], label: WORDS.stepLabel, element: zoom.querySelector(".chainrule-player"),
      chapters: [[WORDS.forwards, 0], ...forward < steps.length ? [[WORDS.backwards, forward]] : []],
    });
    frame.box.querySelectorAll("svg[role=img]").forEach(svg => tag(svg, data, data.nodes, "chainrule-tag"));
    this.player.tools.append(button(WORDS.linkLabel, WORDS.linkStep, () => this.link()));
    this.player.to(to ? to - 1 : steps.length - 1);
    if (to) frame.figure.scrollIntoView();
  }

  link() {
    history.replaceState(history.state, "", `#${this.name}/step=${this.player.at + 1}`);
    this.frame.figure.say(location.href);
  }

  // What is known after a step: values, gradients as far as they have come, and the edges that it takes.
  at(last) {
    const { nodes, edges } = this.data;
    const known = new Set(nodes.filter(({ sources }) => !sources.length));
    const gathered = new Map(nodes.filter(({ sources, grad }) => !sources.length && grad != null).map(node => [node, { left: 0, sum: this.before(node) }]));
    const now = { edges: [], nodes: [] };
    this.places.slice(0, last + 1).forEach((place, at) => {
      const operation = nodes[place];
      const result = operation && (operation.isOperation ? operation.uses[0].node : operation);
      const [source, target] = edges[-2 - place] ?? [];
      if (result) known.add(result);
      else if (place === -1) gathered.set(this.data.output, { sum: this.data.output.grad, whole: true });
      else gathered.set(source, this.add(source, gathered.get(source), target, -2 - place));
      if (at < last) return;
      const made = result ?? target?.uses[0].node ?? this.data.output;
      now.isBack = !result;
      now.nodes = result ? [result] : [source ?? made];
      now.edges = edges.flatMap(([from, to], edge) => result ? to === result || to === operation && from !== result ? [edge] : []
        : edge === -2 - place || from === target && to === made ? [edge] : []);
    });
    return { known, gathered, now };
  }

  // What lay in a leaf before this backward.
  before(node) {
    const brought = node.uses.map(use => this.brought(use));
    const before = isNumber(node.grad) ? node.grad - total(brought) : 0;
    return Math.abs(before) > 1e-9 * Math.max(...[node.grad, ...brought].map(Math.abs)) ? before : 0;
  }

  brought({ node: { factors, uses: [result] }, place }) { return result && isNumber(factors[place]) && isNumber(result.node.grad) ? factors[place] * result.node.grad : NaN; }

  add(source, { sum = 0, count = 0 } = {}, target, edge) {
    const use = source.uses.find(each => each.edge === edge);
    const uses = source.uses.filter(({ edge: each }) => this.places.includes(-2 - each));
    return { sum: sum + this.brought(use), count: count + 1, whole: count + 1 === uses.length };
  }

  show(last) {
    const { known, gathered, now } = this.at(last);
    this.frame.box.querySelectorAll("svg[role=img]").forEach(svg => {
      const paths = [...svg.querySelectorAll("g[marker-end] > path")];
      paths.forEach((path, at) => {
        path.classList.toggle("chainrule-now", now.edges.includes(at));
        path.classList.toggle("chainrule-back", now.isBack && now.edges.includes(at));
      });
      this.data.nodes.forEach(node => {
        const group = groupOf(svg, node);
        const text = group?.querySelector(".grad");
        group?.classList.toggle("chainrule-later", !node.isOperation && !known.has(node));
        group?.classList.toggle("chainrule-now", now.nodes.includes(node));
        if (!text) return;
        const found = gathered.get(node);
        text.dataset.whole ??= text.textContent;
        text.classList.toggle("chainrule-later", !found || !found.whole && !found.sum && !found.count);
        text.textContent = !found || found.whole || Number.isNaN(found.sum) ? text.dataset.whole : `∂ ${brief(found.sum)}`;
      });
    });
  }
}

