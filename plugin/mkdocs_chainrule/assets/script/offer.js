// Offers to move a graph's numbers. The part of the script that moves them comes when somebody asks, or where the author or
// the page's address begins with it.
const offering = frame => {
  const { box, figure } = frame;
  const own = box.parentElement.querySelector(":scope > .chainrule-nudge");
  const key = box.querySelector("g[id]")?.id.replace(/-\w+$/, "");
  let chosen, panel;
  // The control says it too, for what the figure says may be out of sight.
  const keep = (settings, control) => {
    history.replaceState(history.state, "", `#${new URLSearchParams([[key, ""], ...settings])}`);
    const tell = text => {
      figure.say(control.textContent = text);
      setTimeout(() => { control.textContent = WORDS.link; }, 3000);
    };
    const kept = () => tell(WORDS.kept);
    navigator.clipboard?.writeText(location.href).then(() => tell(WORDS.copied), kept) ?? kept();
  };
  const open = async () => {
    offer.hidden = true;
    await frame.stepped; // steps know the picture as it was built
    const { newPanel } = await kit("nudge.js");
    return panel ??= newPanel(frame, own ?? box.parentElement.insertBefore(make("div", "chainrule-nudge"), box.nextSibling), keep, () => chosen);
  };
  const offer = button(WORDS.nudge, WORDS.nudge, async () => (await open()).look(chosen).focus());
  offer.className = "chainrule-control";
  offer.hidden = true;
  box.after(offer);
  // An address leads here when the page opens, and later, by a link of the page's own.
  const follow = async () => {
    const linked = new URLSearchParams(location.hash.slice(1));
    if (linked.has(key)) (await open()).follow(name => Number(linked.get(name) || NaN));
  };
  addEventListener("hashchange", follow);
  follow();
  if (own) open();
  const choose = node => {
    chosen = node;
    offer.hidden = !node || !!panel;
    if (node) panel?.look(node);
  };
  const stop = () => {
    removeEventListener("hashchange", follow);
    panel?.stop();
  };
  return { choose, stop };
};
