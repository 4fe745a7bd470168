// <chain-rule>: what of a graph moves. The page is complete without it, but for Mermaid in themes that bring none.
(() => {
  let loading;
  let count = 0;

  const configure = mermaid => {
    mermaid.initialize({
      startOnLoad: false,
      suppressErrorRendering: true,
      theme: "base",
      fontFamily: "inherit",
      themeCSS: `
        .node :is(rect, circle, ellipse, polygon, path) { fill: var(--chainrule-node); stroke: var(--chainrule-accent) }
        .node .label, .nodeLabel, .edgeLabel, text { color: var(--chainrule-ink); fill: var(--chainrule-ink) }
        .nodeLabel p { margin: 0 }
        .flowchart-link, .edgePath path { stroke: var(--chainrule-soft) }
        .marker { fill: var(--chainrule-soft); stroke: var(--chainrule-soft) }
        .cluster rect { fill: var(--chainrule-quiet); stroke: var(--chainrule-grid) }
      `,
    });
    return mermaid;
  };

  const load = url => loading ??= window.mermaid ? Promise.resolve(configure(window.mermaid)) : new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => done(configure(window.mermaid));
    script.onerror = fail;
    document.head.append(script);
  });

  customElements.get("chain-rule") || customElements.define("chain-rule", class extends HTMLElement {
    connectedCallback() {
      const source = this.querySelector("pre.mermaid");
      // Material and Zensical draw every pre.mermaid themselves.
      if (source && !document.querySelector("[data-md-component]")) this.draw(source);
    }

    async draw(source) {
      try {
        const mermaid = await load(this.dataset.mermaid);
        const { svg } = await mermaid.render(`chain-rule-${++count}`, source.textContent);
        const picture = document.createElement("div");
        picture.className = "mermaid";
        picture.innerHTML = svg;
        source.replaceWith(picture);
      } catch {
        // The source stays: readable, and all that there is.
      }
    }
  });
})();
