/**
 * What is wrong: the message, where, what to do, and fixes to click.
 *
 * @param {Fault} fault
 * @param {Speech} words
 * @param {{fix?: (expression: string, of: Fault) => void, placed?: boolean}} how placed: its place is marked in a field already
 * @returns {any}
 */
function faultNote(fault, words, { fix, placed }) {
  const name = fault.id ? words.text("web.fault.error", { id: fault.id }) : words.text("web.fault.broken");
  return make("div", { class: "fault" },
    make("p", {}, make("strong", {}, name), " ", fault.message),
    fault.picture?.length && !placed ? make("pre", {}, make("code", {}, fault.picture.join("\n"))) : "",
    fault.hint ? make("p", { class: "hint" }, fault.hint) : "",
    fixButtons(fault.fixes ?? [], words, (expression) => fix?.(expression, fault)));
}

const LITERAL = /(['"])([^'"\n]*)\1/g;

/**
 * @param {string} text what is wrong
 * @param {Fault} of where
 * @param {string} expression that fits
 * @returns {string} the text put right: subscripts in quotes stay in their call
 */
function fixed(text, of, expression) {
  const [start] = placesIn(of, text)[0] ?? [-1];
  const at = [...text].slice(0, Math.max(start, 0)).join("").length;
  const inside = [...text.matchAll(LITERAL)].find(({ index, 0: whole }) => start >= 0 && index < at && at < index + whole.length);
  return inside ? text.slice(0, inside.index + 1) + expression + text.slice(inside.index + 1 + inside[2].length) : expression;
}

/** @param {Fix[]} fixes @param {Speech} words @param {(expression: string) => void} fix @returns {any} */
function fixButtons(fixes, words, fix) {
  if (!fixes.length) return "";
  return make("p", { class: "fixes" }, ...fixes.map(({ expression, shape }) => make("button", { type: "button", class: "fix", click: () => fix(expression) },
    words.text("web.fault.write"), " ", make("code", {}, expression),
    shapeText(shape) ? make("small", {}, words.text("web.fault.shape", { shape: shapeText(shape) })) : "")));
}
