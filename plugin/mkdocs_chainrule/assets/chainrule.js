// <chain-rule>: a graph that can be zoomed, moved, shown full-screen, copied and saved. The page is complete
// without this script, but for Mermaid in themes that bring none.
(() => {
  const THEME = `
    svg { display: block; max-width: none }
    .node :is(rect, circle, ellipse, polygon, path) {
      fill: var(--chainrule-node) !important; stroke: var(--chainrule-accent) !important }
    .node, .node * { filter: none !important }
    .label, .nodeLabel, .edgeLabel, text { color: var(--chainrule-ink); fill: var(--chainrule-ink) }
    .nodeLabel p { margin: 0 }
    .flowchart-link { stroke: var(--chainrule-soft) }
    .marker { fill: var(--chainrule-soft); stroke: var(--chainrule-soft) }
    .cluster rect { fill: var(--chainrule-quiet); stroke: var(--chainrule-grid) }`;
  const PAINT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font", "text-anchor", "text-align", "display", "white-space", "margin"];
  let mermaid;
  let count = 0;

  const script = url => new Promise((done, fail) => {
    const element = document.createElement("script");
    Object.assign(element, { src: url, onload: done, onerror: fail });
    document.head.append(element);
  });

  const load = async url => {
    if (!window.mermaid) await script(url);
    const config = { startOnLoad: false, suppressErrorRendering: true, theme: "base", fontFamily: "inherit", flowchart: { wrappingWidth: 400 } };
    window.mermaid.initialize({ ...config, themeCSS: THEME });
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
  const mount = (host, svg) => {
    const root = host.attachShadow({ mode: "open" });
    const { body } = new DOMParser().parseFromString(svg, "text/html");
    root.adoptedStyleSheets = [...body.querySelectorAll("style")].map(style => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style.textContent);
      style.remove();
      return sheet;
    });
    const styled = [...body.querySelectorAll("[style]")].map(element => [element, element.getAttribute("style")]);
    styled.forEach(([element]) => element.removeAttribute("style"));
    root.append(...body.childNodes);
    styled.forEach(([element, style]) => { element.style.cssText = style; });
  };

  // A copy of a drawing with the colours it has now, so that it stands alone.
  const standalone = svg => {
    const copy = svg.cloneNode(true);
    const originals = [svg, ...svg.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((element, i) => {
      const style = getComputedStyle(originals[i]);
      PAINT.forEach(name => element.style.setProperty(name, style.getPropertyValue(name)));
    });
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.style.background = getComputedStyle(svg).getPropertyValue("--chainrule-ground");
    return new XMLSerializer().serializeToString(copy);
  };

  class ChainRule extends HTMLElement {
    connectedCallback() {
      if (this.box) return;
      this.box = this.querySelector(".chainrule-scroll");
      this.picture = this.box?.querySelector(".chainrule-picture");
      if (!this.picture) return;
      this.scale = 1;
      const source = this.querySelector("pre.mermaid");
      this.text = { Mermaid: this.dataset.mermaid || source?.textContent, DOT: this.dataset.dot };
      this.box.after(this.tools());
      this.listen();
      this.begin();
      // Material and Zensical draw every pre.mermaid themselves.
      if (source && !document.querySelector("[data-md-component]")) this.draw(source);
    }

    async draw(source) {
      try {
        const { render } = await (mermaid ??= load(this.dataset.mermaidUrl));
        const { svg } = await render(`chain-rule-${++count}`, source.textContent);
        const host = make("div", "mermaid");
        source.replaceWith(host);
        mount(host, svg);
      } catch {
        // The source stays: it reads well enough.
      }
    }

    // A tall graph is first seen where it begins: at its leftmost node.
    begin() {
      const places = [...this.picture.querySelectorAll("g[id]")].map(node => node.getBoundingClientRect());
      if (!places.length) return;
      const first = places.reduce((a, b) => b.left < a.left ? b : a);
      this.box.scrollTop = first.top - this.picture.getBoundingClientRect().top - this.box.clientHeight / 2;
    }

    // Nothing where the theme drew it: Material lets nobody in.
    get svg() {
      const { picture } = this;
      return picture.querySelector("svg") ?? picture.firstElementChild.shadowRoot?.querySelector("svg");
    }

    tools() {
      const full = button("Full screen", "Full screen", () => this.fullscreen());
      full.hidden = !this.requestFullscreen;
      this.addEventListener("fullscreenchange", () => {
        full.textContent = document.fullscreenElement === this ? "Leave full screen" : "Full screen";
      });
      const tools = make("div", "chainrule-tools",
        button("\u2212", "Zoom out", () => this.zoom(.8)), button("+", "Zoom in", () => this.zoom(1.25)),
        button("Fit", "Fit", () => this.fit()), full, this.menu());
      tools.role = "group";
      tools.ariaLabel = "Picture";
      return tools;
    }

    menu() {
      const said = make("span", "");
      said.role = "status";
      const say = text => { said.textContent = text; setTimeout(() => { said.textContent = ""; }, 3000); };
      const copy = async name => {
        try { await navigator.clipboard.writeText(this.text[name]); say("Copied"); } catch { say("The browser does not let us copy"); }
      };
      const items = ["Mermaid", "DOT"].filter(name => this.text[name]).map(name => button(`Copy ${name}`, `Copy ${name}`, () => copy(name)));
      const save = button("Save SVG", "Save SVG", () => this.save());
      const menu = make("details", "chainrule-fold chainrule-menu", make("summary", "", "Copy or save"), make("div", "", ...items, save));
      menu.addEventListener("toggle", () => { save.hidden = !this.svg; });
      menu.addEventListener("click", event => { if (event.target.type === "button") this.close(menu); });
      menu.addEventListener("focusout", event => { if (!menu.contains(event.relatedTarget)) menu.open = false; });
      menu.addEventListener("keydown", event => {
        if (event.key === "Escape" && menu.open) { event.stopPropagation(); this.close(menu); }
      });
      return make("span", "", menu, said);
    }

    close(menu) {
      menu.open = false;
      menu.firstElementChild.focus();
    }

    save() {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([standalone(this.svg)], { type: "image/svg+xml" }));
      link.download = "graph.svg";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href));
    }

    fullscreen() {
      document.fullscreenElement ? document.exitFullscreen() : this.requestFullscreen();
    }

    // What lies at (x, y) of the box stays there.
    zoom(factor, x = this.box.clientWidth / 2, y = this.box.clientHeight / 2) {
      const { box } = this;
      const next = Math.min(4, Math.max(.1, this.scale * factor));
      const left = (box.scrollLeft + x) * next / this.scale - x;
      const top = (box.scrollTop + y) * next / this.scale - y;
      this.scale = next;
      this.picture.style.zoom = next;
      this.picture.style.width = next === 1 ? "" : "max-content"; // else it shrinks with the page
      box.scrollTo({ left, top, behavior: "instant" });
    }

    fit() {
      const { box, picture } = this;
      picture.style.width = "max-content";
      const { width, height } = picture.getBoundingClientRect();
      this.zoom(Math.min(box.clientWidth / width, box.clientHeight / height));
    }

    listen() {
      const { box } = this;
      const keys = { "+": () => this.zoom(1.25), "=": () => this.zoom(1.25), "-": () => this.zoom(.8), 0: () => this.zoom(1 / this.scale), f: () => this.fullscreen() };
      box.addEventListener("keydown", event => {
        const action = !event.ctrlKey && !event.metaKey && !event.altKey && keys[event.key];
        if (action) { event.preventDefault(); action(); }
      });
      box.addEventListener("wheel", event => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const { left, top } = box.getBoundingClientRect();
        this.zoom(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
      }, { passive: false });
      this.drag();
    }

    // One pointer of a mouse moves the picture, two fingers zoom it; one finger scrolls as everywhere.
    drag() {
      const { box } = this;
      const held = new Map();
      const spread = () => { const [a, b] = held.values(); return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY); };
      box.addEventListener("pointerdown", event => {
        if (event.button) return;
        held.set(event.pointerId, event);
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
          box.scrollBy({ left: last.clientX - event.clientX, top: last.clientY - event.clientY, behavior: "instant" });
        }
      });
      const release = event => held.delete(event.pointerId);
      ["pointerup", "pointercancel", "pointerleave"].forEach(name => box.addEventListener(name, release));
    }
  }

  customElements.get("chain-rule") || customElements.define("chain-rule", ChainRule);
})();
