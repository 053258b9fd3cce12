/**
 * The same in other libraries and dialects, the chosen one first.
 *
 * @param {Speech} words
 * @param {any} doing
 * @param {Asked} asked
 * @param {string[]} libraries
 */
function makeSame(words, doing, asked, libraries) {
  const library = makeChoice(words.text("web.same.library"), libraries.map(twice), asked.library,
    (value) => doing.choose({ library: value }));
  const panel = makePanel("same", words, doing, libraries.length ? [library.element] : []);
  return {
    ...panel, asks: "same", fill: (/** @type {Asked} */ now) => library.fill(libraries.map(twice), now.library),
    /** @param {any} ok */
    show: (ok) => {
      panel.fresh();
      const names = [...new Set(ok.rows.map((/** @type {any} */ row) => row.library))];
      panel.body.replaceChildren(make("ul", { class: "rows" }, ...names.map((name, place) => make("li", {}, make("p", { class: "name" }, name),
        ...ok.rows.filter((/** @type {any} */ row) => row.library === name).map((/** @type {any} */ row) => spelling(row, place === 0, words, doing.tint()))))));
      reachScrolling(panel.body, words.text("web.panel.same"));
    },
  };
}

/**
 * @param {any} row a statement of a library, and what differs there
 * @param {boolean} whole whether that is shown at once
 * @param {Speech} words
 * @param {Tint} tint
 */
function spelling(row, whole, words, tint) {
  const notes = row.caveats.map((/** @type {string} */ one) => make("p", { class: "aside" }, one));
  return make("div", { class: `spelling${row.legal ? "" : " illegal"}` },
    withCopy(codeBlock(tint, row.code), row.legal ? copyButton(words, row.library, () => row.code) : ""),
    row.legal ? "" : make("p", { class: "aside" }, words.text("web.same.refused")),
    ...(whole || !notes.length ? notes : [make("details", {}, make("summary", {}, words.text("web.same.notes", { count: notes.length })), ...notes)]));
}
