// A replay. Of an animation one frame is seen; of a training or a chart the paths of its panels are drawn anew, from the data
// that stands beside them, as show/replays/layers.py drew them for the last frame.
const PIECES = { relu: z => Math.max(0, z), tanh: Math.tanh, sigmoid: z => .5 * (1 + Math.tanh(z / 2)) };
const FAR = 9999; // pixels: what flew farther is drawn as far as that
const tenth = pixels => Math.round(pixels * 10) / 10;
const inSight = pixels => tenth(Math.max(-FAR, Math.min(FAR, pixels)));

// The points of a layer in a frame; [null, null] stands between those that no line joins.
const pointsOf = ({ x, y, frames, spans, paths, piece }, at) => {
  if (piece) {
    const [w, b, v] = piece.frames[at];
    const isLost = piece.frames[at].includes(null); // the training had left all numbers
    return Array.from({ length: 61 }, (_, i) => x[0] + (x.at(-1) - x[0]) * i / 60).map(each => {
      const height = isLost ? NaN : v * PIECES[piece.of](w * each + b);
      return [each, Math.abs(height) < 1e300 ? height : null]; // what lies beyond lies nowhere
    });
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
    this.place = ([x, y]) => {
      if (x === null || y === null || log && y <= 0) return null;
      const place = [a + b * x, c + d * (log ? Math.log10(y) : y)];
      return place.some(Number.isNaN) ? null : place.map(inSight);
    };
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

  // What moves is seen as it was in a frame, below what it is; in no frame, it is gone.
  keep(at) {
    this.svg.querySelectorAll(".chainrule-kept").forEach(path => path.remove());
    if (at === undefined) return;
    this.svg.querySelectorAll("path[data-layer]").forEach(path => {
      const { frames, paths, piece } = this.layers[path.dataset.layer];
      if (!frames && !paths && !piece) return;
      const kept = path.cloneNode();
      kept.setAttribute("d", this.path(path.dataset, at));
      kept.setAttribute("class", "chainrule-kept");
      delete kept.dataset.layer;
      path.before(kept);
    });
  }

  path({ layer, rests, wrong, shape, now, kink }, at) {
    const { layers, place } = this;
    if (now !== undefined) return `M${place([this.steps[at], 1])[0]} 0V${this.svg.viewBox.baseVal.height}`;
    if (rests) {
      const curve = pointsOf(this.model, at);
      return pointsOf(layers[rests], at).map(([x, y]) => [place([x, y]), place([x, heightAt(curve, x)])])
        .map(([point, end]) => point && end ? `M${point.join(" ")}V${end[1]}` : "").join("");
    }
    if (kink) {
      const [w, b] = layers[kink].piece.frames[at];
      const wakes = w && b !== null && place([-b / w, 0]);
      return wakes ? `M${wakes[0]} ${tenth(wakes[1] - 5)}v10` : "";
    }
    const index = layer ?? wrong;
    if (index === undefined) return;
    let points = pointsOf(layers[index], at);
    if (wrong) points = points.filter((_, i) => layers[index].wrong[at][i] === "1");
    const places = points.map(place);
    if (shape) return places.map(found => found ? `M${found.join(" ")}${shape}` : "").join("");
    const runs = [[]];
    places.forEach(found => found ? runs.at(-1).push(found) : runs.push([]));
    // What has one place only is a short dash.
    return runs.map(run => run.some(found => `${found}` !== `${run[0]}`) ? `M${run.map(found => found.join(" ")).join("L")}` : run.slice(0, 1).map(([x, y]) => `M${tenth(x - 2)} ${y}h4`)).join("");
  }
}

const panels = figure => {
  const { steps, sentences, panels } = JSON.parse(figure.querySelector(".chainrule-data").content.textContent);
  const charts = [...figure.querySelectorAll(".chainrule-chart")];
  const drawn = charts.map((chart, i) => new Panel(chart.querySelector("svg svg"), panels[i], steps));
  let kept, clicked;
  const keep = at => {
    kept = at;
    drawn.forEach(panel => panel.keep(at));
    keeper.ariaPressed = at !== undefined;
    figure.player.to(figure.player.at);
  };
  const keeper = button(WORDS.keep, WORDS.keepThis, () => keep(kept === undefined ? figure.player.at : undefined));
  keeper.ariaPressed = false;
  keeper.tabIndex = -1; // Enter on the slider presses it
  charts.forEach((chart, i) => chart.matches(".chainrule-timeline") && scrub(chart.querySelector("svg"), (x, isPressed) => {
    const { left, width } = drawn[i].svg.getBoundingClientRect();
    const to = nearest(steps, drawn[i].stepAt((x - left) / width * drawn[i].svg.viewBox.baseVal.width));
    const { at } = figure.player;
    figure.player.go(to);
    if (isPressed && at === clicked && at !== to) keep(at); // two places are compared
    if (isPressed) clicked = to;
  }));
  const show = i => {
    drawn.forEach(panel => panel.draw(i));
    lead(figure, steps[i]);
  };
  const sentence = i => sentences[i] + (kept === undefined || kept === i ? "" : said("dashed", { sentence: sentences[kept] }));
  return { count: sentences.length, show, sentence, label: steps.length ? WORDS.step : WORDS.frame, pace: 150, steps, keeper, enter: () => keeper.click() };
};

const nearest = (steps, step) => {
  const away = steps.map(each => Math.abs(each - step));
  return away.indexOf(Math.min(...away));
};

// Trainings that one block shows run together: the one that is moved leads the others to its step.
let isLed = false;
const lead = (figure, step) => {
  if (isLed || !figure.replay || step === undefined) return;
  isLed = true;
  figure.closest(".chainrule").querySelectorAll(".chainrule-replay").forEach(({ replay }) => {
    if (replay?.steps?.length && replay !== figure.replay) replay.go(nearest(replay.steps, step));
  });
  isLed = false;
};

// A pointer that is pressed on a timeline, or drawn along it, leads to the frame below it.
const scrub = (svg, to) => {
  const move = event => event.buttons & 1 && to(event.clientX, event.type === "pointerdown");
  svg.addEventListener("pointerdown", event => { svg.setPointerCapture(event.pointerId); move(event); });
  svg.addEventListener("pointermove", move);
};

const frames = figure => {
  const all = [...figure.querySelectorAll(".chainrule-frames > figure")];
  const fetched = () => figure.querySelectorAll("img").forEach(image => { image.loading = "eager"; }); // or it would blink
  ["pointerover", "focusin"].forEach(name => figure.addEventListener(name, fetched, { once: true }));
  const show = i => all.forEach((frame, at) => frame.classList.toggle("chainrule-now", at === i));
  return { count: all.length, show, sentence: i => all[i].querySelector("figcaption").textContent, label: WORDS.frame, pace: 200 };
};

const replay = figure => {
  const { count, steps, keeper, ...how } = (figure.querySelector(".chainrule-data") ? panels : frames)(figure);
  const player = new Player(count, { ...how, element: figure.querySelector(".chainrule-player") });
  player.steps = steps;
  const full = button(WORDS.fullLabel, WORDS.full, () => figure.fullscreen());
  full.hidden = !figure.requestFullscreen;
  full.tabIndex = -1;
  player.tools.append(...keeper ? [keeper] : [], full);
  player.to(count - 1);
  return player;
};
