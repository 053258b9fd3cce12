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
    const [name, at] = (target.closest?.("[data-element]")?.getAttribute("data-element") ?? "").replace("]", "").split("[");
    if (at && name === doing.result().name) doing.choose({ at });
  });
  return {
    ...panel, asks: "picture",
    /** @param {any} ok @param {Asked} state */
    show: (ok, state) => {
      panel.fresh();
      const names = ok.kinds;
      kinds.fill(names.map((/** @type {string} */ one) => [one, words.text(`web.picture.${one}`)]), state.kind);
      const drawn = make("div", { class: "scroll" });
      drawn.append(adopt(ok.svg));
      panel.body.replaceChildren(drawn);
      crop(drawn.querySelector("svg"));
      reachScrolling(panel.body, words.text("web.panel.picture"));
    },
  };
}

/** What is left around a picture, in its own units. */
const MARGIN = 12;

/** Leaves out what is empty around a picture, so that the rest is larger. @param {any} svg */
function crop(svg) {
  if (!svg) return;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const one of svg.querySelectorAll("rect, path, text, circle, line")) {
    if (one.classList.contains("back")) continue;
    const { x, y, width, height } = one.getBBox();
    if (!width && !height) continue;
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + width), Math.max(bottom, y + height)];
  }
  if (right > left) svg.setAttribute("viewBox", [left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN].map(Math.round).join(" "));
}
