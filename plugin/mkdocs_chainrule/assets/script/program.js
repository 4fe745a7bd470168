// A graph's program (`tape_graph/program.py` tells what it is): values and gradients again, from other numbers.

// What an expression of a derivative is, among the numbers that its names stand for.
const compiled = expression => {
  if (typeof expression === "string") return scope => scope[expression];
  if (!Array.isArray(expression)) return () => expression;
  const [name, ...operands] = expression;
  const run = functionOf(name);
  const [a, b, c] = operands.map(compiled);
  if (c) return scope => run(a(scope), b(scope), c(scope));
  return b ? scope => run(a(scope), b(scope)) : scope => run(a(scope));
};

class Program {
  constructor({ functions, nodes, values, output }) {
    this.output = output;
    this.start = nodes.map(node => node.value);
    const known = functions.map(({ name, params = {}, vjps }) => {
      const [run, extra] = [functionOf(name), Object.values(params)];
      return {
        run: extra.length ? (...operands) => run(...operands.slice(0, vjps.length), ...extra) : run,
        vjps: vjps.map(vjp => vjp == null ? null : compiled(vjp)),
      };
    });
    this.steps = nodes.filter(node => node.made != null).map(node => ({
      at: node.uses[0].node.at, ...known[node.made], operation: node,
      operands: node.sources.map(source => source.at), takes: node.sources.map(source => source.id[0] === "v"),
    }));
  }

  // All values, by number, where `set` (a Map from numbers of nodes to values) holds some: what makes those rests.
  forward(set) {
    const values = [...this.start];
    set.forEach((value, at) => { values[at] = value; });
    for (const { at, run, operands: [a, b, c] } of this.steps)
      if (!set.has(at)) values[at] = run(values[a], values[b], values[c]);
    return values;
  }

  // All gradients of the output, as the engine adds them up; nothing, where none arrives.
  backward(values, set) {
    const grads = [];
    grads[this.output.at] = 1;
    for (const step of [...this.steps].reverse()) {
      if (set.has(step.at) || grads[step.at] == null) continue;
      step.operands.forEach((operand, place) => {
        if (!step.takes[place] || !step.vjps[place]) return;
        grads[operand] = (grads[operand] ?? 0) + this.slope(step, place, values, grads[step.at]);
      });
    }
    return grads;
  }

  // What arrives at an operand, of what arrived at the result.
  slope({ at, operands, vjps }, place, values, g = 1) {
    const [x0, x1, x2] = operands.map(operand => values[operand]);
    return vjps[place]({ g, out: values[at], x0, x1, x2 });
  }
}
