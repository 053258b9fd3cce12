/** Characters beyond which a text has no colours: it would take longer than a key may. */
const MAX_TINTED = 4000;

/** A name that may be an index: no attribute, and not the sign of a sum. */
const NAME = /((?<![\w)\]]\.)(?<=Σ_\{?|^|[^\p{L}\p{N}_])(?!Σ_)\p{L}[\p{L}\p{N}_]*)/u;

/** @typedef {ReturnType<typeof makeTint>} Tint */

/** @param {string} word @param {Map<string, number>} colours @returns {(number | undefined)[]} a name has one colour; in `Σ_jk` each letter */
function colourOf(word, colours) {
  const letters = [...word];
  const whole = colours.get(word);
  return letters.map((one) => whole ?? (letters.every((each) => colours.has(each)) ? colours.get(one) : undefined));
}

/**
 * The colours of indices as the last answer gave them, for any text.
 *
 * @param {Element | null} subject the expression as it was read, its indices in their colours
 */
function makeTint(subject) {
  /** @type {Map<string, number>} */
  const colours = new Map();
  for (const one of subject?.querySelectorAll("span") ?? []) {
    const found = /^i(\d+)/.exec(one.className);
    const text = one.textContent ?? "";
    if (found && text && !colours.has(text)) colours.set(text, Number(found[1]) + (one.classList.contains("again") ? COLOURS : 0));
  }
  const indices = [...colours].map(([name, colour]) => ({ name, label: name, colour }));
  const model = /** @type {any} */ ({ data: { indices }, index: (/** @type {string} */ name) => [...colours.keys()].indexOf(name) });
  const read = subject?.textContent ?? "";
  return {
    /** @param {string} text @returns {(Node | string)[]} */
    letters: (text) => (text.length > MAX_TINTED ? [text] : letters(model, text)),
    /** @param {string} text @returns {(number | undefined)[]} the colour of every character */
    characters: (text) => {
      if (text.length > MAX_TINTED) return [];
      if (subject && text.trim() === read.trim()) return ofNodes(subject, text);
      return text.split(SUBSCRIPTS).flatMap((part, place) => (place % 2
        ? [...part].map((one) => colours.get(one))
        : part.split(NAME).flatMap((word) => colourOf(word, colours))));
    },
  };
}

/** @param {Element} subject @param {string} text @returns {(number | undefined)[]} */
function ofNodes(subject, text) {
  /** @type {(number | undefined)[]} */
  const found = Array([...text].length - [...text.trimStart()].length).fill(undefined);
  const walk = (/** @type {Node} */ node, /** @type {number | undefined} */ colour) => {
    for (const child of node.childNodes) {
      const own = /^i(\d+)/.exec(/** @type {any} */ (child).className ?? "");
      if (child.nodeType === Node.TEXT_NODE) found.push(...[...(child.textContent ?? "")].map(() => colour));
      else walk(child, own ? Number(own[1]) + (/** @type {Element} */ (child).classList.contains("again") ? COLOURS : 0) : colour);
    }
  };
  walk(subject, undefined);
  return found;
}
