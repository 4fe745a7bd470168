// Descend: all chosen leaves move against their gradients, again and again, and the output is plotted.
const PACE = 120; // milliseconds of a step that plays
const MOST_STEPS = 1000; // that play

// `step` takes one at a rate, and returns the output before, what was promised, and the output after; `redraw` shows it.
const descending = (output, step, redraw) => {
  const [chart, words, spoken] = [newPlot(), make("p"), make("p", "chainrule-heard")];
  let past = [], rate = .01, rests, promised, timer, heardAt = 0;
  const field = input("number", WORDS.rate, { min: 0, step: "any", value: rate }, value => { if (Number.isFinite(value)) rate = value; });
  field.addEventListener("blur", () => { field.value = rate; }); // what was no number is one again
  const named = name => { player.textContent = player.ariaLabel = name; };
  const speak = (text = heard(words.textContent)) => {
    heardAt = Date.now();
    say(spoken, text);
  };
  const go = () => {
    const taken = step(rate);
    rests = !taken;
    if (rests) return false;
    const [before, foreseen, after] = taken;
    past.length || past.push(before);
    if (!Number.isFinite(before)) return false;
    promised = foreseen;
    return past.push(after) <= MOST_STEPS;
  };
  const stop = () => {
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    named(WORDS.play);
    speak();
  };
  const by = times => {
    stop();
    while (times--) go();
    redraw();
    speak();
  };
  const tick = () => {
    const goes = go();
    redraw();
    timer = setTimeout(tick, PACE);
    if (!goes) stop();
    else if (Date.now() - heardAt > QUIET) speak();
  };
  const show = () => {
    const [from, before, to] = [past[0], past.at(-2), past.at(-1)];
    const idle = rests ? WORDS.rest : "";
    const end = past.length && !Number.isFinite(to) ? said(Number.isNaN(to) ? "lost" : "exploded", { output }) : "";
    say(words, end || idle || WORDS.against);
    if (past.length < 2) return chart.replaceChildren();
    const rose = to - before > 1e-12 * Math.abs(from) && promised < 0; // by more than rounding
    const outcome = end || (rose ? WORDS.tooLarge : idle);
    say(words, `${said("descended", { steps: past.length - 1, output, from: brief(from), to: brief(to), promised: signed(promised), change: signed(to - before) })} ${outcome}`.trim());
    plot(chart, words.textContent, [past.map((each, at) => [at, each])], [past.length - 1, to], [output, "", `${past.length - 1}`]);
  };
  const press = (name, action) => button(name, name, action);
  const player = press(WORDS.play, () => {
    if (timer) return stop();
    named(WORDS.pause);
    tick();
  });
  spoken.role = "status";
  const element = make("section", "", make("p", "chainrule-head", WORDS.descend), make("p", "chainrule-row", make("label", "", WORDS.rate, field), press(WORDS.one, () => by(1)), press(WORDS.ten, () => by(10)), player), words, spoken, chart);
  const forget = () => {
    stop();
    past = [];
    rests = false;
  };
  return {
    element, show, speak, stop, forget,
    rate: (value = rate) => field.value = rate = Number.isFinite(value) ? value : rate,
  };
};
