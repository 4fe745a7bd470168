// Controls over frames. `new Player(count, {show, sentence, label})` calls show(i) for the frame that is to be seen, and says
// sentence(i), below the controls and as the value of the slider. Further options: `chapters`, [[name, first frame], …];
// `pace`, milliseconds a frame; `element`, where the controls go, which may hold the sentence (a p) already; `still`, called where
// what moves has to stop; `enter`, called for the Enter key.
// Put its `element` where it stands and call to(i) to begin: nothing plays by itself. Call stop() when it leaves the page, and
// key(event) for each key within the whole figure: in full screen PageDown and PageUp are a step, wherever the focus is.

class Player {
  constructor(count, { show, sentence, label, still = () => {}, enter = () => {}, chapters = [], pace = 1500, element = make("div", "chainrule-player") }) {
    Object.assign(this, { show, sentence, still, enter, chapters, pace, element, last: count - 1 });
    this.range = make("input", "");
    Object.assign(this.range, { type: "range", min: 0, max: this.last, ariaLabel: label });
    this.range.addEventListener("input", () => this.go(+this.range.value));
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.toggler = button("", WORDS.play, () => this.toggle());
    const speed = button("", WORDS.speed, () => hurry({ 1: 2, 2: .5, .5: 1 }[this.speed]));
    const hurry = times => {
      this.speed = times;
      speed.textContent = { 1: "1×", 2: "2×", .5: "½×" }[times];
      speed.ariaLabel = speed.title = `${WORDS.speed} ${speed.textContent}`;
    };
    hurry(1);
    const move = (sign, name, to) => button(sign, WORDS[name], () => this.go(to()));
    this.tools = make("div", "chainrule-tools",
      move("⇤", "first", () => 0), move("←", "back", () => this.at - 1), this.toggler,
      move("→", "forward", () => this.at + 1), move("⇥", "last", () => this.last), speed);
    // The slider has all that the buttons do: one tab stop is enough.
    this.tools.querySelectorAll("button").forEach(each => { each.tabIndex = -1; });
    this.words = element.querySelector("p") ?? make("p", "chainrule-sentence");
    this.spoken = make("span", "chainrule-heard");
    this.spoken.role = "status";
    const parts = chapters.map(([name, first], i) => {
      const part = make("span", "", name);
      part.style.flexGrow = (chapters[i + 1]?.[1] ?? count) - first;
      return part;
    });
    element.prepend(this.range, ...parts.length ? [make("div", "chainrule-chapters", ...parts)] : [], this.tools);
    element.append(this.words, this.spoken);
    this.stop();
  }

  // Shows a frame; while it plays, the slider and the region say one in three seconds, and how it ends.
  to(i) {
    this.at = Math.min(this.last, Math.max(0, i));
    this.show(this.at);
    this.range.value = this.at;
    const sentence = this.sentence(this.at);
    say(this.words, sentence);
    const now = performance.now();
    const left = (this.last - this.at) * this.pace / this.speed;
    if (this.timer && left && (left < QUIET || now - this.heard < QUIET)) return;
    this.range.setAttribute("aria-valuetext", heard(sentence));
    if (!this.timer) return;
    this.heard = now;
    say(this.spoken, heard(sentence));
  }

  go(i) {
    this.stop();
    this.to(i);
  }

  toggle() {
    if (this.timer) return this.go(this.at);
    const next = this.at < this.last ? this.at + 1 : 0;
    if (this.calm.matches) return this.to(next);
    this.heard = -QUIET;
    this.name(WORDS.pause);
    this.play(next);
  }

  play(i) {
    this.timer = setTimeout(() => this.at < this.last ? this.play(this.at + 1) : this.stop(), this.pace / this.speed);
    this.to(i);
  }

  stop() {
    this.still();
    clearTimeout(this.timer);
    this.timer = 0;
    this.name(this.calm.matches ? WORDS.next : WORDS.play);
  }

  name(text) { this.toggler.textContent = this.toggler.ariaLabel = this.toggler.title = text; }

  // Where PageDown (1) or PageUp (-1) leads: to a chapter, or on by a tenth where there are none.
  leap(way) {
    const firsts = this.chapters.map(([, first]) => first);
    if (!firsts.length) return this.at + way * Math.ceil(this.last / 10);
    return way > 0 ? firsts.find(first => first > this.at) ?? this.last : firsts.findLast(first => first < this.at) ?? 0;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.range.disabled) return;
    const way = { PageDown: 1, PageUp: -1 }[event.key];
    const full = event.target === document.fullscreenElement;
    const ours = full || event.target === this.range;
    const end = { Home: 0, End: this.last }[event.key];
    if (way && document.fullscreenElement) this.go(this.at + way);
    else if (way && ours) this.go(this.leap(way));
    else if (full && end >= 0) this.go(end);
    else if (event.key === " " && ours) this.toggle();
    else if (event.key === "Enter" && ours) this.enter();
    else return;
    event.preventDefault();
  }
}
