// A replay. Of an animation one frame is seen; of a training or a chart the paths of its panels are drawn anew, from the data
// that stands beside them, as show/replays/layers.py drew them for the last frame.
const PIECES = { relu: z => Math.max(0, z), tanh: Math.tanh, sigmoid: z => .5 * (1 + Math.tanh(z / 2)) };
const tenth = pixels => Math.round(pixels * 10) / 10;

// The points of a layer in a frame; [null, null] stands between those that no line joins.
const pointsOf = ({ x, y, frames, spans, paths, piece }, at) => {
  if (piece) {
    const [w, b, v] = piece.frames[at];
    return Array.from({ length: 61 }, (_, i) => x[0] + (x.at(-1) - x[0]) * i / 60).map(each => [each, v * PIECES[piece.of](w * each + b)]);
  }
  if (paths) return paths[at].flatMap(path => {
    let [right, high] = [0, 0];
    const points = [];
    for (let i = 0; i < path.length; i += 2) {
      right += path[i];
      high += path[i + 1];
      points.push([x[0] + right * (x[1] - x[0]) / 400, y[0] + high * (y[1] - y[0]) / 400]);
    }
    return [...points, [null, null]];
  });
  const [start, end] = spans?.[at] ?? [0, x.length];
  return x.slice(start, end).map((each, i) => [each, (frames?.[at] ?? y)[start + i]]);
};

const heightAt = (curve, x) => {
  for (let i = 1; i < curve.length; i++) {
    const [[left, before], [right, after]] = [curve[i - 1], curve[i]];
    if (before !== null && after !== null && left <= x && x <= right) return before + (after - before) * (x - left) / (right - left || 1);
  }
  return null;
};

// A panel: where its points lie, and which of its paths are drawn anew.
class Panel {
  constructor(svg, { layers }, steps) {
    const [a, b, c, d] = svg.dataset.axes.split(" ").map(Number);
    const log = "log" in svg.dataset;
    this.place = ([x, y]) => x === null || y === null || log && y <= 0 ? null : [tenth(a + b * x), tenth(c + d * (log ? Math.log10(y) : y))];
    this.stepAt = pixels => (pixels - a) / b;
    this.svg = svg;
    this.layers = layers;
    this.steps = steps;
    this.model = layers.find(layer => layer.role === "model" && layer.frames);
  }

  draw(at) {
    this.svg.querySelectorAll("path").forEach(path => {
      const d = this.path(path.dataset, at);
      if (d !== undefined) path.setAttribute("d", d);
    });
  }

  path({ layer, rests, wrong, shape, now }, at) {
    const { layers, place } = this;
    if (now !== undefined) return `M${place([this.steps[at], 1])[0]} 0V${this.svg.viewBox.baseVal.height}`;
    if (rests) {
      const curve = pointsOf(this.model, at);
      return pointsOf(layers[rests], at).map(([x, y]) => [place([x, y]), place([x, heightAt(curve, x)])])
        .map(([point, end]) => point && end ? `M${point.join(" ")}V${end[1]}` : "").join("");
    }
    const index = layer ?? wrong;
    if (index === undefined) return;
    let points = pointsOf(layers[index], at);
    if (wrong) points = points.filter((_, i) => layers[index].wrong[at][i] === "1");
    let pen = "M";
    return points.map(point => {
      const found = place(point);
      const drawn = found ? pen + found.join(" ") + (shape ?? "") : "";
      pen = found && !shape ? "L" : "M";
      return drawn;
    }).join("");
  }
}

const panels = figure => {
  const { steps, sentences, panels } = JSON.parse(figure.querySelector(".chainrule-data").content.textContent);
  const charts = [...figure.querySelectorAll(".chainrule-chart")];
  const drawn = charts.map((chart, i) => new Panel(chart.querySelector("svg svg"), panels[i], steps));
  charts.forEach((chart, i) => chart.matches(".chainrule-timeline") && scrub(chart.querySelector("svg"), x => {
    const { left, width } = drawn[i].svg.getBoundingClientRect();
    const step = drawn[i].stepAt((x - left) / width * drawn[i].svg.viewBox.baseVal.width);
    const away = steps.map(each => Math.abs(each - step));
    figure.player.go(away.indexOf(Math.min(...away)));
  }));
  return [sentences.length, i => drawn.forEach(panel => panel.draw(i)), i => sentences[i], WORDS.step, 150];
};

// A pointer that is pressed on a timeline, or drawn along it, leads to the frame below it.
const scrub = (svg, to) => {
  const move = event => event.buttons & 1 && to(event.clientX);
  svg.addEventListener("pointerdown", event => { svg.setPointerCapture(event.pointerId); move(event); });
  svg.addEventListener("pointermove", move);
};

const frames = figure => {
  const all = [...figure.querySelectorAll(".chainrule-frames > figure")];
  const fetched = () => figure.querySelectorAll("img").forEach(image => { image.loading = "eager"; }); // or it would blink
  ["pointerover", "focusin"].forEach(name => figure.addEventListener(name, fetched, { once: true }));
  return [all.length, i => all.forEach((frame, at) => frame.classList.toggle("chainrule-now", at === i)),
    i => all[i].querySelector("figcaption").textContent, WORDS.frame, 200];
};

const replay = figure => {
  const [count, show, sentence, label, pace] = (figure.querySelector(".chainrule-data") ? panels : frames)(figure);
  const player = new Player(count, { show, sentence, label, pace, element: figure.querySelector(".chainrule-player") });
  const full = button(WORDS.fullLabel, WORDS.full, () => figure.fullscreen());
  full.hidden = !figure.requestFullscreen;
  full.tabIndex = -1;
  player.tools.append(full);
  player.to(count - 1);
  return player;
};
