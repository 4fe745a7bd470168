// The ways of a gradient through a graph, and the slopes along them.

// A slope with the names of its operation's operands, as on paper; and the case that holds.
const slopeOf = (data, operation, place) => {
  const [result] = operation.uses.map(use => use.node);
  const fill = text => text && onPaper(text).replace(/\{(\w)\}/g, (whole, gap, at, all) => {
    if (!{ g: result, o: result }[gap] && !operation.sources[gap]) return whole;
    const name = gap === "g" ? data.partial(result) : data.called(gap === "o" ? result : operation.sources[gap]);
    const isAlone = /(^|[(,] ?)$/.test(all.slice(0, at)) && /^($|[),])/.test(all.slice(at + 3));
    return gap === "g" || isAlone ? name : bracketed(name);
  });
  const [formula, fact = ""] = (operation.slopes[place] ?? "").replace(/\bx\.shape\b/, `{${place}}.shape`).split(" if ");
  const known = fill(fact);
  return { formula: fill(formula), fact: /^(not )?[−\d.]+$/.test(known) ? "" : known };
};

// How many ways lead from a node to the output; more than six are as good as many.
const waysOf = (data, node, found = new Map()) => {
  if (node === data.output) return 1;
  if (!found.has(node)) found.set(node, Math.min(99, total(node.onward.map(({ node: next }) => waysOf(data, next, found)))));
  return found.get(node);
};

// Each way from a value to the output: the steps (operation, place, result, factor) and the edges it takes.
const pathsOf = (data, node) => {
  if (node === data.output) return [[]];
  return node.onward.flatMap(({ node: operation, place, edge }) => operation.uses.flatMap(({ node: result, edge: last }) =>
    pathsOf(data, result).map(rest => [{ operation, place, result, factor: operation.factors?.[place], edges: [edge, last] }, ...rest])));
};
