// The numbers of an array, as a tile of its data and one of its gradient, below the answer.
const CELL = 24; // pixels of a number
const PART = 12; // of an average
const COLUMNS = 12; // of an array with one axis

const set = (element, attributes) => Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
const shaped = (name, attributes, ...content) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  set(element, attributes);
  element.append(...content);
  return element;
};

// One stop of the Tab key, which arrow keys walk in.
class Cells {
  constructor(strip, node) {
    this.strip = strip;
    this.sums = new Sums(strip.data, node);
    this.node = node;
    this.told = make("div");
    this.told.ariaHidden = "true";
    this.marks = [];
    this.places = new Map(); // of the rectangles
    const box = make("div", "chainrule-seen", this.told);
    this.element = make("div", "chainrule-strip chainrule-cells", box);
    const { data } = strip;
    const held = [[node.value, data.called(node), true], [node.grad, data.partial(node)]].filter(([each]) => each?.n);
    if (held.length) {
      const [{ t, s }] = held[0];
      this.columns = t?.[1] ?? (s.length > 1 ? s.at(-1) : Math.min(s[0], COLUMNS));
      const tiles = held.map(([each, name, isFirst]) => {
        const label = `${name} (${s.join(", ")}${s.length === 1 ? "," : ""}) ${each.r}`;
        return make("span", "", make("small", "", label), this.tile(each, label, isFirst && !t));
      });
      box.append(make("div", "chainrule-line", ...tiles), make("p", "chainrule-note", t ? said("averages", { rows: t[0], columns: t[1], count: product(s) }) : WORDS.cells));
    }
    strip.element.after(this.element);
    if (!this.sums.values) return;
    if (this.grid) this.listen();
    else say(strip.heard, `${strip.heard.textContent} ${this.words(0)}`);
    this.reserve();
  }

  // Orange above zero, blue below and with a minus, and no colour for zero; what is no number is crossed out.
  tile({ n, t }, label, isGrid) {
    const { columns } = this;
    const size = t ? PART : CELL;
    const arm = size / 6;
    const numbers = n.map(quantity);
    const most = Math.max(0, ...numbers.map(Math.abs).filter(Number.isFinite)) || 1;
    let signs = "";
    const rects = numbers.map((number, place) => {
      const [x, y] = this.corner(place, size);
      const [left, middle] = [x + size / 2 - arm, y + size / 2];
      if (number < 0) signs += `M${left} ${middle}h${2 * arm}`;
      if (Number.isNaN(number)) signs += `M${left} ${middle - arm}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}`;
      const opacity = Math.min(1, Math.abs(number || 0) / most).toFixed(3);
      const rect = shaped("rect", { x, y, width: size, height: size, fill: `var(--chainrule-${number < 0 ? 1 : 2})`, "fill-opacity": opacity, stroke: "var(--chainrule-grid)" });
      if (!t) this.places.set(rect, place);
      if (isGrid) set(rect, { role: "gridcell", tabindex: place ? -1 : 0, "aria-label": this.sums.tell(place).head });
      return rect;
    });
    const mark = shaped("rect", { width: size, height: size, fill: "none", stroke: "var(--chainrule-accent)", "stroke-width": 3, "pointer-events": "none", visibility: "hidden" });
    if (!t) this.marks.push(mark);
    if (isGrid) this.grid = rects;
    const rows = Array.from({ length: Math.ceil(rects.length / columns) }, (_, row) => shaped("g", isGrid ? { role: "row" } : {}, ...rects.slice(row * columns, (row + 1) * columns)));
    const [width, height] = [columns, rows.length].map(count => count * size + 8);
    return shaped("svg", { width, height, viewBox: `-4 -4 ${width} ${height}`, role: isGrid ? "grid" : "img", "aria-label": label, overflow: "visible" },
      ...rows, shaped("path", { d: signs, stroke: "var(--chainrule-ink)", "pointer-events": "none" }), mark);
  }

  corner(place, size) { return [place % this.columns * size, Math.floor(place / this.columns) * size]; }

  listen() {
    const { element, grid, columns } = this;
    const hear = (name, action) => element.addEventListener(name, event => {
      const place = this.places.get(event.target);
      if (place !== undefined) action(place, event);
    });
    hear("pointerover", place => this.show(place));
    hear("click", place => grid[place].focus());
    hear("focusin", place => {
      this.show(place);
      grid.forEach((rect, at) => set(rect, { tabindex: at === place ? 0 : -1 }));
      say(this.strip.heard, this.words(place));
    });
    hear("keydown", (place, event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const first = place - place % columns;
      const to = {
        ArrowLeft: place - 1, ArrowRight: place + 1, ArrowUp: place - columns, ArrowDown: place + columns,
        Home: first, End: Math.min(first + columns, grid.length) - 1,
      }[event.key];
      if (event.key === "Escape") this.back();
      else if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation(); // the player's keys are the same
      grid[to]?.focus();
    });
  }

  // To where the array was chosen.
  back() {
    const { frame } = this.strip;
    frame.box.focus();
    frame.tell(groupOf(frame.svg, this.node));
  }

  // What stands below keeps its place, whichever number is told.
  reserve() {
    const { told, sums } = this;
    const length = ({ lines }) => lines.flat().join("").length;
    const all = sums.values.map((_, place) => sums.tell(place));
    const longest = all.reduce((best, each, place) => length(each) > length(all[best]) ? place : best, 0);
    this.show(longest);
    told.style.minHeight = `${told.offsetHeight}px`;
    this.show(0);
  }

  show(place) {
    const { head, lines } = this.sums.tell(place);
    const [x, y] = this.corner(place, CELL);
    this.marks.forEach(mark => set(mark, { x, y, visibility: "visible" }));
    const told = [["head", this.grid && head], ...lines.flatMap(([numbers, why]) => [["note", why], ["brief", numbers]])];
    this.told.replaceChildren(...told.filter(([, text]) => text).map(([name, text]) => make("p", `chainrule-${name}`, text)));
  }

  words(place) {
    const { head, lines } = this.sums.tell(place);
    return [head, ...lines.map(line => [...line].reverse().filter(Boolean).join("; ").replaceAll(" · ", WORDS.by))].map(each => `${each}.`).join(" ");
  }
}
