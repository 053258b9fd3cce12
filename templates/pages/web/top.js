/** What the chips try: a text and shapes. */
const TRIALS = {
  product: { text: "ij,jk->ik", shapes: "2x3 3x4" },
  attention: { text: "bqhd,bkhd->bhqk", shapes: "1x2x2x3 1x3x2x3" },
  trace: { text: "ii->", shapes: "4x4" },
  mistake: { text: "ij,jk->ik", shapes: "2x3 4x3" },
};

/** @param {Speech} words @param {(trial: {text: string, shapes: string}) => void} choose @returns {any} */
const makeTrials = (words, choose) => make("div", { class: "trials", role: "group", "aria-label": words.text("web.try.title") },
  make("span", { class: "name", "aria-hidden": "true" }, words.text("web.try.title")),
  ...Object.entries(TRIALS).map(([id, trial]) => make("button", { type: "button", class: "pill", click: () => choose(trial) }, words.text(`web.try.${id}`))));

/** @param {Speech} words @param {string[]} open @param {(id: string) => void} press @returns {any} a button for every panel */
function makeToggles(words, open, press) {
  const buttons = COLUMNS.flat().map((id) => make("button", { type: "button", class: "pill", "data-panel": id, click: () => press(id) }, words.text(`web.panel.${id}`)));
  const show = (/** @type {string[]} */ ids) => buttons.forEach((button) => button.setAttribute("aria-pressed", String(ids.includes(button.dataset.panel))));
  show(open);
  return { show, element: make("div", { class: "toggles", role: "group", "aria-label": words.text("web.panels") }, ...buttons) };
}

/**
 * The name, and what concerns the whole page.
 *
 * @param {Words} all
 * @param {Speech} words
 * @param {{sheet: () => void, past: () => void, keys: () => void, share: () => Promise<boolean>, language: (lang: string) => void,
 *   theme: () => void, dark: () => boolean}} doing
 */
function makeTop(all, words, doing) {
  const button = (/** @type {string} */ id, /** @type {() => void} */ click) => make("button", { type: "button", class: `quiet ${id}`, click }, words.text(`web.top.${id}`));
  const theme = make("button", { type: "button", class: "quiet theme", "aria-pressed": String(doing.dark()), click: () => {
    doing.theme();
    theme.setAttribute("aria-pressed", String(doing.dark()));
  } }, words.text("trace.page.dark"));
  const share = button("share", async () => {
    const done = await doing.share();
    share.textContent = words.text(done ? "web.copy.done" : "web.copy.failed");
    say(share.textContent);
    setTimeout(() => { share.textContent = words.text("web.top.share"); }, DONE_TIME);
  });
  const languages = make("span", { class: "languages", role: "group", "aria-label": words.text("trace.page.language") },
    ...Object.keys(all).map((lang) => make("button", { type: "button", class: "quiet", lang, "aria-pressed": String(lang === words.lang),
      click: () => doing.language(lang) }, makeWords(all, lang).text("trace.page.name"))));
  const keys = make("button", { type: "button", class: "quiet keys", "aria-label": words.text("web.keys.title"), title: words.text("web.keys.title"), click: doing.keys }, "?");
  return make("header", {}, make("h1", {}, "einloop", make("small", {}, words.text("web.tagline"))),
    make("div", { class: "tools" }, button("sheet", doing.sheet), button("past", doing.past), share, languages, theme, keys));
}
