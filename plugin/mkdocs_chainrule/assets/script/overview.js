// Where one is in a picture that is larger than its frame: all of it, small and without text, with what is seen and what is active.
const SMALL = 160; // pixels

class Overview {
  constructor(frame) {
    this.box = frame.box;
    this.element = make("div", "chainrule-said");
    this.element.ariaHidden = true;
    this.box.after(this.element);
    this.box.addEventListener("scroll", () => this.look());
  }

  show(svg, group) {
    if (this.svg !== svg) {
      this.svg = svg;
      const copy = svg.cloneNode(true);
      copy.querySelectorAll("text, title, desc, marker").forEach(each => each.remove());
      [copy, ...copy.querySelectorAll("[id]")].forEach(each => ["id", "role", "aria-label", "overflow"].forEach(name => each.removeAttribute(name)));
      const { width, height } = svg.viewBox.baseVal;
      this.scale = SMALL / Math.max(width, height);
      copy.setAttribute("width", width * this.scale);
      copy.setAttribute("height", height * this.scale);
      const line = { fill: "none", stroke: "var(--chainrule-grad)", "vector-effect": "non-scaling-stroke" };
      this.view = svgElement("path", { ...line, "stroke-width": 1.5 });
      this.here = svgElement("path", { ...line, "stroke-width": 10, "stroke-linecap": "round" });
      copy.append(this.view, this.here);
      this.element.replaceChildren(copy);
    }
    const { e, f } = group.transform.baseVal[0].matrix;
    this.here.setAttribute("d", `M${e} ${f}h0`);
    this.look();
    // In the corner that is farther from what is active.
    const { box, element } = this;
    const [a, b] = [group.getBoundingClientRect(), box.getBoundingClientRect()];
    const isRight = a.left + a.right > b.left + b.right;
    element.style.transform = `translate(${box.offsetLeft + (isRight ? 0 : box.clientWidth - element.offsetWidth)}px, ${box.offsetTop}px)`;
  }

  look() {
    const { box, svg, view } = this;
    if (!view) return;
    const [whole, frame] = [svg, box].map(each => each.getBoundingClientRect());
    const { x, y, width } = svg.viewBox.baseVal;
    const scale = width / whole.width;
    const left = Math.max(frame.left, whole.left), right = Math.min(frame.right, whole.right);
    const top = Math.max(frame.top, whole.top), bottom = Math.min(frame.bottom, whole.bottom);
    view.setAttribute("d", `M${x + (left - whole.left) * scale} ${y + (top - whole.top) * scale}h${(right - left) * scale}v${(bottom - top) * scale}h${(left - right) * scale}z`);
  }
}
