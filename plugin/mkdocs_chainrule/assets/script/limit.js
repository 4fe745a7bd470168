// What is h: the slope of a secant beside the gradient, and how far apart they are for each size of h.
const SMALLEST = -16; // power of ten of h

class Limit {
  constructor(nudge) {
    this.nudge = nudge;
    this.curve = new Plot();
    this.errors = new Plot();
    this.slider = input("range", "h", { min: SMALLEST, max: 0, step: .25, value: -1 }, () => this.show());
    this.words = make("p");
    this.element = make("section", "", make("p", "chainrule-head", WORDS.limit), make("label", "chainrule-row", make("b", "", "h"), this.slider), this.words, this.curve.svg, this.errors.svg);
  }

  show() {
    const { nudge, slider, words } = this;
    const { data, about, values, set } = nudge;
    const [name, output, x, y] = [data.called(about), data.called(data.output), values[about.at], values[data.output.at]];
    const f = to => nudge.at(new Map(set).set(about.at, to));
    const gradient = nudge.grads[about.at] ?? 0;
    const slope = h => (f(x + h) - y) / h;
    const h = 10 ** slider.value;
    const [now, off] = [slope(h), Math.abs(slope(h) - gradient)];
    words.textContent = said("secant", { output, name, h: brief(h), slope: brief(now, 6), gradient: brief(gradient, 6), off: brief(off) });
    slider.setAttribute("aria-valuetext", heard(words.textContent));
    const [low, high] = [x - reach(x), x + reach(x)];
    const around = Array.from({ length: 41 }, (_, at) => low + (high - low) * at / 40);
    const straight = steepness => [low, high].map(to => [to, y + steepness * (to - x)]);
    this.curve.draw(said("curve", { output, name }), [around.map(to => [to, f(to)]), straight(now), straight(gradient)], [x, y], [output, "", name]);
    const powers = Array.from({ length: 65 }, (_, at) => SMALLEST + at / 4);
    const error = power => Math.log10(Math.max(1e-17, Math.abs(slope(10 ** power) - gradient)));
    const errors = powers.map(power => [power, error(power)]);
    const least = Math.min(...errors.map(point => point[1])) + 1;
    this.errors.draw(said("errors", { least: brief(10 ** errors.find(point => point[1] < least)?.[0]) }), [errors], [slider.value, error(slider.value)],
      [errors[0][1] > least ? WORDS.rounding : "", errors[64][1] > least ? WORDS.bend : "", "h = 1", `10${raised(`${SMALLEST}`)}`]);
  }
}
