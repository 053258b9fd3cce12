/**
 * @param {string} text
 * @param {number} width in characters
 * @returns {string} what fits, with dots; a number keeps its exponent, a whole number its end
 */
function short(text, width) {
  if (text.length <= width) return text;
  const end = /^[-+]?\d+(\.\d+)?(e[-+]?\d+)$/.exec(text)?.[2] ?? (/^-?\d+$/.test(text) ? text.slice(-2) : "");
  return `${text.slice(0, Math.max(1, width - end.length - 1))}…${end}`;
}

/** @param {string} number without its sign @returns {string} of a long fraction five digits */
function rounded(number) {
  const digits = number.replace(/e.*|\./g, "").replace(/^0+|0+$/g, "").length;
  const value = Number(number);
  if (digits <= 6 || /^\d+$/.test(number) || (value < 1e17 && Number.isInteger(value))) return number;
  const some = Number(value.toPrecision(5));
  if (number.includes("e")) return some.toExponential();
  return String(value >= 1e5 ? Math.round(value) : some);
}

/**
 * @param {string} text a value
 * @returns {string} as a person reads it: rounded after the sign that says so, with the minus sign of sums
 */
function near(text) {
  const shown = text.replace(/(?<![\w.])\d+\.?\d*(e[-+]?\d+)?/g, rounded);
  return (shown === text ? "" : "≈") + shown.replace(/(?<!e)-/g, "−");
}

/** @param {string} text @returns {string} without the sign */
const withoutAbout = (text) => text.replaceAll("≈", "");

/** @param {string[]} texts @returns {string} what stands between them: it says where one has rounded numbers */
const equals = (...texts) => (texts.some((text) => text.includes("≈")) ? " ≈ " : " = ");
