/**
 * What is wrong: the message, where, what to do, and fixes to click.
 *
 * @param {Fault} fault
 * @param {Speech} words
 * @param {{fix?: (expression: string) => void, placed?: boolean}} how placed: its place is marked in a field already
 * @returns {any}
 */
function faultNote(fault, words, { fix, placed }) {
  const name = fault.id ? words.text("web.fault.error", { id: fault.id }) : words.text("web.fault.broken");
  return make("div", { class: "fault" },
    make("p", {}, make("strong", {}, name), " ", fault.message),
    fault.picture?.length && !placed ? make("pre", {}, make("code", {}, fault.picture.join("\n"))) : "",
    fault.hint ? make("p", { class: "hint" }, fault.hint) : "",
    fixButtons(fault.fixes ?? [], words, fix));
}

/** @param {Fix[]} fixes @param {Speech} words @param {((expression: string) => void) | undefined} fix @returns {any} */
function fixButtons(fixes, words, fix) {
  if (!fixes.length || !fix) return "";
  return make("p", { class: "fixes" }, ...fixes.map(({ expression, shape }) => make("button", { type: "button", class: "fix", click: () => fix(expression) },
    words.text("web.fault.write"), " ", make("code", {}, expression),
    shapeText(shape) ? make("small", {}, words.text("web.fault.shape", { shape: shapeText(shape) })) : "")));
}
