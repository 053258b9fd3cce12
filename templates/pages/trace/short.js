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
