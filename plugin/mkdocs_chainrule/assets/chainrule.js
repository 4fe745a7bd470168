// <chain-rule>: a graph that can be zoomed, moved, asked, shown full-screen and saved, and that Mermaid can draw.
// The page is complete without this script.
(() => {
  const THEME = `
    svg { display: block; max-width: none }
    .node rect, .node circle, .node ellipse, .node polygon, .node path {
      fill: var(--chainrule-node) !important; stroke: var(--chainrule-accent) !important }
    .node, .node * { filter: none !important }
    .label, .nodeLabel, .edgeLabel, text { color: var(--chainrule-ink) !important; fill: var(--chainrule-ink) !important }
    .nodeLabel p { margin: 0 }
    .flowchart-link { stroke: var(--chainrule-soft) !important }
    .marker { fill: var(--chainrule-soft) !important; stroke: var(--chainrule-soft) !important }
    .cluster rect { fill: var(--chainrule-quiet) !important; stroke: var(--chainrule-grid) !important }`;
  // Given with each diagram: what the page's own diagrams look like is not ours to say. Look and layout are
  // those of Mermaid 11 in 12 too, whose own lose the nodes' borders in a dark theme.
  const SETTINGS = {
    theme: "base", look: "classic", layout: "dagre", fontFamily: "inherit", fontSize: 14, themeCSS: THEME.replace(/\s+/g, " "),
    themeVariables: { fontSize: "14px" },
    flowchart: { useMaxWidth: false, wrappingWidth: 400, rankSpacing: 30, nodeSpacing: 24, padding: 8 },
  };
  const PAINT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "font-family", "font-size",
    "font-weight", "font-style", "text-anchor", "text-align", "display", "white-space", "margin"];
  const WORDS = {
    out: "Zoom out", in: "Zoom in", fit: "Fit", natural: "1:1, natural size", full: "Full screen", leave: "Leave full screen",
    save: "Save SVG", copy: "Copy", copied: "Copied", denied: "The browser does not let us copy", tools: "Tools of the picture",
    views: "Views of the graph", move: "arrow keys tell its values", absent: "Mermaid did not come; this is its text",
    zoom: percent => `Zoom ${percent} %`,
  };
  let mermaid;
  let count = 0;

  const loaded = () => document.readyState === "complete" ? Promise.resolve() : new Promise(done => addEventListener("load", done, { once: true }));

  // After the page, or Mermaid would start by itself and draw what is the author's.
  const load = async url => {
    await loaded();
    if (!window.mermaid?.render) { // what has the id "mermaid" has that name too
      await new Promise((done, fail) => {
        const script = document.createElement("script");
        Object.assign(script, { src: url, onload: done, onerror: fail });
        document.head.append(script);
      });
    }
    return window.mermaid;
  };

  const make = (name, className, ...content) => {
    const element = document.createElement(name);
    element.className = className;
    element.append(...content);
    return element;
  };

  const button = (label, name, action) => {
    const element = make("button", "", label);
    element.type = "button";
    if (name !== label) element.ariaLabel = element.title = name;
    element.addEventListener("click", action);
    return element;
  };

  // Mermaid's drawing with its styles as a strict content security policy allows them: from a script, not inline.
  const mount = (host, svg, name) => {
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    const { body } = new DOMParser().parseFromString(svg, "text/html");
    root.adoptedStyleSheets = [...body.querySelectorAll("style")].map(style => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style.textContent);
      style.remove();
      return sheet;
    });
    const styled = [...body.querySelectorAll("[style]")].map(element => [element, element.getAttribute("style")]);
    styled.forEach(([element]) => element.removeAttribute("style"));
    root.replaceChildren(...body.childNodes);
    styled.forEach(([element, style]) => { element.style.cssText = style; });
    const drawn = root.querySelector("svg");
    drawn.setAttribute("role", "img");
    if (name) drawn.setAttribute("aria-label", name);
  };

  // A copy of a drawing with the colours and fonts it has now, so that it stands alone.
  const standalone = svg => {
    const copy = svg.cloneNode(true);
    const originals = [svg, ...svg.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((element, i) => {
      const style = getComputedStyle(originals[i]);
      PAINT.forEach(name => element.style.setProperty(name, style.getPropertyValue(name)));
    });
    const { width, height } = svg.viewBox.baseVal;
    Object.entries({ xmlns: "http://www.w3.org/2000/svg", width, height }).forEach(([name, value]) => copy.setAttribute(name, value));
    copy.style.background = getComputedStyle(svg).getPropertyValue("--chainrule-ground");
    return new XMLSerializer().serializeToString(copy);
  };

  // One tab stop for a row of controls, which arrow keys walk along.
  const rove = (row, list) => {
    const rest = controls => controls.forEach(control => { control.tabIndex = control === (row.current ?? controls[0]) ? 0 : -1; });
    rest(list());
    row.addEventListener("focusin", event => {
      if (!list().includes(event.target)) return;
      row.current = event.target;
      rest(list());
    });
    row.addEventListener("keydown", event => {
      const controls = list();
      const at = controls.indexOf(event.target);
      const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: controls.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      controls.at(to % controls.length).focus();
    });
  };

  // A box of a view takes the focus where it scrolls, and only there.
  const scrolled = new ResizeObserver(seen => seen.forEach(({ target: box }) => {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }));

  // A picture in its frame. It is zoomed by what the frame holds; the frame keeps its height.
  class Frame {
    constructor(figure, box) {
      this.figure = figure;
      this.box = box;
      this.scale = 1;
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.ariaLabel = `${box.querySelector("[role=img]")?.getAttribute("aria-label") ?? "Graph"}; ${WORDS.move}`;
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
      if (!node) return this.figure.say("");
      node.classList.add("chainrule-chosen");
      this.show(node);
      const title = node.querySelector("title");
      this.figure.say(title ? title.textContent : [...node.querySelectorAll("text")].map(row => row.textContent).join(", "), true);
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
      this.figure.say(WORDS.zoom(Math.round(scale * 100)));
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
        ArrowRight: () => this.walk(1), ArrowDown: () => this.walk(1), ArrowLeft: () => this.walk(-1), ArrowUp: () => this.walk(-1),
        Home: () => this.walk(-Infinity), End: () => this.walk(Infinity),
      };
      box.addEventListener("keydown", event => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Escape" && this.chosen) this.tell();
        const action = keys[event.key];
        if (action) { event.preventDefault(); action(); }
      });
      box.addEventListener("click", event => { if (!this.moved) this.tell(event.target.closest("g[id]")); });
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

  class ChainRule extends HTMLElement {
    connectedCallback() {
      if (this.frames) return;
      this.frames = [...this.querySelectorAll(".chainrule-frame")].map(box => new Frame(this, box));
      this.said = make("span", "chainrule-said");
      this.said.role = "status";
      this.querySelector("figure").append(this.said);
      if (this.frames.length) this.bar();
      this.querySelectorAll(".chainrule-views").forEach(line => this.views(line));
      this.addEventListener("change", () => this.seen());
      // Themes have keys of their own; they are not for who is in a graph.
      this.addEventListener("keydown", event => {
        if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
      });
      this.seen();
    }

    get frame() { return this.frames.find(frame => frame.box.offsetWidth) ?? this.frames[0]; }

    seen() {
      const { frame } = this;
      if (!frame?.picture) return;
      frame.begin();
      if ("draw" in this.dataset) this.over(frame);
    }

    bar() {
      const full = button("Full", WORDS.full, () => this.fullscreen());
      full.hidden = !this.requestFullscreen;
      this.addEventListener("fullscreenchange", () => {
        const { frame } = this;
        const isFull = document.fullscreenElement === this;
        full.ariaLabel = full.title = isFull ? WORDS.leave : WORDS.full;
        full.textContent = isFull ? "Leave" : "Full";
        this.frames.forEach(each => each.reset());
        if (isFull) requestAnimationFrame(() => frame.fit());
      });
      const tools = make("div", "chainrule-tools",
        button("−", WORDS.out, () => this.frame.zoom(.8)), button("+", WORDS.in, () => this.frame.zoom(1.25)),
        button("Fit", WORDS.fit, () => this.frame.fit()), button("1:1", WORDS.natural, () => this.frame.natural()), full,
        button("Save", WORDS.save, () => this.save()));
      const bar = this.querySelector(".chainrule-bar");
      bar.append(tools);
      bar.role = "toolbar";
      bar.ariaLabel = WORDS.tools;
      bar.current = bar.querySelector("input:checked");
      rove(bar, () => [...bar.querySelectorAll("input, button:not([hidden])")]);
    }

    views(line) {
      rove(line, () => [...line.querySelectorAll("summary")]);
      line.querySelectorAll(".chainrule-text, .chainrule-scroll").forEach(box => scrolled.observe(box));
      line.querySelectorAll(".chainrule-view > .chainrule-text").forEach(text => {
        const copy = button(WORDS.copy, WORDS.copy, async () => {
          try { await navigator.clipboard.writeText(text.textContent); this.say(WORDS.copied); } catch { this.say(WORDS.denied); }
        });
        copy.className = "chainrule-copy";
        const holder = make("div", "chainrule-holder", copy);
        text.replaceWith(holder);
        holder.append(text);
      });
      const view = line.querySelector(".chainrule-view-mermaid");
      view?.addEventListener("toggle", () => {
        if (!view.open || view.querySelector(".chainrule-drawn")) return;
        const host = make("div", "chainrule-drawn");
        const box = make("div", "chainrule-scroll", host);
        view.querySelector("summary").after(box);
        scrolled.observe(box);
        this.draw(host, view);
      });
    }

    // Mermaid draws in the frame of our picture, which stays until then, on paper, and where Mermaid does not come.
    async over(frame) {
      const view = [...this.querySelectorAll(".chainrule-view-mermaid")][this.frames.indexOf(frame)];
      if (frame.drawn || !view) return;
      frame.drawn = make("div", "chainrule-drawn");
      frame.hold();
      if (!await this.draw(frame.drawn, view, frame)) return;
      frame.box.classList.add("chainrule-by-mermaid");
      frame.begin();
    }

    async draw(host, view, frame) {
      const name = (frame ?? this.frame)?.svg?.getAttribute("aria-label");
      const scratch = make("div", "chainrule-scratch");
      this.append(scratch);
      try {
        const { render } = await (mermaid ??= load(this.dataset.mermaidUrl));
        const text = `%%{init: ${JSON.stringify(SETTINGS)}}%%\n${view.querySelector(".chainrule-text").textContent}`;
        const { svg } = await render(`chain-rule-${++count}`, text, scratch);
        frame?.box.append(host);
        mount(host, svg, name);
        return true;
      } catch {
        mermaid = undefined; // the next who asks may have it
        host.parentElement?.remove();
        if (view.open) this.say(WORDS.absent);
        return false;
      } finally {
        scratch.remove();
      }
    }

    say(text, stays = false) {
      this.said.textContent = text;
      clearTimeout(this.timer);
      if (text && !stays) this.timer = setTimeout(() => { this.said.textContent = ""; }, 3000);
    }

    save() {
      const { svg } = this.frame;
      if (!svg) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([standalone(svg)], { type: "image/svg+xml" }));
      link.download = "graph.svg";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href));
    }

    fullscreen() {
      document.fullscreenElement ? document.exitFullscreen() : this.requestFullscreen();
    }
  }

  customElements.get("chain-rule") || customElements.define("chain-rule", ChainRule);
})();
