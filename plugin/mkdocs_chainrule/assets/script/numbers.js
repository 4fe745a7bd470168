// Numbers as pictures write them: four digits, a true minus, powers of ten as such.
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = text => text.replace(/\d/g, digit => RAISED[digit]).replace("-", "⁻").replace("+", "");

const brief = (number, digits = 4) => {
  if (Number.isNaN(number)) return "nan";
  if (!Number.isFinite(number)) return number < 0 ? "−∞" : "∞";
  const [mantissa, power] = number.toExponential(digits - 1).split("e");
  const isPlain = Number.isInteger(number) && Math.abs(number) < 1e6 || power >= -4 && power < digits;
  const text = !isPlain ? `${+mantissa}×10${raised(power)}` : `${Number.isInteger(number) ? number || 0 : +number.toPrecision(digits)}`;
  return text.replace("-", "−");
};

// As it is heard: a sign and a power of ten in words.
const heard = text => text.replace(/×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g, (_, power) => ` ${WORDS.power} ${power.replace("⁻", "−").replace(/[^−]/g, digit => RAISED.indexOf(digit))}`).replace(/− ?/g, `${WORDS.minus} `);

const product = numbers => numbers.reduce((a, b) => a * b, 1);
const total = numbers => numbers.reduce((a, b) => a + b, 0);

// A result with four digits, and what it is made of with so many that what is shown of that makes it; and "≈" where some are hidden.
const agreeing = (result, parts, join) => {
  const isWhole = number => Number.isInteger(number) && Math.abs(number) < 1e6;
  const shown = (number, digits) => isWhole(number) ? number : +number.toPrecision(digits);
  const isExact = (number, digits) => !Number.isFinite(number) || Math.abs(shown(number, digits) - number) <= 1e-12 * Math.abs(number);
  const whole = shown(result, 4);
  const unit = Math.min(1, 10 ** (Math.floor(Math.log10(Math.abs(whole) || 1)) - 3));
  let digits = 4;
  while (digits < 17 && [result, ...parts].every(Number.isFinite) && !(Math.abs(join(parts.map(part => shown(part, digits))) - whole) <= unit / 2)) digits++;
  return { sign: isExact(result, 4) && parts.every(part => isExact(part, digits)) ? "=" : "≈", whole: brief(result), parts: parts.map(part => brief(part, digits)) };
};
