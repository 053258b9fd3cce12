const MAX_STILL = 80;

/**
 * Puts all parts of the page into the root.
 *
 * @param {HTMLElement} root
 * @param {PageData} data
 * @param {Speech} words
 * @param {any} state
 * @param {any} doing what panels do
 * @param {any} whole what concerns the whole page
 */
function buildWeb(root, data, words, state, doing, whole) {
  const asked = state.asked;
  const files = makeFiles(words, whole);
  const given = makeGiven(words, doing, asked, data, files);
  /** @type {Object<string, any>} */
  const made = {
    meaning: makeMeaning(words, doing), tests: makeTests(words, doing, asked), compare: makeCompare(words, doing, asked),
    loops: makeLoops(words, doing, asked), same: makeSame(words, doing, asked, data.libraries),
    picture: makePicture(words, doing, asked), trace: makeTraced(words, doing, asked), why: makeWhy(words, doing, asked),
  };
  const cheats = makeCheats(words, (row) => doing.choose({ ...DEFAULTS, text: row.text, shapes: row.shapes, lang: asked.lang }));
  const past = makePast(words, whole.history, whole.restore);
  const keys = makeShortcuts(words);
  const toggles = makeToggles(words, state.open, whole.toggle);
  const columns = COLUMNS.map((ids, place) => make("div", { class: `column c${place}` }, ...ids.map((id) => made[id].element)));
  const bar = make("progress", { max: 1, "aria-label": words.text("web.starting") });
  const progress = make("p", { class: "starting", hidden: true }, bar, " ", words.text("web.starting"));
  const still = make("p", { class: "still", hidden: true });
  const panels = make("div", { class: "panels", id: "answers" }, ...columns);
  const wide = make("button", { type: "button", class: "quiet press widen", "aria-pressed": "false", click: () => whole.widen() }, words.text("web.wide"));
  made.picture.element.querySelector(".choices").append(wide);
  root.replaceChildren(
    make("a", { class: "skip", href: "#answers", click: (/** @type {Event} */ event) => {
      event.preventDefault();
      panels.querySelector("section:not([hidden]) h2")?.focus();
    } }, words.text("web.skip")),
    makeTop(data.words, words, whole),
    make("main", {}, given.element, given.below,
      make("div", { class: "under" }, makeTrials(words, (trial) => doing.choose({ ...DEFAULTS, ...trial, lang: asked.lang })), toggles.element),
      progress, still, panels), files.veil, make("p", { class: "live unseen", role: "status", "aria-live": "polite" }), cheats.dialog, past.dialog, keys);

  const arrange = (/** @type {string[]} */ open) => {
    for (const [id, panel] of Object.entries(made)) panel.element.hidden = !open.includes(id);
    columns.forEach((column, place) => { column.hidden = !COLUMNS[place].some((id) => open.includes(id)); });
    toggles.show(open);
    panels.classList.toggle("wide", state.wide);
    wide.setAttribute("aria-pressed", String(state.wide));
  };
  arrange(state.open);
  given.fill(asked, state.arrays);
  return {
    /** @param {string} what the panels still show the answer to; "": they are up to date */
    still: (what) => {
      still.hidden = !what;
      still.replaceChildren(words.text("web.panel.old"), " ", make("code", {}, what.length > MAX_STILL ? `${what.slice(0, MAX_STILL)}…` : what));
    },
    given, meaning: made.meaning, files, cheats, past, keys, arrange,
    /** Shows what is asked now in the fields of all parts. */
    fill: () => {
      given.fill(state.asked, state.arrays);
      for (const panel of Object.values(made)) panel.fill?.(state.asked);
    },
    /** @type {any[]} */ panels: Object.values(made),
    /** @param {number} part */
    progress: (part) => {
      progress.hidden = part >= 1;
      bar.value = part;
    },
  };
}

/**
 * Keys for the whole page; in a field, letters are letters.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement} root
 * @param {any} view
 * @param {(id: string) => void} toggle
 */
function pressWebKey(event, root, view, toggle) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (root.querySelector("dialog[open]") || event.ctrlKey || event.metaKey) return;
  if (event.altKey && /^Digit[1-8]$/.test(event.code)) {
    const id = COLUMNS.flat()[Number(event.code.slice(-1)) - 1];
    const panel = view.panels.find((/** @type {any} */ one) => one.id === id);
    if (!panel) return;
    event.preventDefault();
    if (panel.element.hidden) toggle(id);
    panel.element.scrollIntoView({ block: "nearest" });
    return panel.focus();
  }
  if (event.altKey || target.matches?.("input, select, textarea") || target.closest?.(".trace")) return;
  if (event.key === "/") view.given.text.input.focus();
  else if (event.key === "?") view.keys.showModal();
  else return;
  event.preventDefault();
}
