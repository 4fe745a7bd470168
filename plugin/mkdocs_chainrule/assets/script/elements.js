// Elements, and how they are walked along.
const here = document.currentScript?.src;
const fetched = url => new Promise((done, fail) => {
  const script = document.createElement("script");
  Object.assign(script, { src: url, onload: done, onerror: fail });
  document.head.append(script);
});

// A part of the script that not every page needs, by its file; it comes once.
const kits = {};
const kit = name => kits[name] ??= fetched(new URL(name, here)).then(() => ChainRule.shared, error => {
  delete kits[name]; // the next who asks may have it
  throw error;
});

const QUIET = 3000; // milliseconds between sentences, while something plays

// Text in which no script of the site finds both ends of a formula: each piece has one at most (`show/literal.py`).
const apart = text => text.split(/([\\$])/).flatMap(piece => [piece, new Comment()]);
const say = (element, text) => element.replaceChildren(...apart(text));

const make = (name, className, ...content) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content.flatMap(each => each.at ? apart(each) : [each]));
  return element;
};

const button = (label, name, action) => {
  const element = make("button", "", label);
  element.type = "button";
  if (name !== label) element.ariaLabel = element.title = name;
  element.addEventListener("click", action);
  return element;
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
