/** @typedef {"" | "value" | "cell" | "shape"} Kind */

/**
 * Asks the reader for what comes next. While something is asked it stands nowhere on the page; the answer is right, or
 * it is said what is and why, and a score is kept.
 *
 * @param {Model} model
 * @param {ReturnType<typeof makeWords>} words
 * @param {{right: number, asked: number}} score
 * @param {{reveal: () => void, next: () => void}} doing
 */
function makePredict(model, words, score, { reveal, next }) {
  const { data } = model;
  const question = make("span");
  const input = make("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", size: 14 });
  const label = make("label", {}, question, " ", input);
  const submit = make("button", { type: "submit", class: "check" }, words.text("trace.page.predict.check"));
  const verdict = make("p", { class: "verdict", role: "status" });
  const tally = make("span", { class: "tally" });
  /** @type {Frame | null} */
  let asked = null;
  let done = false;

  /** @param {number} n @returns {[number, number]} the cell of a step that is worth asking for: one that changes */
  const target = (n) => {
    const step = /** @type {Step} */ (model.step(n));
    const before = model.step(n - 1);
    const old = new Set(before ? [...cellsRead(before), before.target].map(String) : []);
    const cells = [...cellsRead(step), step.target].filter(([array]) => data.arrays[array].shape.length);
    return cells.reverse().find((cell) => !old.has(String(cell))) ?? cells[0] ?? step.target;
  };

  /** @param {string} typed @param {Frame} frame @returns {boolean} */
  const isRight = (typed, { hides, n }) => {
    const step = model.step(n);
    if (hides === "value") return Boolean(step) && meansValue(typed, /** @type {Step} */ (step).after);
    const wanted = hides === "shape" ? data.arrays[model.result].shape : model.unravel(...target(n));
    const given = numbersIn(typed);
    return typed.trim() !== "" && given.length === wanted.length && given.every((one, place) => one === wanted[place]);
  };

  /** @param {Frame} frame @returns {(Node | string)[]} the right answer */
  const answer = ({ hides, n }) => {
    if (hides === "shape") return [make("code", {}, `(${data.arrays[model.result].shape.join(", ")})`)];
    if (hides === "cell") return [make("code", {}, ...cellName(model, ...target(n)))];
    return [make("code", {}, /** @type {Step} */ (model.step(n)).after)];
  };

  const tellScore = () => setText(tally, score.asked ? words.text("trace.page.predict.score", score) : "");

  /** @param {boolean | null} right null: it was not answered */
  const tell = (right) => {
    if (!asked || done) return;
    const frame = asked;
    done = true;
    if (right !== null) {
      score.asked += 1;
      score.right += Number(right);
    }
    const said = right ? "trace.page.predict.right" : "trace.page.predict.wrong";
    verdict.replaceChildren(words.text(said), " ", ...answer(frame),
      frame.hides === "shape" ? ` ${words.text("trace.page.predict.why")}` : "");
    verdict.className = `verdict ${right ? "good" : "bad"}`;
    input.readOnly = true;
    setText(submit, words.text("trace.page.predict.next"));
    tellScore();
    reveal();
  };

  const element = make("form", { class: "predict", hidden: true, submit: (/** @type {Event} */ event) => {
    event.preventDefault();
    if (done) return next();
    if (!asked || !input.value.trim()) return input.focus();
    tell(isRight(input.value, asked));
    submit.focus();
  } }, label, submit, tally, verdict);

  return {
    element, tell,
    /** @param {Frame} frame @returns {boolean} whether the question, or its answer, is about what is shown */
    concerns: ({ n, hides }) => Boolean(asked) && asked?.n === n && (done || hides !== ""),
    /** @param {Frame} frame whose question is asked; nothing is asked while it hides nothing */
    ask(frame) {
      if (frame.hides === "" || (asked && !done && asked.n === frame.n && asked.hides === frame.hides)) return;
      asked = frame;
      done = false;
      input.value = "";
      input.readOnly = false;
      verdict.replaceChildren();
      verdict.className = "verdict";
      setText(submit, words.text("trace.page.predict.check"));
      tellScore();
      const step = model.step(frame.n);
      if (frame.hides === "value" && step) question.replaceChildren(...sentence(model, words.runs("trace.page.predict.ask_value", { cell: "\0" }))
        .flatMap((part) => (part instanceof Element && part.textContent === "\0" ? [make("code", {}, ...cellName(model, ...step.target))] : [part])));
      else if (frame.hides === "cell") question.replaceChildren(words.text("trace.page.predict.ask_cell", { array: data.arrays[target(frame.n)[0]].name }));
      else question.replaceChildren(words.text("trace.page.predict.ask_shape", { array: data.arrays[model.result].name }));
    },
    /** @param {number} array @param {number} flat @returns {boolean} whether a click on a cell was an answer */
    clicked(array, flat) {
      if (!asked || done || asked.hides !== "cell" || target(asked.n)[0] !== array) return false;
      input.value = model.unravel(array, flat).join(", ");
      tell(isRight(input.value, asked));
      submit.focus();
      return true;
    },
    focus: () => (done ? submit : input).focus(),
  };
}
