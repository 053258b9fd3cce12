/**
 * A picture of the arrays. A cell of the result that is clicked is explained.
 *
 * @param {Speech} words
 * @param {any} doing
 * @param {Asked} asked
 */
function makePicture(words, doing, asked) {
  const kinds = makeSwitch(words.text("web.picture.kind"), (value) => doing.choose({ kind: value }));
  const panel = makePanel("picture", words, doing, [kinds.element]);
  panel.body.addEventListener("click", (/** @type {any} */ { target }) => {
    const found = /\[([\d,\s]*)\]$/.exec(target.closest?.("[data-element]")?.getAttribute("data-element") ?? "");
    if (found) doing.choose({ at: found[1].replace(/\s/g, "") });
  });
  return {
    ...panel, asks: "picture",
    /** @param {any} ok @param {Asked} state */
    show: (ok, state) => {
      panel.fresh();
      const names = (ok.kinds ?? []).map((/** @type {any} */ one) => one.name ?? one);
      kinds.fill(names.map((/** @type {string} */ one) => [one, words.text(`web.picture.${one}`)]), state.kind || names[0]);
      const drawn = make("div", { class: "scroll" });
      drawn.append(adopt(ok.svg).content);
      panel.body.replaceChildren(drawn);
      reachScrolling(panel.body, words.text("web.panel.picture"));
    },
  };
}
