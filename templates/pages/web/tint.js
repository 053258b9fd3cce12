/** Characters beyond which a text has no colours: it would take longer than a key may. */
const MAX_TINTED = 2000;

/** A name that may be an index: no attribute, and not the sign of a sum. */
const NAME = /((?<![\w)\]]\.)(?<=Σ_\{?|^|[^\p{L}\p{N}_])(?!Σ_)\p{L}[\p{L}\p{N}_]*)/u;

/** What no subscripts have: the text is another than the one whose letters were indices. */
const OTHER = /[^\p{L}\s.,>-]/u;

/** @typedef {ReturnType<typeof makeTint>} Tint */

/** @param {string} word @param {Map<string, number>} colours @returns {(number | undefined)[]} one for every letter */
function colourOf(word, colours) {
  const letters = [...word];
  const whole = colours.get(word);
  return letters.map(() => whole);
}

/**
 * The colours of indices as a report has them, for any text.
 *
 * @param {Element | null} report in which names of indices have their colours
 * @param {boolean} letterwise every letter is an index: the text is subscripts
 */
function makeTint(report, letterwise) {
  /** @type {Map<string, number>} */
  const colours = new Map();
  for (const one of report?.querySelectorAll("span[class^=i], mi[class^=i]") ?? []) {
    const found = /^i(\d+)/.exec(one.getAttribute("class") ?? "");
    const text = one.textContent ?? "";
    if (found && text && !colours.has(text)) colours.set(text, Number(found[1]) + (one.classList.contains("again") ? COLOURS : 0));
  }
  const names = [...colours.keys()];
  const indices = [...colours].map(([name, colour]) => ({ name, label: name, colour }));
  const model = /** @type {any} */ ({ data: { indices }, index: (/** @type {string} */ name) => names.indexOf(name) });
  return {
    /** @param {string} text @returns {(Node | string)[]} */
    letters: (text) => (text.length > MAX_TINTED ? [text] : letters(model, text)),
    /** @param {string} text @returns {(number | undefined)[]} the colour of every character; none where there are too many */
    characters: (text) => {
      if (text.length > MAX_TINTED) return [];
      if (letterwise && !OTHER.test(text)) return [...text].map((one) => colours.get(one));
      return text.split(SUBSCRIPTS).flatMap((part, place) => (place % 2
        ? [...part].map((one) => colours.get(one))
        : part.split(NAME).flatMap((word) => colourOf(word, colours))));
    },
  };
}
