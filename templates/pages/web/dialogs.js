const SHORTCUTS = [["/", "focus"], ["Ctrl Enter", "keep"], ["Alt 1 … 8", "panel"], ["?", "help"], ["Esc", "close"]];

/** @param {Speech} words @param {string} title @param {...(Node | string)} content @returns {any} */
function makeDialog(words, title, ...content) {
  const dialog = make("dialog", { "aria-label": title, click: (/** @type {Event} */ event) => { if (event.target === dialog) dialog.close(); } },
    make("div", { class: "head" }, make("h2", {}, title),
      make("button", { type: "button", class: "quiet closing", "aria-label": words.text("trace.page.close"), click: () => dialog.close() }, icon("close"))),
    ...content);
  return dialog;
}

/**
 * The cheatsheet: texts to click, each of which runs.
 *
 * @param {Speech} words
 * @param {(row: {text: string, shapes: string}) => void} choose
 */
function makeCheats(words, choose) {
  const list = make("ul", { class: "rows picks" });
  const dialog = makeDialog(words, words.text("web.sheet.title"), make("p", { class: "aside" }, words.text("web.sheet.about")), list);
  return {
    dialog,
    /** @param {{text: string, shapes: string, says: string}[]} rows */
    fill: (rows) => list.replaceChildren(...rows.map((row) => make("li", {}, make("button", { type: "button", class: "pick", click: () => {
      dialog.close();
      choose(row);
    } }, make("code", {}, row.text), row.shapes ? make("small", {}, row.shapes) : "", make("span", {}, row.says))))),
  };
}

/**
 * @param {Speech} words
 * @param {ReturnType<typeof makeHistory>} history
 * @param {(address: string) => void} choose
 */
function makePast(words, history, choose) {
  const list = make("ul", { class: "rows picks" });
  const none = make("p", { class: "aside" }, words.text("web.history.none"));
  const clear = make("button", { type: "button", click: () => {
    history.clear();
    fill();
  } }, words.text("web.history.clear"));
  const dialog = makeDialog(words, words.text("web.history.title"), none, list, clear);
  const fill = () => {
    const rows = history.rows();
    none.hidden = rows.length > 0;
    clear.hidden = !rows.length;
    list.replaceChildren(...rows.map((address) => {
      const given = new URLSearchParams(address.slice(1));
      return make("li", {}, make("button", { type: "button", class: "pick", click: () => {
        dialog.close();
        choose(address);
      } }, make("code", {}, given.get("text") ?? ""), given.get("shapes") ? make("small", {}, given.get("shapes") ?? "") : ""));
    }));
  };
  return { dialog, open: () => {
    fill();
    dialog.showModal();
  } };
}

/** @param {Speech} words @returns {any} a dialog with the keys of the page */
const makeShortcuts = (words) => makeDialog(words, words.text("web.keys.title"), make("table", {}, make("tbody", {}, ...SHORTCUTS.map(([key, id]) =>
  make("tr", {}, make("th", { scope: "row" }, make("kbd", {}, key)), make("td", {}, words.text(`web.keys.${id}`)))))),
  make("p", { class: "aside" }, words.text("web.about")), ...licences(words));

/** @param {Speech} words @returns {any[]} the licences of what the document carries, if it carries any */
function licences(words) {
  const kept = /** @type {any} */ (document.getElementById("licences"))?.content;
  return kept ? [make("details", {}, make("summary", {}, words.text("web.licences")), make("pre", { tabindex: 0 }, kept.textContent.trim()))] : [];
}
