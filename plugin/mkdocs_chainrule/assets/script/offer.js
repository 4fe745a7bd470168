// Offers to move a graph's numbers. The part of the script that moves them comes when somebody asks, or where the author or
// the page's address begins with it.
const offering = frame => {
  const { box, figure } = frame;
  const own = box.parentElement.querySelector(":scope > .chainrule-nudge");
  const key = box.querySelector("g[id]")?.id.replace(/-\w+$/, "");
  const linked = new URLSearchParams(location.hash.slice(1));
  let chosen, panel;
  const keep = settings => {
    history.replaceState(history.state, "", `#${new URLSearchParams([[key, ""], ...settings])}`);
    const kept = () => figure.say(WORDS.kept);
    navigator.clipboard?.writeText(location.href).then(() => figure.say(WORDS.copied), kept) ?? kept();
  };
  const open = async () => {
    offer.hidden = true;
    await frame.stepped; // steps know the picture as it was built
    const { newPanel } = await kit("nudge.js");
    return panel ??= newPanel(frame, own ?? box.parentElement.insertBefore(make("div", "chainrule-nudge"), box.nextSibling), keep);
  };
  const offer = button(WORDS.nudge, WORDS.nudge, async () => (await open()).look(chosen).focus());
  offer.className = "chainrule-control";
  offer.hidden = true;
  box.after(offer);
  if (linked.has(key)) open().then(({ follow }) => follow(name => Number(linked.get(name) || NaN)));
  else if (own) open();
  const choose = node => {
    chosen = node;
    offer.hidden = !node || !!panel;
    if (node) panel?.look(node);
  };
  return { choose, stop: () => panel?.stop() };
};
