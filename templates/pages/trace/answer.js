/** @param {string} text @returns {string} without blanks, with plain signs */
const plainText = (text) => text.normalize("NFKC").replace(/\s+/g, "").replace(/[−–]/g, "-").replace(/[,、](?=\d{3}(?!\d)|$)/g, "").replace(/[*×]/g, "·").replace(/^\((.*)\)$/, "$1").toLowerCase();

/** @param {string} text a sum of products of symbols @returns {string} with terms and factors in one order */
const ordered = (text) => text.split("+").map((term) => term.split("·").sort().join("·")).sort().join("+");

/**
 * @param {string} typed
 * @param {string} right
 * @returns {boolean} whether a value was meant: whole numbers exactly, others to three digits, symbols in any order
 */
function meansValue(typed, right) {
  const [mine, theirs] = [plainText(typed), plainText(right)];
  if (!mine) return false;
  if (mine === theirs || ordered(mine) === ordered(theirs)) return true;
  if (/^(true|false)$/.test(theirs)) return mine === (theirs === "true" ? "1" : "0");
  const numeric = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/;
  if (!numeric.test(mine) || !numeric.test(theirs)) return false;
  const [a, b] = [Number(mine), Number(theirs)];
  if (/^[-+]?\d+(\.0*)?$/.test(mine) && /^[-+]?\d+$/.test(theirs)) return BigInt(mine.replace(/\..*|^\+/g, "")) === BigInt(theirs);
  if (/^[-+]?\d+$/.test(theirs)) return Number.isSafeInteger(a) && a === b;
  return Math.abs(a - b) <= 5e-4 * Math.abs(b);
}

/** @param {string} typed @param {string} right @returns {boolean} whether it may stand for a value such as the right one */
const isValue = (typed, right) => /[a-z]/i.test(right.replace(/nan|inf|e[-+]?\d|j/g, "")) || /^(?=.*\d|[-+]?(nan|inf))[-+·\d.,ejinfa()]+$/.test(plainText(typed));

/** @param {string} typed @returns {number[]} the whole numbers in `C[1, 2]`, `(1, 2)` or `1x2` */
const numbersIn = (typed) => (typed.normalize("NFKC").replace(/^[^[(]*\[/, "").match(/\d+/g) ?? []).map(Number);
