// Offers to move a graph's numbers. The part of the script that moves them comes when somebody asks, or where a page or
// a link begins with it.
class Offer {
  constructor(frame) {
    const { box } = frame;
    this.frame = frame;
    this.own = box.parentElement.querySelector(":scope > .chainrule-nudge");
    this.key = box.querySelector("g[id]")?.id.replace(/(-tb)?-\w+$/, "");
    this.button = button(WORDS.nudge, WORDS.nudge, () => this.open(true));
    this.button.className = "chainrule-control";
    this.button.hidden = true;
    box.after(this.button);
    const linked = new URLSearchParams(location.hash.slice(1));
    const isLinked = linked.has(this.key);
    if (this.own || isLinked) this.open().then(nudge => isLinked && nudge.follow(linked));
  }

  // What is chosen in the picture can be moved too.
  choose(node) {
    this.chosen = node;
    this.button.hidden = !node || !!this.nudge;
    if (node) this.nudge?.look(node);
  }

  async open(byReader) {
    const { Nudge } = await kit("nudge.js");
    this.button.hidden = true;
    return this.nudge ??= new Nudge(this, byReader);
  }
}
