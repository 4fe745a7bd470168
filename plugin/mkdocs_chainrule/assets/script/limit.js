// Where on a grid a slope jumps: half of an interval holds half of a bend, but all of a kink.
const HALVINGS = 8;
const kinks = (slope, grid) => {
  const known = {};
  const at = x => known[x] ??= slope(x);
  const jump = (a, b) => Math.abs(at(b) - at(a));
  return grid.slice(1).flatMap((right, place) => {
    let left = grid[place];
    const least = .6 * jump(left, right); // the rest may be a bend
    if (!(least > 1e-3 * (Math.abs(at(left)) + Math.abs(at(right))))) return [];
    for (let i = 0; i < HALVINGS && jump(left, right) > least; i++) {
      const middle = (left + right) / 2;
      if (jump(left, middle) > jump(middle, right)) right = middle;
      else left = middle;
    }
    return jump(left, right) > least ? [right] : [];
  });
};

// The digits of a number that another has as well, and the others.
const sharing = (number, other) => {
  const [text, against] = [number, other].map(each => brief(each, 9));
  const padded = against.includes(".") ? against : `${against}.`;
  const at = [...text, ""].findIndex((digit, place) => digit !== (padded[place] ?? "0"));
  return [text.slice(0, at), text.slice(at)];
};

// What is h: the slope of a secant beside the gradient, and how far apart they are for each size of h.
const SMALLEST = -16; // power of ten of h

// Its element, and what shows it for a function f, at a point where it has this value and gradient; `steep` is its gradient elsewhere.
const limiting = () => {
  const [curve, errors, words] = [newPlot(), newPlot(), make("p")];
  let last;
  const slider = input("range", "h", { min: SMALLEST, max: 0, step: .25, value: -1 }, () => show(...last));
  const element = make("section", "", make("p", "chainrule-head", WORDS.limit), make("label", "chainrule-row", make("b", "", "h"), slider), words, curve, errors);
  const show = (...given) => {
    const [f, x, y, gradient, name, output, steep] = last = given;
    const slope = power => (f(x + 10 ** power) - y) / 10 ** power;
    const error = power => Math.abs(slope(power) - gradient);
    const power = slider.valueAsNumber;
    const [agreed, other] = sharing(slope(power), gradient);
    const [before, after] = said("secant", { output, name, h: brief(10 ** power), gradient: brief(gradient, 6), off: brief(error(power)), slope: "\0" }).split("\0");
    words.replaceChildren(...apart(before + agreed), make("span", "chainrule-other", other), ...apart(after));
    slider.setAttribute("aria-valuetext", heard(words.textContent));
    const span = (low, high, count) => Array.from({ length: count + 1 }, (_, at) => low + (high - low) * at / count);
    const around = count => span(x - reach(x), x + reach(x), count);
    const straight = steepness => around(1).map(to => [to, y + steepness * (to - x)]);
    const grid = around(40);
    const line = grid.map(to => [to, f(to)]);
    const part = grid[1] - grid[0];
    const bent = steep ? kinks(steep, grid) : [];
    const missing = line.filter(point => !Number.isFinite(point[1])).map(point => point[0]).filter(Number.isFinite);
    const zones = [...bent, ...missing].map(at => [at - part / 2, at + part / 2]);
    const where = [...bent.map(at => brief(+at.toFixed(2))), ...missing.length ? [`${brief(missing[0])} … ${brief(missing.at(-1))}`] : []].join(", ");
    plot(curve, said("curve", { output, name }) + (where && said("hatched", { where })), [line, straight(slope(power)), straight(gradient)], [x, y], [output, "", name], zones);
    const point = each => [each, Math.log10(Math.max(1e-17, error(each)))];
    const points = span(SMALLEST, 0, 64).map(point);
    const least = Math.min(...points.map(each => each[1])) + 1;
    const arm = (each, word) => each[1] > least ? word : "";
    plot(errors, WORDS.errors, [points], point(power), [arm(points[0], WORDS.rounding), arm(points[64], WORDS.bend), "h = 1", `10${raised(`${SMALLEST}`)}`]);
  };
  return { element, show };
};
