// Why a gradient is what it is: all ways from a value to the output, in letters, in numbers, and in words.
const MOST_PATHS = 6;
const MOST_FACTORS = 6;

const about = ({ sign, whole }) => sign === "=" ? whole : `${sign} ${whole}`;

// All digits, for whoever asks.
const full = number => {
  const [mantissa, power] = `${number}`.split("e");
  return power ? `${mantissa}×10${raised(power)}`.replace("-", "−") : Number.isFinite(number) ? mantissa.replace("-", "−") : brief(number);
};

class Explanation {
  constructor(data, node) {
    this.data = data;
    this.node = node;
    this.lines = [];
    if (!isNumber(node.grad) && node.grad == null) this.tellValue();
    else this.tellGradient();
  }

  tellValue() {
    const { data, node } = this;
    const maker = data.maker(node);
    this.head = [...new Set([data.called(node), ...(maker && !node.isHeld ? [this.made(maker)] : []), this.amount(node.value)])].join(" = ");
    if (!data.hasGradients) this.note = WORDS.noBackward;
    else this.note = node.sources.length || waysOf(data, node) ? WORDS.noGradient : WORDS.unused;
  }

  made(operation) { return this.data.expression(operation); }

  // e = a · b; nothing, where that is its name.
  whence(operation, result) {
    const [name, made] = [this.data.called(result), this.made(operation)];
    return name === made ? "" : `${name} = ${made}`;
  }

  amount(quantity) { return isNumber(quantity) ? full(quantity) : quantity ? `(${quantity.s.join(", ")}${quantity.s.length === 1 ? "," : ""}) ${quantity.r}`.trim() : ""; }

  tellGradient() {
    const { data, node } = this;
    const own = data.partial(node);
    this.head = `${data.called(node)} = ${this.amount(node.value)}, ${own} = ${this.amount(node.grad)}`;
    if (node === data.output) return this.tellStart(own);
    const seen = node.onward.filter(({ node: { factors, uses } }) => factors && uses[0]?.node.value != null); // not hidden in a fold
    const uses = seen.filter(({ node: { factors, slopes }, place }) => factors[place] != null || slopes[place]);
    this.isPart = seen.length < node.onward.length;
    if (this.isPart || !uses.length) this.note = WORDS.noFormula;
    if (!uses.length) return;
    const far = waysOf(data, node) > MOST_PATHS || [...data.ahead(node)].some(each => !each.isOperation && each.value == null) ? [] : pathsOf(data, node);
    const isWhole = far.length && far.every(path => path.length <= MOST_FACTORS && path.every(({ factor }) => isNumber(factor)));
    const direct = () => uses.flatMap(({ node: operation, place, edge }) => operation.uses.map(({ node: result, edge: last }) =>
      [{ operation, place, result, factor: operation.factors[place], edges: [edge, last] }]));
    const paths = isWhole ? far : direct();
    this.isDirect = !isWhole;
    this.lines = paths.map(path => this.line(path));
    const sums = this.lines.map(({ amount }) => amount);
    if (this.isPart || !sums.every(isNumber) || !isNumber(node.grad)) return;
    const before = node.sources.length ? 0 : node.grad - total(sums);
    if (Math.abs(before) > 1e-9 * Math.max(...[node.grad, ...sums].map(Math.abs))) {
      const beyond = data.whose !== data.called(data.output) && said("beyond", { number: brief(before) });
      this.lines.push({ before: beyond || `${brief(before)} ${WORDS.before}`, said: beyond || said("saidBefore", { number: brief(before) }), edges: [] });
      sums.push(before);
    }
    if (sums.length > 1) this.sum = agreeing(node.grad, sums, total);
  }

  tellStart(own) {
    const { data, node } = this;
    const number = this.amount(node.grad);
    this.note = data.of && data.of !== data.called(node) ? said("arrived", { name: data.called(node), number })
      : said(node.grad === 1 ? "starts" : node.sources.length ? "given" : "givenLeaf", { own, number });
  }

  // One way: ∂L/∂d · ∂d/∂e · ∂e/∂a, from the output to the value; what arrived first, unless it is the 1 of the start.
  line(path) {
    const { data } = this;
    const { result: last } = path.at(-1);
    const arrived = quantity(last.grad);
    const factors = [...path].reverse().map(({ operation, place, result, factor, edges }) => {
      const source = operation.sources[place];
      const { formula, fact } = slopeOf(data, operation, place);
      return { letters: data.partial(source, data.called(result), data.use(operation, place)), why: this.whence(operation, result), formula, fact, which: data.operand(operation, place), number: factor, edges, source, operation };
    });
    if (!factors.every(({ number }) => isNumber(number)) || !isNumber(arrived)) return this.arrays(factors[0], last);
    if (last !== data.output || arrived !== 1) factors.unshift({ letters: data.partial(last), why: "", formula: "", number: arrived, edges: [] });
    const numbers = factors.map(({ number }) => number);
    const amount = factors.some(({ formula, fact }) => formula === "0" && fact) ? 0 : product(numbers); // where a case lets nothing pass, no infinity does
    return { factors, amount, shown: agreeing(amount, numbers, product), edges: path.flatMap(({ edges }) => edges) };
  }

  // Of arrays: how the gradient comes, as a formula, and between which shapes.
  arrays({ formula, fact, why, which, edges, source, operation, number }, result) {
    const name = each => `${this.data.called(each)} ${each.value?.s ? `(${each.value.s.join(", ")}${each.value.s.length === 1 ? "," : ""})` : ""}`.trim();
    const [times, by] = number?.slice?.(3) ?? [];
    const repeated = by && said("repeated", { name: name(source), times, by: said({ Rows: "byRows", Columns: "byColumns", Times: "byTimes" }[by], { times }) });
    return { letters: this.data.partial(source), formula, fact, why, which, shapes: [...operation.sources, result].map(name), repeated, edges };
  }

  // The same in words, to be heard.
  get words() {
    const { data, node } = this;
    const name = data.called(node);
    const lines = this.lines.map(line => {
      if (line.before) return line.said;
      if (!line.factors) {
        const because = [line.why, line.which].filter(Boolean).join(WORDS.saidAnd);
        return `${said("partGets", { own: line.letters, amount: line.formula })}${because && said("saidBecause", { because })}.${line.repeated ? ` ${line.repeated}.` : ""}`;
      }
      const factors = line.factors.map(({ letters, formula, fact, why, which }, at) => {
        const number = line.shown.parts[at];
        const because = [why, which, fact].filter(Boolean).join(WORDS.saidAnd);
        const name = formula && formula !== number ? "saidFactor" : "saidArrived";
        return said(name, { letters, number, formula }) + (because && said("saidBecause", { because }));
      });
      return said("saidProduct", { factors: factors.join(WORDS.saidTimes), number: about(line.shown) });
    });
    const sum = this.sum ? said("saidSum", { number: about(this.sum) }) : "";
    return [`${this.head}.`, this.note, lines.length ? said("saidWhy", { name }) : "", ...lines, sum].filter(Boolean).join(" ");
  }
}
