// A name of a picture that is pointed at or chosen is lit wherever it stands: in pictures, tables, source and inline values.
const PICTURED = ".chainrule-picture text[font-weight]";
const NAMED = `${PICTURED}, .chainrule-source .n, .chainrule-table th[scope=row], .chainrule-inline[data-of]`;
const nameOf = element => element?.dataset.of ?? element?.textContent;
const watched = new WeakSet();

const lightName = name => {
  const isKnown = [...document.querySelectorAll(PICTURED)].some(text => nameOf(text) === name);
  document.querySelectorAll(NAMED).forEach(each => each.classList.toggle("chainrule-named", isKnown && nameOf(each) === name));
};

const watchNames = () => document.querySelectorAll(".chainrule, .chainrule-inline").forEach(element => {
  if (watched.has(element)) return;
  watched.add(element);
  element.addEventListener("pointerover", ({ target }) => lightName(nameOf(target.closest("g[id]")?.querySelector("text[font-weight]") ?? target.closest(NAMED))));
  element.addEventListener("pointerleave", () => lightName());
});
