/**
 * Why an element of the result is what it is.
 *
 * @param {Speech} words
 * @param {any} doing
 * @param {Asked} asked
 */
function makeWhy(words, doing, asked) {
  const at = make("input", { type: "text", value: asked.at, size: 8, spellcheck: "false", autocomplete: "off", placeholder: "0,0",
    input: () => doing.choose({ at: at.value }) });
  const panel = makePanel("why", words, doing, [make("label", {}, words.text("web.why.at"), " ", at)]);
  const shown = makeReport(panel, words);
  return { ...panel, asks: "why", show: shown,
    /** Without an element the first one is asked for. @param {Asked} now @returns {Asked} */
    given: (now) => ({ ...now, at: now.at || doing.result().labels.map(() => 0).join(",") }),
    fill: (/** @type {Asked} */ now) => { if (at.value !== now.at) at.value = now.at; } };
}

/** @param {any} panel @param {Speech} words @returns {(ok: any) => void} shows a report in a panel */
const makeReport = (panel, words) => (ok) => {
  panel.fresh();
  const report = make("div", { class: "einloop" });
  report.append(adopt(ok.html));
  panel.body.replaceChildren(report);
  reachScrolling(panel.body, words.text(`web.panel.${panel.id}`));
};
