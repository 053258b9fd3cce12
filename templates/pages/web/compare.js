/**
 * The text beside another one.
 *
 * @param {Speech} words
 * @param {any} doing
 * @param {Asked} asked
 */
function makeCompare(words, doing, asked) {
  const panel = makePanel("compare", words, doing);
  const field = makeField({ label: words.text("web.compare.second"), value: asked.other, placeholder: words.text("web.compare.second"),
    change: (text) => doing.choose({ other: text }) });
  panel.body.before(make("div", { class: "given" }, field.element));
  const shown = makeReport(panel, words);
  const show = (/** @type {any} */ ok) => {
    field.mark([], "");
    shown(ok);
  };
  /** @param {Fault} fault */
  const fail = (fault) => {
    field.mark(placesIn(fault, field.input.value), field.input.value);
    panel.fail(fault);
  };
  return { ...panel, asks: "diff", show, fail, fill: (/** @type {Asked} */ now) => field.set(now.other), wanted: () => field.input.value.trim() !== "", blank: () => panel.body.replaceChildren() };
}
