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

// With all digits.
const full = number => {
  const [mantissa, power] = `${number}`.split("e");
  return power ? `${mantissa}×10${raised(power)}`.replace("-", "−") : Number.isFinite(number) ? mantissa.replace("-", "−") : brief(number);
};

const product = numbers => numbers.reduce((a, b) => a * b, 1);
const total = numbers => numbers.reduce((a, b) => a + b, 0);

// A result and what it is made of, with so many digits that what is shown makes what is shown; and "≈" where
// that hides some.
const agreeing = (result, parts, join) => {
  const all = [result, ...parts];
  let digits = 4;
  for (; digits < 17 && all.every(Number.isFinite); digits++) {
    const [whole, ...rest] = all.map(number => +number.toPrecision(digits));
    const unit = 10 ** (Math.floor(Math.log10(Math.abs(whole) || 1)) - digits + 1);
    if (Math.abs(join(rest) - whole) <= unit / 2) break;
  }
  const isExact = all.every(number => !Number.isFinite(number) || Number.isInteger(number) && Math.abs(number) < 1e6 || Math.abs(+number.toPrecision(digits) - number) <= 1e-12 * Math.abs(number));
  const [whole, ...rest] = all.map(number => brief(number, digits));
  return { sign: isExact ? "=" : "≈", whole, parts: rest };
};
