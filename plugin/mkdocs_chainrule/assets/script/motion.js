// How a step is seen to happen: a token with its number runs along an edge, a value fades in, and where something lies already a
// second bar grows on the first while the number counts up. All of it is gone with `still`.
const MOTION = 240; // milliseconds
const passing = "chainrule-passing";

class Motion {
  constructor(box) { this.box = box; }

  still() {
    this.turn = {};
    this.box.querySelectorAll(`.${passing}`).forEach(each => each.remove());
    this.box.getAnimations({ subtree: true }).forEach(each => each.cancel());
  }

  // A token along a path; against the arrow, where it goes back.
  run(svg, path, text, isBack, delay) {
    const length = path.getTotalLength();
    const token = mark(svg, text, `chainrule-factor ${passing} ${isBack ? "" : "chainrule-way-1"}`, 0, 4);
    token.setAttribute("opacity", 0);
    token.animate(Array.from({ length: 9 }, (_, at) => {
      const { x, y } = path.getPointAtLength(length * (isBack ? 8 - at : at) / 8);
      return { opacity: 1, transform: `translate(${x}px, ${y}px)` };
    }), { duration: MOTION, delay }).onfinish = () => token.remove();
  }

  fade(elements, delay) { elements.forEach(each => each.animate([{ opacity: 0 }, {}], { duration: MOTION, delay, fill: "backwards" })); }

  // Two bars on one zero line, at the side of a value: what lay there, and what comes.
  bars(svg, group, lay, sum) {
    svg.setAttribute("overflow", "visible"); // beside the first of all
    const { x, y, height } = group.querySelector("rect");
    const [low, high] = [Math.min(0, lay, sum), Math.max(0, lay, sum)];
    const level = number => y.baseVal.value + height.baseVal.value * (high - number) / (high - low || 1);
    const bar = (left, d, stroke, width) => svgElement("path", { d: `M${x.baseVal.value - left} ${d}`, stroke: `var(--chainrule-${stroke})`, "stroke-width": width, class: passing });
    const grown = bar(3.5, `${level(lay)}V${level(sum)}`, "grad", 3);
    group.append(bar(6.5, `${level(0)}V${level(lay)}`, "soft", 3), grown, bar(8.5, `${level(0)}h8`, "ink", 1));
    return grown;
  }

  grow(bar, delay) {
    const length = bar.getTotalLength();
    bar.setAttribute("stroke-dasharray", length);
    bar.animate({ strokeDashoffset: [length, 0] }, { duration: MOTION, delay, fill: "backwards" });
  }

  count(write, from, to, delay) {
    const { turn } = this;
    const start = performance.now() + delay;
    const tick = now => {
      if (turn !== this.turn) return;
      const share = Math.min(1, Math.max(0, (now - start) / MOTION));
      write(from + (to - from) * share);
      if (share < 1) requestAnimationFrame(tick);
    };
    tick(0);
  }
}
