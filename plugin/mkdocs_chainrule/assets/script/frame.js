// A picture in its frame. It is zoomed by what the frame holds; the frame keeps its height.
class Frame {
  constructor(figure, box) {
    this.figure = figure;
    this.box = box;
    this.scale = 1;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.ariaLabel = `${box.querySelector("[role=img]")?.getAttribute("aria-label") ?? WORDS.graph}; ${WORDS.move}`;
    const held = box.parentElement.querySelector(":scope > .chainrule-data");
    if (held) {
      const json = JSON.parse(held.content.textContent);
      const data = this.data = new Data(json);
      if (json.steps?.length) this.stepped = kit("steps.js").then(({ Steps }) => { this.steps = new Steps(this, data, json, box.parentElement); }, () => {});
      if (data.functions) this.offer = offering(this);
      ["focus", "pointerenter"].forEach(name => box.addEventListener(name, () => this.why().catch(() => {})));
    }
    this.listen();
    this.drag();
  }

  get picture() { return [...this.box.children].find(each => each.offsetWidth); }

  get svg() { const { picture } = this; return picture?.querySelector("svg") ?? picture?.shadowRoot?.querySelector("svg"); }

  get nodes() {
    const number = node => +node.id.match(/\d+$/)[0];
    const nodes = [...this.picture?.querySelectorAll("g[id]") ?? []];
    // In the order of the tape: o7 is the operation that made v7.
    return nodes.sort((a, b) => number(a) - number(b) || (a.id < b.id ? -1 : 1));
  }

  // What does not fit is first seen where its result is; so is the other way that a page's width chooses later.
  begin() {
    const { picture } = this;
    if (!picture || this.begun === picture) return;
    if (this.begun && !picture.shadowRoot) this.reset();
    this.begun = picture;
    const last = this.nodes.at(-1) ?? [...picture.shadowRoot?.querySelectorAll(".node") ?? []].at(-1);
    if (last) this.show(last);
  }

  show(node) {
    const { box } = this;
    const [a, b] = [node.getBoundingClientRect(), box.getBoundingClientRect()];
    const away = (low, high, from, to) => low < from ? low - from : high > to ? high - to : 0;
    const left = away(a.left - 8, a.right + 8, b.left, b.left + box.clientWidth);
    const top = away(a.top - 8, a.bottom + 8, b.top, b.top + box.clientHeight);
    box.scrollBy({ left, top, behavior: "instant" });
  }

  // Says what a node holds, in full; none of them, without one.
  tell(node) {
    this.chosen?.classList.remove("chainrule-chosen");
    this.chosen = node;
    lightName(nameOf(node?.querySelector("text[font-weight]")));
    if (!node) return this.figure.say("");
    node.classList.add("chainrule-chosen");
    this.show(node);
    const title = node.querySelector("title");
    this.figure.say(title ? title.textContent : [...node.querySelectorAll("text")].map(row => row.textContent).join(", "), true);
  }

  // What says why comes when somebody looks, together with what shows the numbers of arrays.
  async why() {
    const cells = this.data.values.some(({ value }) => value?.s) && kit("cells.js").catch(() => {});
    const { Strip } = await kit("why.js");
    await cells;
    return this.strip ??= new Strip(this, this.data);
  }

  // Says why the gradient of a node is what it is; of an operation's, of what it makes.
  async ask(group) {
    this.tell(group);
    if (!this.data) return;
    const found = this.node(group);
    const made = found?.isOperation ? found.uses[0]?.node : found;
    const node = made?.value == null ? null : made; // what stands for several has its own words
    this.offer?.choose(node);
    const strip = await this.why().catch(() => {});
    if (!strip) return; // what it holds is told all the same
    strip.show(node);
    if (node) this.figure.say("");
  }

  node(group) { return this.data?.nodes.find(({ id }) => group?.id.endsWith(`-${id}`)); }

  // Along the edges: to an operand, to a result, to a sibling.
  step(key) {
    const find = id => this.nodes.find(node => node.id.endsWith(`-${id}`));
    const node = this.node(this.chosen);
    if (!node) return this.walk(0);
    const siblings = [...new Set(node.uses.flatMap(use => use.node.sources))];
    const to = {
      ArrowLeft: node.sources[0], ArrowRight: node.uses[0]?.node,
      ArrowUp: siblings.at(siblings.indexOf(node) - 1), ArrowDown: siblings[(siblings.indexOf(node) + 1) % siblings.length],
    }[key];
    if (to) this.tell(find(to.id));
  }

  hold() { this.box.style.height ||= `${this.box.getBoundingClientRect().height}px`; }

  // What lies at (x, y) of the box stays there.
  zoom(factor, x = this.box.clientWidth / 2, y = this.box.clientHeight / 2) {
    this.to(Math.min(8, this.scale * factor), x, y);
  }

  to(scale, x = 0, y = 0) {
    const { box, picture } = this;
    if (!picture) return;
    this.hold();
    const left = (box.scrollLeft + x) * scale / this.scale - x;
    const top = (box.scrollTop + y) * scale / this.scale - y;
    this.scale = scale;
    picture.style.width = "max-content"; // else it shrinks with the page
    picture.style.zoom = scale;
    box.scrollTo({ left, top, behavior: "instant" });
    this.figure.say(said("zoom", { percent: Math.round(scale * 100) }));
  }

  natural() {
    this.to(1);
    const last = this.nodes.at(-1);
    if (last) this.show(last);
  }

  fit() {
    const { box, picture } = this;
    if (!picture) return;
    this.hold();
    picture.style.width = "max-content";
    picture.style.zoom = 1;
    const { width, height } = picture.getBoundingClientRect();
    this.scale = 1;
    this.to(Math.min(box.clientWidth / width, box.clientHeight / height) * .995);
  }

  reset() {
    const { picture } = this;
    this.box.style.height = "";
    if (picture) picture.style.zoom = picture.style.width = "";
    this.scale = 1;
  }

  walk(step) {
    const { nodes } = this;
    const at = nodes.indexOf(this.chosen);
    this.tell(nodes[at < 0 ? nodes.length - 1 : Math.min(nodes.length - 1, Math.max(0, at + step))]);
  }

  listen() {
    const { box } = this;
    const keys = {
      "+": () => this.zoom(1.25), "=": () => this.zoom(1.25), "-": () => this.zoom(.8), 0: () => this.natural(), f: () => this.figure.fullscreen(),
      ...Object.fromEntries(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map(key => [key, () => this.step(key)])),
      Enter: () => this.ask(this.chosen),
      Home: () => this.walk(-Infinity), End: () => this.walk(Infinity),
    };
    box.addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape" && this.chosen) this.ask();
      const action = keys[event.key];
      if (action) { event.preventDefault(); action(); }
    });
    box.addEventListener("click", event => { if (!this.moved) this.ask(event.target.closest("g[id]")); });
    box.addEventListener("blur", () => this.tell());
    box.addEventListener("wheel", event => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = box.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
    }, { passive: false });
    new ResizeObserver(() => {
      box.classList.toggle("chainrule-moves", box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight);
      this.figure.seen(); // it may stand in what was closed until now
      if (this.figure.matches(":fullscreen")) this.fit();
    }).observe(box);
  }

  // One pointer of a mouse moves the picture, two fingers zoom it; one finger scrolls as everywhere.
  drag() {
    const { box } = this;
    const held = new Map();
    const spread = () => { const [a, b] = held.values(); return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY); };
    box.addEventListener("pointerdown", event => {
      if (event.button) return;
      held.set(event.pointerId, event);
      this.moved = false;
    });
    box.addEventListener("pointermove", event => {
      const last = held.get(event.pointerId);
      if (!last) return;
      const before = held.size > 1 && spread();
      held.set(event.pointerId, event);
      if (before) {
        const { left, top } = box.getBoundingClientRect();
        this.zoom(spread() / before, event.clientX - left, event.clientY - top);
      } else if (event.pointerType === "mouse") {
        this.moved ||= Math.hypot(event.movementX, event.movementY) > 1;
        box.scrollBy({ left: last.clientX - event.clientX, top: last.clientY - event.clientY, behavior: "instant" });
      }
    });
    const release = event => held.delete(event.pointerId);
    ["pointerup", "pointercancel", "pointerleave"].forEach(name => box.addEventListener(name, release));
  }
}
