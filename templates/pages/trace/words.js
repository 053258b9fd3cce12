/** @typedef {{text: string, code?: boolean}} Run  a piece of a sentence */

const UNSPACED = new Set(["ja", "zh"]);

/** @param {number} number @returns {string} a whole number with commas, in every language */
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ",");

/**
 * @param {Words} words
 * @param {string} lang
 */
function makeWords(words, lang) {
  const own = words[lang] ?? {};
  const fallback = words.en ?? {};

  /** @param {string} id @param {Object<string, any>} [values] @returns {Run[]} a sentence, what no language translates apart */
  const runs = (id, values = {}) => {
    const entry = own[id] ?? fallback[id] ?? id;
    const pattern = typeof entry === "string" ? entry : (values.count === 1 && entry.one) || entry.other;
    return pattern.split(/(\{\w+\})/).flatMap((part) => {
      if (!/^\{\w+\}$/.test(part)) return part ? [{ text: part }] : [];
      const given = values[part.slice(1, -1)];
      if (Array.isArray(given)) {
        const message = given.length === 2 && typeof given[1] === "object" && !Array.isArray(given[1]);
        return message ? runs(given[0], given[1]) : [{ text: given.join(", "), code: true }];
      }
      if (typeof given === "number") return [{ text: Number.isInteger(given) ? grouped(given) : String(given) }];
      return [{ text: String(given ?? ""), code: true }];
    });
  };
  return {
    lang,
    /** what stands between two sentences */
    gap: UNSPACED.has(lang) ? "" : " ",
    runs,
    /** @param {string} id @param {Object<string, any>} [values] */
    text: (id, values) => runs(id, values).map((run) => run.text).join(""),
  };
}
