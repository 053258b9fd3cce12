const CHARACTERS = 10;
const CHARACTER_WIDTH = 8;
const FAST = 10;
/** What is left and right of a card's grid, in pixels. */
const CARD_EDGES = 90;
const WIDE_CODE = "37%";
const NARROW_CODE = "30%";

/**
 * Puts all parts into the root, and keeps them in step.
 *
 * @param {HTMLElement} root
 * @param {Model} model
 * @param {Words} allWords
 * @param {any} state
 * @param {any} doing
 * @param {boolean} linked the address shows the step; expression, language and ground are the document's own
 */
function buildPage(root, model, allWords, state, doing, linked) {
  const { data } = model;
  const words = makeWords(allWords, state.lang);
  const code = makeCode(model, words);
  const chips = makeChips(model, words, doing.press);
  const sum = makeSum(model, words);
  const pinned = makePinned(model, words, doing);
  const predict = makePredict(model, words, sum, state.score, { reveal: doing.reveal, next: doing.question });
  const controls = makeControls(model, words, doing, state);
  const grids = data.arrays.map((_, array) => makeGrid(model, array, words, doing.choose));
  const help = makeHelp(words);
  const why = make("p", { class: "why" });
  const live = make("p", { class: "unseen", role: "status", "aria-live": "polite" });
  const arrays = make("div", { class: "arrays" }, ...grids.map((grid) => grid.element));
  const probe = make("span", { class: "probe", "aria-hidden": "true" }, "0".repeat(CHARACTERS));
  const languages = make("span", { class: "languages", role: "group", "aria-label": words.text("trace.page.language") },
    ...Object.keys(allWords).map((lang) => make("button", { type: "button", lang, "aria-pressed": String(lang === state.lang),
      click: () => doing.language(lang) }, makeWords(allWords, lang).text("trace.page.name"))));
  const dark = state.theme ? state.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = make("button", { type: "button", class: "theme", "aria-pressed": String(dark), click: doing.theme }, words.text("trace.page.dark"));
  const question = make("button", { type: "button", class: "ask", "aria-label": words.text("trace.page.help"),
    title: words.text("trace.page.help"), click: () => help.showModal() }, "?");
  const told = [...data.notes.map(([id, values]) => words.runs(id, values)),
    ...(model.whole ? [] : [words.runs("trace.page.part", { first: data.first, last: model.last, count: data.count })])];

  const steps = make("div", { class: "panel" }, chips.element,
    make("div", { class: "panes" }, code.element,
      make("div", { class: "stage" },
        make("section", { class: "now-panel", "aria-label": words.text("trace.page.current") },
          make("h2", { class: "unseen" }, words.text("trace.page.current")), sum.element, predict.element, why),
        pinned.element,
        make("h2", { class: "unseen" }, words.text("trace.page.arrays")), arrays, makeLegend(words),
        ...told.map((runs) => make("p", { class: "note" }, ...sentence(model, runs))))),
    controls.element);
  const stages = data.story ? makeStages(model, words, state.quiz) : null;
  const stagesPanel = make("div", { class: "panel" }, stages?.element ?? "");
  const tabs = stages && makeTabs([{ name: words.text("trace.page.tabs.steps"), panel: steps },
    { name: words.text("trace.page.tabs.stages"), panel: stagesPanel }], state.tab, doing.tab);
  root.replaceChildren(
    make("header", {},
      make("div", { class: "tools" }, tabs?.element ?? "", ...(linked ? [languages, theme] : []), question),
      ...(linked ? [make("h1", {}, make("code", {}, ...letters(model, data.expression))), make("p", { class: "formula" }, ...letters(model, data.formula))] : [])),
    ...(tabs ? [steps, stagesPanel] : [steps]), probe, live, help);

  let waiting = [0, 0];
  /** @param {Frame} frame */
  const speak = (frame) => {
    const { step, hides, n } = frame;
    const place = words.text("trace.page.place", { number: n, count: data.count });
    const loops = step ? step.at.map(([index, value]) => `${data.indices[index].name} = ${value}`).join(", ") : "";
    const reasons = step && !hides ? step.why.map(([id, values]) => words.text(id, values)).join(words.gap) : "";
    setText(live, [place, loops, sum.text(frame), reasons].filter(Boolean).join(". "));
  };

  return {
    help, languages,
    number: controls.number,
    press: chips.press,
    /** @param {boolean} on */
    theme: (on) => theme.setAttribute("aria-pressed", String(on)),
    /** @param {boolean} playing */
    playing: (playing) => {
      controls.playing(playing);
      root.toggleAttribute("data-fast", playing && state.speed >= FAST);
    },
    clicked: predict.clicked,
    skip: () => predict.tell(null),
    answer: () => state.hidden && predict.focus(),
    /** @param {number} by */
    faster: (by) => {
      const select = controls.element.querySelector("select");
      select.selectedIndex = Math.max(0, Math.min(SPEEDS.length - 1, select.selectedIndex + by));
      doing.speed(Number(select.value));
    },
    resize: () => {
      const character = probe.getBoundingClientRect().width / CHARACTERS || CHARACTER_WIDTH;
      stages?.resize((root.clientWidth - CARD_EDGES) / character);
      if (steps.hidden) return;
      const { height } = controls.element.getBoundingClientRect();
      const extents = grids.map((grid) => grid.measure(character));
      /** @param {string} share of the width that the code may take at most @param {number[]} scales */
      const tried = (share, scales) => {
        root.style.setProperty("--code-share", share);
        const top = arrays.getBoundingClientRect().top - root.getBoundingClientRect().top;
        return fit(extents, { character, width: arrays.clientWidth, height: Math.max(innerHeight / 3, innerHeight - top - height) }, scales);
      };
      // Narrow code wraps: it and small cells make room for all rows and columns, or for what fits without scrolling.
      const whole = (/** @type {ReturnType<typeof fit>} */ { window }) => extents.every((one) => window(one).columns === one.columns && window(one).rows === one.rows);
      let best = tried(WIDE_CODE, SCALES);
      if (!best.fits || !whole(best)) {
        const narrow = tried(NARROW_CODE, [...SCALES, SMALL]);
        best = narrow.fits && (whole(narrow) || !best.fits) ? narrow : tried(WIDE_CODE, SCALES);
      }
      arrays.style.setProperty("--scale", String(best.scale));
      for (const grid of grids) grid.resize(best.window);
      code.follow();
    },
    /** @param {Frame} frame */
    update(frame) {
      const { step, hides, n, pin, missed } = frame;
      code.update(frame);
      chips.update(frame);
      sum.update(frame);
      why.replaceChildren(...(step && !hides ? step.why.flatMap(([id, values]) => [...sentence(model, words.runs(id, values)), words.gap]) : []));
      pinned.update(frame);
      for (const grid of grids) grid.update(frame);
      const length = pin ? pin.steps.length : model.last - model.lowest + 1;
      controls.update(frame, pin ? Math.max(0, upTo(pin.steps, n) - 1) : Math.max(0, Math.min(length - 1, n - model.lowest)), length - 1);
      controls.kind.value = state.kind;
      arrays.style.visibility = missed ? "hidden" : "";
      if (tabs) tabs.buttons[1].disabled = Boolean(hides);
      predict.ask(frame);
      predict.element.hidden = !state.kind || !predict.concerns(frame);
      waiting.forEach(clearTimeout);
      if (!state.playing) {
        waiting = [setTimeout(() => speak(frame), LIVE_WAIT),
          linked ? setTimeout(() => writeHash({ step: n, cell: pin?.cell, view: state.tab ? "stages" : "", lang: state.lang }), HASH_WAIT) : 0];
      }
    },
  };
}
