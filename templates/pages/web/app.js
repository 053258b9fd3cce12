/** Waits, in milliseconds: for the address, for the history, for a sentence to be read out. */
const ADDRESS_WAIT = 400;
const HISTORY_WAIT = 2500;
const SAY_WAIT = 900;
/** What is half typed is wrong most of the time: only its place is marked at once. */
const FAULT_WAIT = 350;

/**
 * The page.
 *
 * @param {HTMLElement} root
 * @param {PageData} data
 * @param {Transport} transport
 * @returns {{progress: (part: number) => void}} progress: how much of what the page needs to answer is there, from 0 to 1
 */
function mountWeb(root, data, transport) {
  Object.assign(ICONS, WEB_ICONS);
  const langs = Object.keys(data.words);
  const first = { ...DEFAULTS, ...data.state, lang: data.lang };
  const past = makeHistory();
  const at = readAddress(location.hash, first);
  /** @type {Shown & {arrays: Given[], theme: string, tint: Tint, result: {name: string, labels: string[]}, good: string, goodShapes: string}} */
  const state = { ...at, arrays: [...(data.loaded ?? [])], theme: recalled(THEME_KEY) ?? "", tint: makeTint(null, false), result: { name: "", labels: [] }, good: "", goodShapes: "" };
  let stop = new AbortController();
  let waits = [0, 0, 0];
  let part = 1;
  let faulty = 0;
  let changed = false;
  /** @type {ReturnType<typeof build>} */
  let view;

  const speech = () => makeWords(data.words, langs.includes(state.asked.lang) ? state.asked.lang : langs[0]);
  const dark = () => (state.theme ? state.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const ground = () => {
    for (const node of [root, document.body]) {
      if (state.theme) node.dataset.theme = state.theme;
      else delete node.dataset.theme;
    }
  };

  const write = () => {
    try {
      const address = addressOf(state);
      if (location.hash !== address) history.replaceState(null, "", address);
    } catch {
      // an address that is too long stays what it was
    }
  };

  /** What the address, the history and those who listen are told once the text rests. */
  const later = () => {
    waits.forEach(clearTimeout);
    waits = [setTimeout(write, ADDRESS_WAIT), setTimeout(remember, HISTORY_WAIT), 0];
  };
  const remember = () => { if (state.asked.text.trim() && state.good === state.asked.text && state.goodShapes === state.asked.shapes) past.add(addressOf({ asked: state.asked, open: OPEN, wide: false })); };

  /** @param {Partial<Asked>} change */
  const choose = (change) => {
    const names = Object.keys(change).filter((name) => /** @type {any} */ (change)[name] !== /** @type {any} */ (state.asked)[name]);
    if (!names.length) return;
    if (("text" in change || "shapes" in change) && !("at" in change)) change = { ...change, at: "" };
    Object.assign(state.asked, change);
    view.fill();
    document.title = `${state.asked.text.trim().split("\n")[0].slice(0, 80) || "einloop"} · einloop`;
    changed = true;
    asking.changed(names);
    later();
  };

  /** @param {string} id */
  const toggle = (id) => {
    const on = !state.open.includes(id);
    state.open = on ? [...state.open, id] : state.open.filter((one) => one !== id);
    view.arrange(state.open);
    if (on) asking.opened(id);
    later();
  };

  const doing = {
    choose,
    asked: () => state.asked,
    tint: () => state.tint,
    result: () => state.result,
    read: (/** @type {Tint} */ tint) => {
      state.tint = tint;
      view.given.text.tint(tint);
    },
    close: (/** @type {string} */ id) => {
      toggle(id);
      root.querySelector(`.toggles [data-panel="${id}"]`)?.focus();
    },
    fix: (/** @type {string} */ expression, /** @type {Fault} */ of) => {
      choose({ text: fixed(state.asked.text, of, expression) });
      view.given.text.input.focus();
    },
    commit: () => {
      write();
      remember();
      say(speech().text("web.history.kept"));
    },
  };

  const asking = makeAsking(transport, {
    asked: () => state.asked,
    open: () => state.open,
    panels: () => view.panels,
    meant: (ok, request) => {
      [state.good, state.goodShapes] = [request.state.text, request.state.shapes];
      state.result = ok.result;
      view.meaning.show(ok);
      clearTimeout(faulty);
      view.given.tell(null);
      view.still("");
      clearTimeout(waits[2]);
      waits[2] = setTimeout(() => say(ok.sentence ?? ""), SAY_WAIT);
    },
    refused: (fault) => {
      view.given.mark(fault);
      clearTimeout(faulty);
      faulty = setTimeout(() => {
        view.given.tell(fault);
        view.still([state.good.trim().split("\n")[0], state.goodShapes].filter(Boolean).join("  "));
        for (const panel of view.panels) panel.stale();
      }, FAULT_WAIT);
    },
    other: (kind, answer) => {
      if (kind === "sheet" && answer.ok) view.cheats.fill(answer.ok.rows);
      if (kind === "file" && answer.error) view.given.tell(answer.error);
      if (kind === "file" && answer.ok) {
        const given = /** @type {Given} */ (answer.ok);
        state.arrays = [...state.arrays.filter((one) => one.key !== given.key), given];
        const one = inUse(given);
        choose({ arrays: [...state.asked.arrays.filter((used) => used !== one && !(given.name && used.startsWith(`${given.name}=`))), one] });
      }
    },
  });

  const build = () => buildWeb(root, data, speech(), state, doing, {
    ...doing, toggle, dark, history: past,
    widen: () => {
      state.wide = !state.wide;
      view.arrange(state.open);
      later();
    },
    sheet: () => {
      asking.once("sheet");
      view.cheats.dialog.showModal();
    },
    past: () => view.past.open(),
    keys: () => view.keys.showModal(),
    share: () => {
      write();
      return toClipboard(location.href);
    },
    language: (/** @type {string} */ lang) => {
      state.asked.lang = lang;
      start();
      later();
      root.querySelector(`.languages [lang="${lang}"]`)?.focus();
    },
    theme: () => {
      state.theme = dark() ? "light" : "dark";
      keep(THEME_KEY, state.theme);
      ground();
    },
    restore: (/** @type {string} */ address) => {
      const { asked } = readAddress(address, first);
      choose({ ...asked, lang: state.asked.lang });
    },
    read: (/** @type {string} */ name, /** @type {string} */ bytes) => asking.once("file", { name, bytes }),
    refuse: (/** @type {string} */ message) => view.given.tell({ id: "", message, text: "", span: null, hint: null }),
  });

  const start = () => {
    stop.abort();
    clearTimeout(faulty);
    stop = new AbortController();
    const { signal } = stop;
    changed = false;
    view = build();
    view.progress(part);
    document.documentElement.lang = root.lang = speech().lang;
    ground();
    view.files.listen(signal);
    addEventListener("keydown", (event) => pressWebKey(event, root, view, toggle), { signal });
    addEventListener("hashchange", () => {
      Object.assign(state, readAddress(location.hash, first));
      start();
    }, { signal });
    const same = JSON.stringify({ ...state.asked }) === JSON.stringify({ ...first, lang: state.asked.lang });
    const known = same && state.asked.lang === data.lang ? Object.values(data.answers) : undefined;
    if (known) asking.first(known, () => signal.aborted || changed);
    else asking.changed(["text"]);
  };
  start();
  return { progress: (now) => {
    part = now;
    view.progress(now);
  } };
}
