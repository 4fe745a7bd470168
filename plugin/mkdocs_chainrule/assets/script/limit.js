// What is h: the slope of a secant beside the gradient, and how far apart they are for each size of h.
const SMALLEST = -16; // power of ten of h

// Its element, and what shows it for a function f, at a point where it has this value and gradient.
const limiting = () => {
  const [curve, errors, words] = [newPlot(), newPlot(), make("p")];
  let last;
  const slider = input("range", "h", { min: SMALLEST, max: 0, step: .25, value: -1 }, () => show(...last));
  const element = make("section", "", make("p", "chainrule-head", WORDS.limit), make("label", "chainrule-row", make("b", "", "h"), slider), words, curve, errors);
  const show = (...given) => {
    const [f, x, y, gradient, name, output] = last = given;
    const slope = power => (f(x + 10 ** power) - y) / 10 ** power;
    const error = power => Math.abs(slope(power) - gradient);
    const power = slider.valueAsNumber;
    words.textContent = said("secant", { output, name, h: brief(10 ** power), slope: brief(slope(power), 6), gradient: brief(gradient, 6), off: brief(error(power)) });
    slider.setAttribute("aria-valuetext", heard(words.textContent));
    const span = (low, high, count) => Array.from({ length: count + 1 }, (_, at) => low + (high - low) * at / count);
    const around = count => span(x - reach(x), x + reach(x), count);
    const straight = steepness => around(1).map(to => [to, y + steepness * (to - x)]);
    plot(curve, said("curve", { output, name }), [around(40).map(to => [to, f(to)]), straight(slope(power)), straight(gradient)], [x, y], [output, "", name]);
    const point = each => [each, Math.log10(Math.max(1e-17, error(each)))];
    const points = span(SMALLEST, 0, 64).map(point);
    const least = Math.min(...points.map(each => each[1])) + 1;
    const arm = (each, word) => each[1] > least ? word : "";
    plot(errors, WORDS.errors, [points], point(power), [arm(points[0], WORDS.rounding), arm(points[64], WORDS.bend), "h = 1", `10${raised(`${SMALLEST}`)}`]);
  };
  return { element, show };
};
