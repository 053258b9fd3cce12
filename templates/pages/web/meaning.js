/**
 * What the text means: sentence, formula, tables, and what is odd about it.
 *
 * @param {Speech} words
 * @param {any} doing
 */
function makeMeaning(words, doing) {
  const panel = makePanel("meaning", words, doing);
  return {
    ...panel, asks: "meaning",
    /** @param {any} ok */
    show: (ok) => {
      panel.fresh();
      const { content } = adopt(ok.html ?? "");
      const report = make("div", { class: "einloop" });
      report.append(content);
      panel.body.replaceChildren(
        ...(ok.call ? [callLine(words, ok)] : []),
        ...(ok.findings ?? []).map((/** @type {any} */ one) => findingNote(one, words, doing.fix)),
        report,
        ...(ok.notes ?? []).map((/** @type {string} */ note) => make("p", { class: "aside" }, note)));
      reachScrolling(panel.body, words.text("web.panel.meaning"));
    },
  };
}

/** @param {Speech} words @param {any} ok @returns {any} the call to paste */
const callLine = (words, ok) => make("div", { class: "paste" },
  make("span", { class: "name" }, words.text(ok.lifted ? "web.meaning.lifted" : "web.meaning.call")),
  make("code", {}, ok.call), copyButton(words, words.text("web.meaning.call"), () => ok.call));

/** @param {any} finding @param {Speech} words @param {(expression: string) => void} fix @returns {any} */
const findingNote = (finding, words, fix) => make("div", { class: `finding ${["error", "warning"].includes(finding.severity) ? finding.severity : "note"}` },
  make("p", {}, make("strong", {}, `${words.text(`view.severity.${finding.severity}`)} ${finding.id}`), " ", finding.message),
  finding.picture ? make("pre", {}, make("code", {}, caretLines(finding.picture))) : "",
  finding.hint ? make("p", { class: "hint" }, finding.hint) : "",
  fixButtons(finding.fixes ?? [], words, fix));
