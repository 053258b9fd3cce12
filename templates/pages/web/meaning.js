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
      const report = make("div", { class: "einloop" });
      report.append(adopt(ok.html));
      doing.read(makeTint(report, ok.notation === "subscripts"));
      const more = [
        ...(ok.call ? [callLine(words, ok, doing.tint())] : []),
        ...ok.notes.map((/** @type {string} */ note) => make("p", { class: "aside" }, note)),
        ...ok.findings.map((/** @type {any} */ one) => findingNote(one, words, doing.fix))];
      const [first] = report.querySelectorAll("section");
      if (first) first.after(...more);
      else report.append(...more);
      panel.body.replaceChildren(report);
      reachScrolling(panel.body, words.text("web.panel.meaning"));
    },
  };
}

/** @param {Speech} words @param {any} ok @param {Tint} tint @returns {any} the call to paste */
const callLine = (words, ok, tint) => make("div", { class: "paste" },
  make("p", { class: "name" }, words.text(ok.lifted ? "web.meaning.lifted" : "web.meaning.call")),
  withCopy(codeBlock(tint, ok.call), copyButton(words, words.text("web.meaning.call"), () => ok.call)));

/** @param {any} finding @param {Speech} words @param {(expression: string, of: Fault) => void} fix @returns {any} */
const findingNote = (finding, words, fix) => make("div", { class: `finding ${["error", "warning"].includes(finding.severity) ? finding.severity : "note"}` },
  make("p", {}, make("strong", {}, `${words.text(`view.severity.${finding.severity}`)} ${finding.id}`), " ",
    ...finding.runs.map((/** @type {[string, boolean]} */ [text, code]) => (code ? make("code", {}, text) : text))),
  finding.picture.length ? make("pre", {}, make("code", {}, finding.picture.join("\n"))) : "",
  fixButtons(finding.fixes, words, (expression) => fix(expression, { ...finding, span: finding.spans[0] ?? null })));
