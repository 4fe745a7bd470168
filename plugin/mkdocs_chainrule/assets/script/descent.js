// Descend: all chosen leaves move against their gradients, again and again, and the output is plotted.
const PACE = 120; // milliseconds of a step that plays
const HUSH = 3000; // between two sentences that are spoken

class Descent {
  constructor(nudge) {
    this.nudge = nudge;
    this.plot = new Plot();
    this.rate = .01;
    this.field = input("number", WORDS.rate, { min: 0, step: "any", value: this.rate }, rate => { if (rate >= 0) this.rate = rate; });
    this.words = make("p");
    this.heard = make("p", "chainrule-heard");
    this.heard.role = "status";
    const step = button(WORDS.one, WORDS.one, () => this.by(1));
    const ten = button(WORDS.ten, WORDS.ten, () => this.by(10));
    this.player = button(WORDS.play, WORDS.play, () => this.timer ? this.stop() : this.play());
    this.element = make("section", "", make("p", "chainrule-head", WORDS.descend), make("p", "chainrule-row", make("label", "", `${WORDS.rate} `, this.field), step, ten, this.player), this.words, this.heard, this.plot.svg);
    this.forget();
  }

  forget() {
    this.stop();
    this.past = [];
  }

  by(times) {
    this.stop();
    while (times--) this.step();
    this.nudge.show();
    this.speak();
  }

  set(rate) {
    if (!(rate >= 0)) return;
    this.rate = this.field.value = rate;
  }

  // Whether there was a step to take.
  step() {
    const { nudge, rate, past } = this;
    const { program, set, data, rows } = nudge;
    const values = program.forward(set);
    const before = values[data.output.at];
    if (!past.length) past.push(before);
    if (!Number.isFinite(before)) return false;
    const grads = program.backward(values, set);
    const moving = nudge.leaves.filter(node => rows.get(node).moves.checked && grads[node.at]);
    moving.forEach(({ at }) => set.set(at, values[at] - rate * grads[at]));
    past.push(nudge.at(set));
    this.promised = -rate * total(moving.map(({ at }) => grads[at] ** 2));
    return true;
  }

  play() {
    this.player.textContent = this.player.ariaLabel = WORDS.pause;
    const tick = () => {
      const goes = this.element.isConnected && this.past.length < 1000 && this.step();
      this.nudge.show();
      if (!goes) return this.stop();
      if (Date.now() - (this.spoken ?? 0) > HUSH) this.speak();
      this.timer = setTimeout(tick, PACE);
    };
    tick();
  }

  stop() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = 0;
    this.player.textContent = this.player.ariaLabel = WORDS.play;
    this.speak();
  }

  speak() {
    this.spoken = Date.now();
    this.heard.textContent = heard(this.words.textContent);
  }

  show() {
    const { nudge: { data }, past, words, plot } = this;
    const output = data.called(data.output);
    const [from, before, to] = [past[0], past.at(-2), past.at(-1)];
    words.textContent = past.length < 2 ? WORDS.against : [
      said("descended", { steps: past.length - 1, output, from: brief(from), to: brief(to), promised: signed(this.promised), change: signed(to - before) }),
      Number.isFinite(to) ? to > from || to > before ? WORDS.tooLarge : "" : WORDS.exploded].join(" ");
    if (past.length < 2) return plot.svg.replaceChildren();
    plot.draw(said("fell", { output, from: brief(from), to: brief(to) }), [past.map((each, at) => [at, each])], [past.length - 1, to], [output, "", `${past.length - 1}`]);
  }
}
