/** Stands for a value that would take too long to compute. */
const UNKNOWN = "?";
const LIVE_WAIT = 250;
const HASH_WAIT = 400;

/**
 * Builds the trace inside an element.
 *
 * @param {HTMLElement} root
 * @param {TraceData} data
 * @param {Words} words
 * @param {{lang?: string, page?: boolean}} [options] page: the document is the trace's own, with its address, its keys and its language
 * @returns {{show: (n: number) => void, close: () => void}}
 */
function mountTrace(root, data, words, options = {}) {
  const model = makeModel(data);
  const linked = options.page ? readHash() : {};
  const langs = Object.keys(words);
  const asInPage = (/** @type {number} */ n) => Math.max(model.lowest, Math.min(model.last, n));
  const missing = (/** @type {number} */ n) => (n > 0 && n !== asInPage(n) && !model.whole ? n : 0);
  const isCell = (/** @type {[number, number]} */ [array, flat]) =>
    array < data.arrays.length && flat < data.arrays[array].shape.reduce((all, one) => all * one, 1);
  const state = {
    n: asInPage(linked.step ?? data.open ?? data.first),
    missed: missing(linked.step ?? 0),
    lang: [linked.lang, options.lang, "en"].find((one) => one && langs.includes(one)) ?? langs[0],
    /** @type {Pin | null} */ pin: linked.cell && isCell(linked.cell) ? model.pin(...linked.cell) : null,
    /** @type {Kind} */ kind: /** @type {Kind} */ (""),
    hidden: false,
    speed: 2,
    playing: false,
    theme: "",
    lit: -1,
    tab: data.story && linked.view === "stages" ? 1 : 0,
    quiz: { asking: false, answered: new Set(), right: 0 },
    score: { right: 0, asked: 0 },
  };
  /** @type {ReturnType<typeof build>} */
  let view;
  let stop = new AbortController();

  // Which states there are to go to: all, or those of the steps of the cell that the reader follows.
  const length = () => (state.pin ? state.pin.steps.length : model.last - model.lowest + 1);
  const at = (/** @type {number} */ place) => (state.pin ? state.pin.steps[place] : model.lowest + place);
  const place = () => (state.pin ? Math.max(0, upTo(state.pin.steps, state.n) - 1) : state.n - model.lowest);

  const following = () => (place() + 1 < length() ? at(place() + 1) : 0);

  /** @returns {Frame} */
  const frame = () => {
    const { n, pin, missed } = state;
    const hides = state.hidden ? state.kind : "";
    return { n: missed || n, step: missed ? null : model.step(n), hides, asks: hides && hides !== "shape" ? following() : 0, missed: missed > 0, pin };
  };

  const show = () => view.update(frame());

  /** @param {number} n @param {boolean} [hide] whether it may be asked for */
  const moveTo = (n, hide = true) => {
    state.n = asInPage(n);
    state.missed = missing(n);
    if (state.kind !== "shape") state.hidden = hide && state.kind !== "" && !state.missed && following() > 0 && model.step(following())?.after !== UNKNOWN;
    show();
  };

  const play = (/** @type {boolean} */ on) => {
    if (on === state.playing) return;
    state.playing = on;
    view.playing(on);
    if (!on) return show();
    state.kind = "";
    state.hidden = false;
    if (place() >= length() - 1) moveTo(at(0));
    let then = performance.now();
    let owed = 0;
    const turn = (/** @type {number} */ now) => {
      if (!state.playing) return;
      owed += ((now - then) / 1000) * state.speed;
      then = now;
      const steps = Math.floor(owed);
      owed -= steps;
      if (steps) moveTo(at(Math.min(length() - 1, place() + steps)));
      if (place() >= length() - 1) play(false);
      else requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
  };

  /** @param {"start" | "back" | "next" | "end"} kind */
  const go = (kind) => {
    play(false);
    if (state.missed && (kind === "back" || kind === "next")) return moveTo(state.n);
    if (kind === "next" && state.hidden) return view.skip();
    if (kind === "next" && state.kind) {
      moveTo(state.n);
      if (state.hidden) return;
    }
    const here = place();
    const to = { start: 0, back: at(here) < state.n ? here : here - 1, next: here + 1, end: length() - 1 }[kind];
    if (to >= 0 && to < length()) moveTo(at(to), kind !== "back");
  };

  /** @param {Pin | null} pin */
  const follow = (pin) => {
    play(false);
    state.pin = pin;
    if (pin?.steps.length && !pin.steps.includes(state.n)) state.n = pin.steps[Math.max(0, upTo(pin.steps, state.n) - 1)];
    if (pin && !pin.steps.length) state.pin = null;
    moveTo(state.n);
  };

  const doing = {
    go,
    play: () => play(!state.playing),
    slide: (/** @type {number} */ to) => { play(false); moveTo(at(to)); },
    jump: (/** @type {number} */ n) => {
      play(false);
      if (Number.isNaN(n)) return show();
      if (state.pin && !state.pin.steps.includes(n)) state.pin = null;
      moveTo(n);
    },
    speed: (/** @type {number} */ speed) => {
      state.speed = speed;
      view.playing(state.playing);
    },
    predict: (/** @type {Kind} */ kind) => {
      play(false);
      state.kind = kind;
      state.hidden = kind === "shape";
      moveTo(state.missed || state.n);
      if (kind) view.answer();
    },
    choose: (/** @type {number} */ array, /** @type {number} */ flat) => {
      if (view.clicked(array, flat)) return;
      const same = state.pin && String(state.pin.cell) === String([array, flat]);
      follow(same ? null : model.pin(array, flat));
    },
    release: () => follow(null),
    reveal: () => {
      state.n = frame().asks || state.n;
      state.hidden = false;
      show();
    },
    question: () => {
      if (state.kind === "shape") doing.predict("");
      else moveTo(state.n);
      view.answer();
    },
    tab: (/** @type {number} */ tab) => {
      play(false);
      state.tab = tab;
      view.resize();
      show();
    },
    language: (/** @type {string} */ lang) => {
      play(false);
      state.lang = lang;
      start();
      view.languages.querySelector(`[lang="${lang}"]`)?.focus();
    },
    theme: () => {
      const dark = state.theme ? state.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      state.theme = dark ? "light" : "dark";
      root.dataset.theme = state.theme;
      view.theme(!dark);
    },
    press: (/** @type {number} */ index) => {
      state.lit = state.lit === index ? -1 : index;
      light(state.lit);
      view.press(state.lit);
    },
  };

  /** @param {number} index lit everywhere; -1: none */
  const light = (index) => {
    for (const node of root.querySelectorAll(".hot")) node.classList.remove("hot");
    if (index >= 0) for (const node of root.querySelectorAll(`[data-x="${index}"]`)) node.classList.add("hot");
  };

  const build = () => buildPage(root, model, words, state, doing, Boolean(options.page));

  const start = () => {
    stop.abort();
    stop = new AbortController();
    const { signal } = stop;
    view = build();
    if (options.page) document.documentElement.lang = state.lang;
    root.lang = state.lang;
    view.resize();
    show();
    const listen = (/** @type {EventTarget} */ on, /** @type {string} */ kind, /** @type {any} */ act) => on.addEventListener(kind, act, { signal });
    const pointed = (/** @type {any} */ { target }) => light(Number(target.closest?.("[data-x]")?.dataset.x ?? state.lit));
    for (const kind of ["mouseover", "focusin"]) listen(root, kind, pointed);
    for (const kind of ["mouseleave", "focusout"]) listen(root, kind, () => light(state.lit));
    listen(options.page ? document : root, "keydown", (/** @type {KeyboardEvent} */ event) => pressKey(event, state, doing, view));
    listen(window, "resize", () => view.resize());
    if (options.page) listen(window, "hashchange", () => {
      const { step, cell } = readHash();
      state.pin = cell && isCell(cell) ? model.pin(...cell) : null;
      if (step !== undefined) moveTo(step);
    });
  };
  start();
  return {
    show: (n) => moveTo(n),
    close: () => {
      state.playing = false;
      stop.abort();
      root.replaceChildren();
    },
  };
}
