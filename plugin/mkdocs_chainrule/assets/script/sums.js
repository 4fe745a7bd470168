// How the numbers of an array's gradient add up: each use of an array hands on what arrived at its result, times a factor.
const MOST_TERMS = 12; // on a line
const LEFT = 6; // of more
const ROUNDED = 5e-4; // what four digits may hide of a number

// All numbers, of a number too; nothing, where the page has but averages.
const numbersOf = held => isNumber(held) ? [held] : held?.t ? undefined : held?.n?.map(quantity);

const indexed = (at, held) => {
  if (isNumber(held)) return "";
  const index = held.s.reduceRight(([rest, ...found], length) => [Math.floor(rest / length), rest % length, ...found], [at]);
  return `[${index.slice(1).join(", ")}]`;
};

// For a number of an operand's gradient: which numbers of the result's arrive, and which of the factor they meet
// (`graph/terms.py` in the engine tells what `axes` and `lengths` are).
const meetings = ([axes, lengths], own) => {
  if (Array.isArray(axes)) return axes.flatMap((to, at) => to === own ? [{ at }] : []);
  const [of, along, target] = axes.split(/,|->/);
  const length = Object.fromEntries([...new Set(of + along + target)].sort().map((letter, at) => [letter, lengths[at]]));
  const flat = (letters, places) => [...letters].reduce((sum, letter) => sum * length[letter] + places[letter], 0);
  const places = {};
  [...target].reduceRight((rest, letter) => {
    places[letter] = rest % length[letter];
    return Math.floor(rest / length[letter]);
  }, own);
  return Object.keys(length).filter(letter => !target.includes(letter))
    .reduce((all, letter) => all.flatMap(each => Array.from({ length: length[letter] }, (_, at) => ({ ...each, [letter]: at }))), [places])
    .map(each => ({ at: flat(of, each), by: flat(along, each) }));
};

// The sums of one array, or number.
class Sums {
  constructor(data, node) {
    this.data = data;
    this.node = node;
    this.values = numbersOf(node.value);
    this.grads = numbersOf(node.grad);
    // What hands nothing on adds nothing.
    this.uses = node === data.output ? [] : node.uses.filter(({ node: { uses = [] } }) => uses[0]?.node.grad != null);
  }

  // How a use adds to a number of the gradient; nothing, where the page does not hold what it takes.
  use({ node: operation, place }, own) {
    const { data } = this;
    const { node: result } = operation.uses[0];
    const told = operation.factors?.[place];
    const isPlain = isNumber(told); // of numbers
    const terms = isPlain ? [",->", [], told] : told;
    const arrived = numbersOf(result.grad);
    const factor = terms && arrived && this.factor(terms, operation, result, own);
    if (!factor || isPlain && !(isNumber(result.grad) && isNumber(this.node.value))) return;
    const all = meetings(terms, own).map(({ at, by }) => {
      const [number, letters] = factor(at, by);
      return { number, arrived: arrived[at], letters: [letters, data.partial(result) + indexed(at, result.value)].filter(Boolean).join(" · ") };
    });
    const isTable = terms[0] === "a,ab->b"; // of all derivatives, most of which may be nothing
    return this.sum(isTable && all.length > 1 ? all.filter(({ number }) => number) : all, operation, place);
  }

  // What a gradient that arrives is multiplied by, as number and in letters; neither, where that is 1.
  factor([axes, , told], { sources }, result, own) {
    const number = Array.isArray(axes) ? 1 : quantity(told);
    if (number === 1) return () => [];
    if (isNumber(number)) return () => [number, brief(number)];
    if (told == null) return;
    const whose = Array.isArray(told) ? null : told === "o" ? result : sources[told];
    const numbers = whose ? numbersOf(whose.value) : told.map(quantity);
    const name = (each, at) => bracketed(this.data.called(each)) + indexed(at, each.value);
    return numbers && ((at, by) => [numbers[by], whose ? name(whose, by) : `∂${name(result, at)}/∂${name(this.node, own)}`]);
  }

  // Terms and their sum, with the digits that make it; of many terms the rest as one.
  sum(terms, operation, place) {
    const amounts = terms.map(({ number = 1, arrived }) => number * arrived);
    const count = terms.length > MOST_TERMS ? LEFT : terms.length;
    const rest = amounts.slice(count);
    const groups = [...terms.slice(0, count).map(({ number, arrived }) => number === undefined ? [arrived] : [number, arrived]), ...rest.length ? [[total(rest)]] : []];
    const grouped = ([...all]) => groups.map(({ length }) => all.splice(0, length));
    const amount = total(amounts);
    const told = agreeing(amount, groups.flat(), all => total(grouped(all).map(product)));
    const texts = groups.flat().length === 1 ? [...told.parts] : grouped(told.parts).map(parts => parts.map(bracketed).join(" · "));
    if (rest.length) texts.push(said("moreTerms", { number: texts.pop(), count: rest.length }));
    const letters = terms.map(each => each.letters).filter(Boolean);
    return {
      ...told, amount, size: total(amounts.map(Math.abs)), count: terms.length, operation,
      which: this.data.operand(operation, place), text: texts.join(" + ") || "0", letters: (letters.length > 2 ? [letters[0], "…", letters.at(-1)] : letters).join(" + "),
    };
  }

  // Of one number: its name, itself and its gradient; a line for each use; and what they come to.
  tell(own) {
    const { data, node, values, grads } = this;
    const index = indexed(own, node.value);
    const name = bracketed(data.called(node)) + index;
    const partial = data.partial(node) + index;
    const head = [[name, values], [partial, grads]].flatMap(([each, numbers]) => numbers ? [`${each} = ${brief(numbers[own])}`] : []).join(", ");
    if (!grads || node === data.output) return { head, lines: [] };
    const untold = ({ node: operation }) => ["", said("noTerms", { made: data.expression(operation) })];
    const sums = this.uses.map(use => this.use(use, own));
    const known = sums.filter(Boolean);
    const isWhole = known.length === sums.length;
    const [whole, amount] = [grads[own], total(known.map(each => each.amount))];
    const hidden = ROUNDED * (2.1 * total(known.map(({ size }) => size)) + Math.abs(whole)) + 1e-12;
    const isNear = Object.is(amount, whole) || Math.abs(amount - whole) <= hidden;
    if (isWhole && !isNear && node.sources.length) return { head, lines: this.uses.map(untold) };
    const before = isWhole && !isNear ? [whole - amount] : [];
    const isAlone = sums.length === 1 && !before.length;
    const lines = sums.map((sum, at) => {
      if (!sum) return untold(this.uses[at]);
      const { text, count, letters, operation, which } = sum;
      const end = isAlone ? this.closing(sum.amount, whole, sum) : `${sum.sign} ${sum.whole}`;
      const used = said(count === 1 ? "usedOnce" : "usedTimes", { name, count, made: data.expression(operation) });
      return [`${isAlone ? `${partial} = ` : ""}${text}${end === `= ${text}` ? "" : ` ${end}`}`, [used, which].filter(Boolean).join("; ") + (letters && `: ${letters}`)];
    });
    before.forEach(number => lines.push([data.whose === data.called(data.output) ? `${brief(number)} ${WORDS.before}` : said("beyond", { number: brief(number) })]));
    if (isWhole && lines.length > 1) {
      const parts = [...known.map(each => each.amount), ...before];
      const told = agreeing(total(parts), parts, total);
      lines.push([`${partial} = ${told.parts.map(bracketed).join(" + ")} ${this.closing(total(parts), whole, told)}`]);
    }
    return { head, lines };
  }

  // What a sum of rounded numbers comes to, beside the number that it rounds.
  closing(sum, whole, { sign, whole: shown }) {
    if (shown === brief(whole)) return `${Object.is(sum, whole) || Math.abs(sum - whole) <= 1e-12 * Math.abs(whole) ? sign : "≈"} ${shown}`;
    const isClose = Math.abs(sum - whole) <= 5e-3 * Math.abs(whole);
    return isClose ? `≈ ${brief(whole)}` : `${sign} ${shown}; ${said("allDigits", { number: brief(whole) })}`;
  }
}
