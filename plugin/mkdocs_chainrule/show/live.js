// <chain-live>: a plot that its library's own script draws, from the data that the element holds.
const loading = new Map();

// Each script once a page, in order: what comes later builds on what came.
const load = url => {
  if (!loading.has(url)) {
    loading.set(url, new Promise((done, fail) => {
      const script = document.createElement("script");
      Object.assign(script, { src: url, onload: done, onerror: () => fail(new Error(`${url} did not come`)) });
      document.head.append(script);
    }));
  }
  return loading.get(url);
};

const DRAW = {
  plotly: (place, { data, layout, config, frames }) =>
    globalThis.Plotly.newPlot(place, { data, layout, config: { responsive: true, ...config }, frames }),
  vega: (place, { spec, options }) => globalThis.vegaEmbed(place, spec, { actions: false, ...options }),
  bokeh: (place, item) => globalThis.Bokeh.embed.embed_item(item, place),
};

if (!customElements.get("chain-live")) {
  customElements.define("chain-live", class extends HTMLElement {
    async connectedCallback() {
      if (this.dataset.drawn) return;
      this.dataset.drawn = "no";
      const data = JSON.parse(this.querySelector("template").content.textContent);
      const place = document.createElement("div");
      const note = this.querySelector("p");
      try {
        for (const url of this.dataset.scripts.split(" ")) await load(url);
        note.before(place);
        await DRAW[this.dataset.kind](place, data);
        note.remove();
        this.dataset.drawn = "yes";
      } catch (error) {
        place.remove();
        console.warn(`chain-live: ${error.message}`);
      }
    }
  });
}
