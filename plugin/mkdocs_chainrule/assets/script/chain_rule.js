// <chain-rule>: a graph that can be zoomed, moved, asked, shown full-screen and saved, and that Mermaid can draw.
// The page is complete without this script.
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
    watchNames();
    if (this.matches(".chainrule-replay")) kit("play.js").then(({ replay }) => { this.replay = replay(this); });
    this.addEventListener("keydown", event => this.player?.key(event));
    // Themes have keys of their own; they are not for who is in a graph.
    this.addEventListener("keydown", event => {
      if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    });
    this.seen();
  }

  // What plays stops: instant navigation takes a figure away, and may bring it back.
  disconnectedCallback() {
    this.players.forEach(player => player.stop());
    this.frames.forEach(({ offer }) => offer?.stop());
  }

  get players() { return [this.replay, ...this.frames.map(frame => frame.steps?.player)].filter(Boolean); }

  get player() { return this.replay ?? this.frame?.steps?.player; }

  get frame() { return this.frames.find(frame => frame.box.offsetWidth) ?? this.frames[0]; }

  seen() {
    const { frame } = this;
    if (!frame?.picture) return;
    frame.begin();
    if ("draw" in this.dataset) this.over(frame);
  }

  bar() {
    const full = button(WORDS.fullLabel, WORDS.full, () => this.fullscreen());
    full.hidden = !this.requestFullscreen;
    this.addEventListener("fullscreenchange", () => {
      const { frame } = this;
      const isFull = document.fullscreenElement === this;
      full.ariaLabel = full.title = isFull ? WORDS.leave : WORDS.full;
      full.textContent = isFull ? WORDS.leaveLabel : WORDS.fullLabel;
      this.frames.forEach(each => each.reset());
      if (!isFull) return;
      this.tabIndex = -1; // what is clicked keeps the keys here
      if (full.matches(":focus")) this.player?.range.focus();
    });
    const tools = make("div", "chainrule-tools",
      button("−", WORDS.out, () => this.frame.zoom(.8)), button("+", WORDS.in, () => this.frame.zoom(1.25)),
      button(WORDS.fit, WORDS.fit, () => this.frame.fit()), button(WORDS.naturalLabel, WORDS.natural, () => this.frame.natural()), full,
      button(WORDS.saveLabel, WORDS.save, () => this.save()));
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
    line.querySelector(".chainrule-view-table")?.addEventListener("toggle", () => this.frame?.data && this.frame.why().then(strip => strip.number()));
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
      const { draw } = await kit("draw.js");
      const show = await draw(this.dataset.mermaidUrl, view.querySelector(".chainrule-text").textContent, scratch);
      frame?.box.append(host);
      show(host, name);
      return true;
    } catch {
      host.parentElement?.remove();
      if (view.open) this.say(WORDS.absent);
      return false;
    } finally {
      scratch.remove();
    }
  }

  say(text, stays = false) {
    say(this.said, text);
    clearTimeout(this.timer);
    if (text && !stays) this.timer = setTimeout(() => { this.said.textContent = ""; }, 3000);
  }

  async save() {
    const { svg } = this.frame;
    if (!svg) return;
    const { standalone } = await kit("draw.js");
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
