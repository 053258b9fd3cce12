const KEYS = [["→", "next"], ["←", "back"], ["Space", "play"], ["Home", "start"], ["End", "end"], ["+ −", "faster"],
  ["g", "number"], ["p", "predict"], ["Enter", "pin"], ["Esc", "release"], ["?", "help"]];
const MARKS = ["read", "written", "done", "goes", "pinned", "nothing"];

const SHORT_LEGEND = 3;

/** @param {string} mark @returns {any} a cell that wears it */
const example = (mark) => make("span", { class: `cell ${mark}`, "aria-hidden": "true" }, mark === "nothing" ? "" : "5");

/** @param {ReturnType<typeof makeWords>} words @returns {any} what the marks of cells mean, in a line */
function makeLegend(words) {
  return make("p", { class: "legend" }, ...MARKS.slice(0, SHORT_LEGEND).map((mark) =>
    make("span", {}, example(mark), " ", words.text(`trace.page.marks.${mark}`))), words.text("trace.page.hint"));
}

/** @param {ReturnType<typeof makeWords>} words @returns {any} a dialog with the keys and the marks of cells */
function makeHelp(words) {
  const close = make("button", { type: "button", class: "close", click: () => dialog.close() }, words.text("trace.page.close"));
  const row = (/** @type {Node | string} */ head, /** @type {string} */ id) => make("tr", {}, make("td", {}, head), make("td", {}, words.text(id)));
  const dialog = make("dialog", { "aria-label": words.text("trace.page.help") }, close,
    make("div", { class: "help" },
      make("div", {}, make("h2", {}, words.text("trace.page.keys.title")),
        make("table", {}, make("tbody", {}, ...KEYS.map(([key, id]) => row(make("kbd", {}, key), `trace.page.keys.${id}`))))),
      make("div", {}, make("h2", {}, words.text("trace.page.marks.title")),
        make("table", {}, make("tbody", {}, ...MARKS.map((mark) => row(example(mark), `trace.page.marks.${mark}`)))),
        make("p", {}, words.text("trace.page.keys.grid")))));
  return dialog;
}
