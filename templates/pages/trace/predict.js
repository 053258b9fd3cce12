/** @typedef {"" | "value" | "cell" | "shape"} Kind */

const TRIES = 2;
/** @type {Run[]} what was typed is no answer at all */
const NO_NUMBER = [{ text: "" }];

/**
 * Asks the reader for what comes next. While something is asked it stands nowhere on the page, nor is marked what the
 * next step reads. A wrong answer is told what is wrong with it, the second what is right; a score is kept.
 *
 * @param {Model} model
 * @param {ReturnType<typeof makeWords>} words
 * @param {ReturnType<typeof makeSum>} sum
 * @param {{right: number, asked: number}} score
 * @param {{reveal: () => void, next: () => void}} doing
 */
function makePredict(model, words, sum, score, { reveal, next }) {
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
  let tries = 0;

  /** @param {number} n @returns {[number, number]} the cell of a step that is worth asking for: one that changes */
  const target = (n) => {
    const step = /** @type {Step} */ (model.step(n));
    const before = model.step(n - 1);
    const old = new Set(before ? [...cellsRead(before), before.target].map(String) : []);
    const cells = [...cellsRead(step), step.target].filter(([array]) => data.arrays[array].shape.length);
    return cells.reverse().find((cell) => !old.has(String(cell))) ?? cells[0] ?? step.target;
  };

  const stepOf = (/** @type {Frame} */ { asks }) => /** @type {Step} */ (model.step(asks));

  /** @param {Frame} frame @returns {{wanted: number[], array: TracedArray}} the numbers asked for, one an axis of an array */
  const asking = ({ hides, asks }) => {
    const cell = hides === "shape" ? null : target(asks);
    const array = data.arrays[cell ? cell[0] : model.result];
    return { array, wanted: cell ? model.unravel(...cell) : array.shape };
  };

  const axisName = (/** @type {string} */ name) => name || NO_AXIS;

  /** @param {string} typed @param {Frame} frame @returns {Run[]} what is wrong with an answer: nothing where it is right */
  const fault = (typed, frame) => {
    if (frame.hides === "value") {
      const step = stepOf(frame);
      if (meansValue(typed, step.after)) return [];
      return isValue(typed, step.after) ? words.runs("trace.page.predict.miss_value", { sum: sum.meets(step) }) : NO_NUMBER;
    }
    const { array, wanted } = asking(frame);
    const given = numbersIn(typed);
    if (!given.length && !/[([]\s*[)\]]/.test(typed)) return NO_NUMBER;
    if (given.length !== wanted.length) return words.runs("trace.page.predict.miss_count", { array: array.name, count: wanted.length, axes: array.axes.map(axisName).join(", ") });
    return array.axes.flatMap((name, axis) => (given[axis] === wanted[axis] ? [] : [...words.runs("trace.page.predict.miss", { name: axisName(name), number: given[axis] }), { text: words.gap }]));
  };

  /** @param {Frame} frame @param {boolean} why @returns {(Node | string)[]} the right answer, and how it comes about */
  const answer = (frame, why) => {
    if (frame.hides === "value") {
      const step = stepOf(frame);
      return [make("code", {}, why ? sum.text({ ...frame, step }) : step.after)];
    }
    const { array, wanted } = asking(frame);
    const known = why && wanted.length ? `: ${array.axes.map((name, axis) => `${axisName(name)} = ${wanted[axis]}`).join(", ")}` : "";
    if (frame.hides === "cell") return [make("code", {}, ...cellName(model, ...target(frame.asks)), known)];
    return [make("code", {}, `(${wanted.join(", ")})`, known), make("br"), words.text("trace.page.predict.why")];
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
    verdict.replaceChildren(words.text(said), " ", ...answer(frame, !right));
    verdict.className = `verdict ${right ? "good" : "bad"}`;
    input.readOnly = true;
    setText(submit, words.text("trace.page.predict.next"));
    tellScore();
    reveal();
    seen();
  };

  const element = make("form", { class: "predict", hidden: true, submit: (/** @type {Event} */ event) => {
    event.preventDefault();
    if (done) return next();
    if (!asked || !input.value.trim()) return input.focus();
    judge();
  } }, label, submit, tally, verdict);

  const judge = () => {
    const wrong = fault(input.value, /** @type {Frame} */ (asked));
    if (wrong !== NO_NUMBER) tries += 1;
    if (!wrong.length || tries >= TRIES) {
      tell(!wrong.length);
      return submit.focus();
    }
    verdict.className = "verdict bad";
    verdict.replaceChildren(...(wrong === NO_NUMBER ? [words.text(`trace.page.predict.${asked?.hides === "value" ? "no_number" : "no_numbers"}`)]
      : [...sentence(model, wrong), words.gap, words.text("trace.page.predict.again")]));
    input.select();
    seen();
  };
  const seen = () => verdict.scrollIntoView({ block: "nearest" });

  return {
    element, tell,
    /** @param {Frame} frame @returns {boolean} whether the question, or its answer, is about what is shown */
    concerns: ({ n, hides }) => hides !== "" || (done && n === (asked?.asks || asked?.n)),
    /** @param {Frame} frame whose question is asked; nothing is asked while it hides nothing */
    ask(frame) {
      if (frame.hides === "" || (asked && !done && asked.n === frame.n && asked.asks === frame.asks && asked.hides === frame.hides)) return;
      asked = frame;
      done = false;
      tries = 0;
      input.value = "";
      input.readOnly = false;
      verdict.replaceChildren();
      verdict.className = "verdict";
      setText(submit, words.text("trace.page.predict.check"));
      tellScore();
      const cell = frame.hides === "value" ? cellText(model, ...stepOf(frame).target) : "";
      question.replaceChildren(...sentence(model, words.runs(`trace.page.predict.ask_${frame.hides}`, { cell, array: cell || asking(frame).array.name, number: frame.asks })));
    },
    /** @param {number} array @param {number} flat @returns {boolean} whether a click on a cell was an answer */
    clicked(array, flat) {
      if (!asked || done || asked.hides !== "cell" || target(asked.asks)[0] !== array) return false;
      input.value = model.unravel(array, flat).join(", ");
      judge();
      return true;
    },
    focus: () => (done ? submit : input).focus(),
  };
}
