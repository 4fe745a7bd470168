// The functions of a graph's program, by NumPy's names, and with NumPy's answers at the edges of their domains.
const { abs, exp, expm1, log1p, max, min, sqrt, tanh } = Math;

// Unlike JavaScript's, C's 1 to any power is 1, and so is −1 to an infinite one; NumPy takes the root for 0.5.
const power = (a, b) => a === 1 || a === -1 && abs(b) === Infinity ? 1 : b === .5 && a < 0 ? NaN : a ** b;
const logaddexp = (a, b) => a === b ? a + Math.LN2 : a > b ? a + log1p(exp(b - a)) : b + log1p(exp(a - b));
const sigmoid = x => x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
const holds = x => !!x || Number.isNaN(x); // as in Python
// The root's own rounding is taken off again, as C does: `Math.hypot` is off by up to two units of the last place.
const hypot = (a, b) => {
  const [y, x] = [abs(a), abs(b)].sort((one, other) => one - other);
  const h = sqrt(x * x + y * y);
  if (!(h > 1e-100 && h < 1e100)) return Math.hypot(a, b);
  const d = h > 2 * y ? h - x : h - y;
  const rest = h > 2 * y ? 2 * d * (x - 2 * y) + ((4 * d - y) * y + d * d) : x * (2 * d - x) + (d - 2 * (x - y)) * d;
  return h - rest / (2 * h);
};
const beside = (choose, a, b) => Number.isNaN(a) ? b : Number.isNaN(b) ? a : choose(a, b);

// What `Math` lacks, or has under another name.
const FUNCTIONS = {
  where: (condition, x, y) => holds(condition) ? x : y,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  power,
  absolute: abs,
  negative: x => -x,
  square: x => x * x,
  reciprocal: x => 1 / x,
  maximum: (a, b) => max(a, b),
  minimum: (a, b) => min(a, b),
  clip: (x, low, high) => min(max(x, low), high),
  stop_gradient: x => x,
  exp2: x => 2 ** x,
  logaddexp,
  logaddexp2: (a, b) => a === b ? a + 1 : max(a, b) + Math.LOG2E * log1p(2 ** -abs(a - b)),
  hypot,
  remainder: (a, b) => {
    const rest = a % b;
    return rest && rest < 0 !== b < 0 ? rest + b : rest;
  },
  fmax: (a, b) => beside(max, a, b),
  fmin: (a, b) => beside(min, a, b),
  relu: x => max(x, 0),
  leaky_relu: (x, slope = .01) => x > 0 ? x : slope * x,
  elu: (x, alpha = 1) => x > 0 ? x : alpha * expm1(x),
  sigmoid,
  silu: x => x * sigmoid(x),
  softplus: x => logaddexp(x, 0),
  gelu: x => .5 * x * (1 + tanh(sqrt(2 / Math.PI) * (x + .044715 * x * x * x))),
  // Of derivatives only.
  less: (a, b) => a < b,
  less_equal: (a, b) => a <= b,
  greater: (a, b) => a > b,
  greater_equal: (a, b) => a >= b,
  logical_and: (a, b) => holds(a) && holds(b),
  logical_or: (a, b) => holds(a) || holds(b),
};

const functionOf = name => FUNCTIONS[name] ?? Math[name.replace("arc", "a")];
