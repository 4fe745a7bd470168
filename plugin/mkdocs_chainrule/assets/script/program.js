// A graph's program (`tape_graph/program.py` tells what it is): values and gradients again, from other numbers.

// What an expression of a derivative is, among the numbers that its names stand for.
const compiled = expression => {
  const number = quantity(expression);
  if (isNumber(number)) return () => number;
  if (!Array.isArray(expression)) return scope => scope[expression];
  const run = functionOf(expression[0]);
  const [a, b, c] = expression.slice(1).map(compiled);
  if (c) return scope => run(a(scope), b(scope), c(scope));
  return b ? scope => run(a(scope), b(scope)) : scope => run(a(scope));
};

// Values, gradients and those that are `set` are known by the numbers of their nodes.
const programOf = ({ functions, nodes, output }) => {
  const known = functions.map(({ name, params = {}, vjps }) => {
    const [run, extra] = [functionOf(name), Object.values(params).map(quantity)];
    return [extra.length ? (...operands) => run(...operands.slice(0, vjps.length), ...extra) : run, vjps.map(vjp => vjp == null ? null : compiled(vjp))];
  });
  const start = nodes.map(node => node.value);
  const steps = nodes.filter(node => node.made != null).map(operation => {
    const [run, vjps] = known[operation.made];
    const { sources } = operation;
    return operation.step = {
      at: operation.uses[0].node.at, operation, run, vjps,
      operands: sources.map(source => source.at), takes: sources.map((source, place) => source.id[0] === "v" && vjps[place]),
    };
  });

  // What arrives at an operand, of what arrived at the result.
  const slope = ({ step }, place, values, g = 1) => {
    const [x0, x1, x2] = step.operands.map(operand => values[operand]);
    return step.vjps[place]?.({ g, out: values[step.at], x0, x1, x2 });
  };

  // All values, where `set` (a Map) holds some: what makes those rests.
  const forward = set => {
    const values = [...start];
    set.forEach((value, at) => { values[at] = value; });
    for (const { at, run, operands: [a, b, c] } of steps)
      if (!set.has(at)) values[at] = run(values[a], values[b], values[c]);
    return values;
  };

  // All gradients of the output, as the engine adds them up; nothing, where none arrives.
  const backward = (values, set) => {
    const grads = [];
    grads[output.at] = 1;
    for (const { at, operation, operands, takes } of [...steps].reverse())
      if (!set.has(at) && grads[at] != null) operands.forEach((operand, place) => {
        if (takes[place]) grads[operand] = (grads[operand] ?? 0) + slope(operation, place, values, grads[at]);
      });
    return grads;
  };
  return { start, steps, slope, forward, backward };
};
