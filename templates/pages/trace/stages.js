const STAGE_WINDOW = [6, 6, 2];
const GIVEN = "given";
/** Stages that compute. */
const WEIGHTY = new Set(["multiply", "sum", "add"]);

/**
 * The second story of an einsum, for whole arrays: what is lined up, multiplied and summed, with the shape after each
 * stage. The reader may say every shape before it is shown.
 *
 * @param {Model} model
 * @param {ReturnType<typeof makeWords>} words
 * @param {{asking: boolean, answered: Set<string>, right: number}} quiz
 */
function makeStages(model, words, quiz) {
  const story = /** @type {Story} */ (model.data.story);
  /** @type {{grid: any, show: () => void}[]} */
  const cards = [];
  const tally = make("span", { class: "tally", role: "status" });
  const count = story.steps.reduce((all, step) => all + step.stages.filter(({ kind }) => kind !== GIVEN).length, 0);

  /** @param {Stage} stage @returns {TracedArray} */
  const asArray = ({ name, axes, shape, dtype, values }) =>
    ({ name, role: "", axes, shape: shape.map(Number), dtype, ...(values ? { start: values } : { cells: {} }) });

  /** @param {Stage} stage @param {string} key @param {Model} own @param {number} number */
  const card = (stage, key, own, number) => {
    const grid = makeGrid(own, number, words, () => {});
    const asked = stage.kind !== GIVEN;
    const known = make("div", { class: "known" }, grid.element,
      ...stage.why.map(([id, values]) => make("p", {}, ...sentence(model, words.runs(id, values)))));
    const input = make("input", { type: "text", autocomplete: "off", size: 9 });
    const verdict = make("p", { class: "verdict", role: "status" });
    const form = make("form", { class: "predict", submit: (/** @type {Event} */ event) => {
      event.preventDefault();
      if (!input.value.trim()) return input.focus();
      const given = numbersIn(input.value);
      const right = given.length === stage.shape.length && given.every((one, axis) => one === stage.shape[axis]);
      quiz.answered.add(key);
      quiz.right += Number(right);
      verdict.className = `verdict ${right ? "good" : "bad"}`;
      verdict.replaceChildren(words.text(right ? "trace.page.predict.right" : "trace.page.predict.wrong"), " ",
        make("code", {}, `(${stage.shape.join(", ")})`));
      show();
      /** @type {any} */ ([...element.querySelectorAll(".predict:not([hidden]) input")][0] ?? toggle).focus();
    } }, make("label", {}, words.text("trace.page.predict.ask_shape", { array: stage.name }), " ", input),
      make("button", { type: "submit" }, words.text("trace.page.predict.check")));
    cards.push({ grid, show: () => {
      const hidden = asked && quiz.asking && !quiz.answered.has(key);
      form.hidden = !hidden;
      known.hidden = hidden;
      verdict.hidden = !quiz.asking;
    } });
    return make("section", { class: `card ${WEIGHTY.has(stage.kind) ? "weighty" : ""}` },
      make("h3", {}, make("b", { class: "order", "aria-hidden": "true" }, String(number + 1)), " ",
        ...sentence(model, words.runs(`story.kind.${stage.kind}`, { array: stage.of, indices: stage.about.join(", ") }))),
      stage.code ? make("p", {}, make("code", {}, ...letters(model, stage.code))) : "", form, verdict, known);
  };

  const steps = story.steps.map((step, place) => {
    const own = makeModel({ ...model.data, arrays: step.stages.map(asArray), steps: [], first: 1, count: 0 });
    return make("section", {},
      make("h2", { class: step.title ? "" : "unseen" },
        ...(step.title ? sentence(model, words.runs(...step.title)) : [words.text("trace.page.tabs.stages")])),
      make("div", { class: "cards" }, ...step.stages.map((stage, number) => card(stage, `${place}:${number}`, own, number))));
  });
  const toggle = make("button", { type: "button", click: () => {
    quiz.asking = !quiz.asking;
    quiz.answered.clear();
    quiz.right = 0;
    show();
    if (quiz.asking) element.querySelector(".predict:not([hidden]) input")?.focus();
  } }, words.text("trace.page.tabs.shapes"));
  const show = () => {
    toggle.setAttribute("aria-pressed", String(quiz.asking));
    for (const one of cards) one.show();
    setText(tally, quiz.asking && quiz.answered.size
      ? words.text("trace.page.predict.score", { right: quiz.right, asked: quiz.answered.size }) : "");
  };
  const unknown = story.steps.some(({ stages }) => stages.some(({ shape, values }) => !values && !shape.includes(0)));
  const notes = [...story.notes, .../** @type {Message[]} */ (unknown ? [["trace.page.tabs.dots", {}]] : [])]
    .map(([id, values]) => make("p", { class: "note" }, ...sentence(model, words.runs(id, values))));
  const element = make("div", { class: "stages" }, count ? make("p", { class: "quiz" }, toggle, " ", tally) : "", ...notes, ...steps);
  show();
  return {
    element,
    /** @param {number} characters that fit beside each other */
    resize: (characters) => {
      for (const { grid } of cards) {
        grid.resize((/** @type {Extents} */ extents) => windowOn(extents, STAGE_WINDOW, characters));
        grid.update({ n: 0, step: null, hides: "", asks: 0, missed: false, pin: null });
      }
    },
  };
}
