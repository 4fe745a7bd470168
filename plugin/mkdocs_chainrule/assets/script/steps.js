// A computation step by step: the picture at each sentence of "Steps in words" (`show/graphs/steps.py`).
class Steps {
  constructor(frame, data, { steps, forward, start }, zoom) {
    this.frame = frame;
    this.data = data;
    this.steps = steps.map(places => [places].flat());
    this.stepOf = new Map(this.steps.flatMap((places, step) => places.map(place => [place, step])));
    this.motion = new Motion(frame.box);
    this.gather();
    this.sentences = [...zoom.querySelectorAll(".chainrule-steps li")].map(each => each.textContent);
    this.name = frame.box.querySelector("g[id]")?.id.replace(/-\w+$/, "");
    const [, to] = location.hash.match(`^#${this.name}/step=(\\d+)$`) ?? [];
    this.player = new Player(steps.length, {
      show: i => this.show(i), still: () => this.motion.still(), enter: () => this.enter(), sentence: i => this.sentences[i], label: WORDS.stepLabel, element: zoom.querySelector(".chainrule-player"),
      chapters: [[WORDS.forwards, 0], ...forward < steps.length ? [[WORDS.backwards, forward]] : []],
    });
    if (this.name) this.player.tools.append(button(WORDS.linkLabel, WORDS.linkStep, () => this.link()));
    const { words } = this.player;
    const answer = words.textContent;
    if (start) words.style.minHeight = `${words.offsetHeight}px`; // what stands below keeps its place
    this.player.to(to ? to - 1 : start ? 0 : steps.length - 1);
    if (to) reveal(frame.figure);
    else if (start) this.follow(this.at(0).now);
    else say(words, answer); // until somebody steps
  }

  // While numbers are moved the steps rest: they are of those of the build. Afterwards the picture is at its step again.
  rest(isMoved) {
    const { player: { at, range, tools, words }, frame: { box } } = this;
    [range, ...tools.children].forEach(control => { control.disabled = isMoved; });
    if (isMoved && !this.kept) {
      this.kept = [words.textContent, range.getAttribute("aria-valuetext")];
      this.player.stop();
      this.see(this.steps.length - 1);
      this.motion.still();
      box.querySelectorAll(".chainrule-now").forEach(each => each.classList.remove("chainrule-now", "chainrule-back"));
      say(words, WORDS.stepsRest);
      range.setAttribute("aria-valuetext", WORDS.stepsRest);
    } else if (!isMoved) {
      if (this.kept) range.setAttribute("aria-valuetext", this.kept[1]);
      if (this.kept) say(words, this.kept[0]);
      this.kept = null;
      queueMicrotask(() => this.see(at)); // once the numbers are those of the build
    }
  }

  // Shows a step as it is, without what leads there.
  see(step) {
    this.last = undefined;
    this.show(step);
  }

  link() {
    history.replaceState(history.state, "", `#${this.name}/step=${this.player.at + 1}`);
    this.frame.figure.say(location.href);
  }

  // What each edge brings, and what lay at a leaf before. The rest of a gradient is brought by the one step whose edges are not
  // known, as a fold's, or lay there before (`show/graphs/arrivals.py`).
  gather() {
    this.amounts = [];
    this.before = [];
    this.data.values.forEach(node => {
      node.left = node.uses.filter(({ edge }) => this.stepOf.has(-2 - edge));
      const { left, grad } = node;
      left.forEach(({ node: { factors, uses: [result] }, edge, place }) => { this.amounts[edge] = (factors?.[place] ?? NaN) * (result?.node.grad ?? NaN); });
      const hidden = left.filter(({ edge }) => Number.isNaN(this.amounts[edge]));
      const known = left.map(({ edge }) => this.amounts[edge] || 0);
      const rest = isNumber(grad) ? grad - total(known) : NaN;
      if (!hidden.length && !node.sources.length && Math.abs(rest) > 1e-9 * Math.max(...[grad, ...known].map(Math.abs))) this.before.push([node, { sum: rest, count: 0 }]);
      if (new Set(hidden.map(({ edge }) => this.stepOf.get(-2 - edge))).size === 1) hidden.forEach(({ edge }, at) => { this.amounts[edge] = at ? 0 : rest; });
    });
  }

  // What is known after a step: values, gradients as far as they have come, and the edges that it takes.
  at(last) {
    const { nodes, edges, output } = this.data;
    const known = new Set(nodes.filter(({ sources }) => !sources.length));
    const gathered = new Map(this.before);
    const now = { edges: [], nodes: [], sums: new Map, isBack: this.steps[last][0] < 0 };
    this.steps.slice(0, last + 1).forEach((places, step) => places.forEach(place => {
      const isNow = step === last;
      if (place === -1) {
        gathered.set(output, { whole: true });
        if (isNow) now.nodes.push(now.at = output);
      } else if (place < 0) {
        const [source, target] = edges[-2 - place];
        const lay = gathered.get(source);
        const [sum, count] = [(lay?.sum ?? 0) + this.amounts[-2 - place], (lay?.count ?? 0) + 1];
        gathered.set(source, { sum, count, whole: count === source.left.length });
        if (!isNow) return;
        if (lay && isFinite(sum)) now.sums.set(source, [now.sums.get(source)?.[0] ?? lay.sum, sum]);
        now.nodes.push(source, now.at ??= target);
        now.edges.push(-2 - place, ...this.edges(from => from === target));
      } else {
        const node = nodes[place];
        const made = [node, ...node.id[0] === "l" ? [] : node.uses.map(use => use.node).filter(each => !each.isOperation)];
        made.forEach(each => known.add(each));
        if (!isNow) return;
        now.nodes.push(...made);
        now.at ??= node;
        now.edges.push(...this.edges((_, to) => made.includes(to) || to.isOperation && made.includes(to.uses[0]?.node)));
      }
    }));
    return { known, gathered, now };
  }

  edges(isOne) { return this.data.edges.flatMap((ends, at) => isOne(...ends) ? [at] : []); }

  show(last) {
    const { known, gathered, now } = this.at(last);
    const { motion, frame, data } = this;
    const isNext = last === this.last + 1 && !this.player.calm.matches;
    const isEnd = last === this.steps.length - 1;
    motion.still();
    frame.box.querySelectorAll("svg[role=img]").forEach(svg => {
      const paths = [...svg.querySelectorAll("g[marker-end] > path")];
      const moves = isNext && svg === frame.svg && this.steps[last].length < 3;
      const number = x => isNumber(x) ? brief(x) : "●";
      paths.forEach((path, at) => {
        const isNow = now.edges.includes(at);
        path.classList.toggle("chainrule-now", isNow);
        path.classList.toggle("chainrule-back", now.isBack && isNow);
        const [from, to] = data.edges[at];
        if (!moves || !isNow) return;
        if (!now.isBack) from.isOperation || motion.run(svg, path, number(from.value), false, 0);
        else if (this.stepOf.get(-2 - at) === last) motion.run(svg, path, number(this.amounts[at]), true, MOTION);
        else motion.run(svg, path, number(to.grad), true, 0);
      });
      data.nodes.forEach(node => {
        const group = groupOf(svg, node);
        const text = group?.querySelector(".grad");
        const isNow = now.nodes.includes(node);
        group?.classList.toggle("chainrule-later", !node.isOperation && !known.has(node) && !isEnd);
        group?.classList.toggle("chainrule-now", isNow);
        if (moves && isNow && !now.isBack && !node.isOperation) motion.fade(group.querySelectorAll("text:not([font-weight])"), MOTION);
        if (!text) return;
        const found = gathered.get(node);
        const whole = text.dataset.whole ??= text.textContent;
        const write = sum => { text.textContent = isNumber(sum) ? `∂ ${Number.isNaN(sum) ? "…" : brief(sum)}` : whole; };
        const end = isEnd || !found || found.whole ? whole : found.sum;
        text.classList.toggle("chainrule-later", !found && !isEnd);
        write(end);
        const sum = now.sums.get(node);
        const bar = sum && motion.bars(svg, group, ...sum);
        if (!moves || !isNow || !now.isBack) return;
        if (!sum) return motion.fade([text], now.edges.length && 2 * MOTION);
        motion.grow(bar, 2 * MOTION);
        motion.count(part => write(part === sum[1] ? end : part), ...sum, 2 * MOTION);
      });
    });
    if (this.last !== undefined) {
      this.follow(now);
      this.room ??= this.reserve();
    }
    this.last = last;
  }

  // Once somebody steps, the sentence has the room of the longest, so that nothing shifts while it plays.
  reserve() {
    const { words } = this.player;
    const told = words.textContent;
    say(words, this.sentences.reduce((a, b) => b.length > a.length ? b : a));
    words.style.minHeight = `${words.offsetHeight}px`;
    say(words, told);
    return true;
  }

  // Enter leads into a layer, where the next zoom draws its operations: a layer has the number of the value that it makes.
  enter() {
    const { frame: { figure, box }, player, steps, data } = this;
    const at = figure.frames.findIndex(frame => frame.box === box) - 1;
    const finer = figure.frames[at]?.steps;
    const layer = data.nodes[steps[player.at][0]];
    if (!finer || layer?.id[0] !== "l") return;
    const number = ({ id }) => +id.slice(1);
    figure.querySelectorAll(".chainrule-zooms input")[at].click();
    finer.player.go(finer.steps.findIndex(([place]) => number(finer.data.nodes[place]) > Math.max(...layer.sources.map(number))));
    finer.player.range.focus();
  }

  // What is active stays in view.
  follow({ at, edges }) {
    const { frame } = this;
    const { svg } = frame;
    const group = svg && groupOf(svg, at);
    if (!group) return;
    [...edges.slice(-6).flatMap(edge => this.data.edges[edge]), at].forEach(node => frame.show(groupOf(svg, node)));
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = frame.box;
    if (scrollWidth > 1.25 * clientWidth || scrollHeight > 1.25 * clientHeight) (this.overview ??= new Overview(frame)).show(svg, group);
  }
}
