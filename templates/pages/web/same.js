/**
 * The same in other libraries and dialects, the chosen one first.
 *
 * @param {Speech} words
 * @param {any} doing
 * @param {Asked} asked
 * @param {string[]} libraries
 */
function makeSame(words, doing, asked, libraries) {
  const library = makeChoice(words.text("web.same.library"), libraries.map(twice), asked.library || (libraries[0] ?? ""),
    (value) => doing.choose({ library: value }));
  const panel = makePanel("same", words, doing, libraries.length ? [library.element] : []);
  return {
    ...panel, asks: "same", fill: (/** @type {Asked} */ now) => library.fill(libraries.map(twice), now.library || (libraries[0] ?? "")),
    /** @param {any} ok */
    show: (ok) => {
      panel.fresh();
      panel.body.replaceChildren(ok.rows.length ? make("ul", { class: "rows" }, ...ok.rows.map((/** @type {any} */ row) => make("li", {},
        make("p", { class: "name" }, row.library), make("div", { class: "copied-line" }, codeBlock(doing.tint(), row.code), copyButton(words, row.library, () => row.code)),
        ...(row.caveats ?? []).map((/** @type {string} */ one) => make("p", { class: "aside" }, one)))))
        : make("p", { class: "aside" }, words.text("web.same.none")));
      reachScrolling(panel.body, words.text("web.panel.same"));
    },
  };
}
