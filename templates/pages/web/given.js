/**
 * The text, what is known of its operands, and what is wrong with it.
 *
 * @param {Speech} words
 * @param {any} doing
 * @param {Asked} asked
 * @param {PageData} data
 * @param {ReturnType<typeof makeFiles>} files
 */
function makeGiven(words, doing, asked, data, files) {
  /** Whether a person wrote the shapes that stand there. */
  let typed = false;
  const fault = make("div", { class: "wrongs", id: "fault", role: "status", "aria-live": "polite" });
  const text = makeField({ label: words.text("web.text.label"), value: asked.text, placeholder: words.text("web.text.placeholder"),
    describedby: "fault", change: (value) => doing.choose({ text: value, ...(!typed && isForExample(doing.asked(), value) ? { shapes: "" } : {}) }), commit: doing.commit });
  const shapes = makeField({ label: words.text("web.shapes.label"), value: asked.shapes, single: true, placeholder: words.text("web.shapes.placeholder"),
    describedby: "fault", change: (value) => { typed = true; doing.choose({ shapes: value }); }, commit: doing.commit });
  const dtype = makeChoice(words.text("web.dtype"), [["", words.text("web.dtype")], ...data.dtypes.map(twice)], asked.dtype, (value) => doing.choose({ dtype: value }));
  const named = (/** @type {string} */ one) => /** @type {[string, string]} */ ([one, words.text(`web.notation.${one}`)]);
  const notation = makeChoice(words.text("web.notation.label"), [["", words.text("web.notation.auto")], ...data.notations.map(named)], asked.notation,
    (value) => doing.choose({ notation: value }));
  const held = make("ul", { class: "held", "aria-label": words.text("web.file.held") });
  /** @param {Fault | null} wrong @returns {boolean} whether its place is in a field, and marked there */
  const mark = (wrong) => {
    const inText = placesIn(wrong, text.input.value);
    const inShapes = inText.length ? [] : placesIn(wrong, shapes.input.value);
    const [first, second] = [text.mark(inText, text.input.value), shapes.mark(inShapes, shapes.input.value)];
    return first || second;
  };
  return {
    text, shapes,
    element: make("div", { class: "question" }, make("div", { class: "box" }, text.element,
      make("div", { class: "operands" }, make("label", { class: "shapes" }, make("span", { "aria-hidden": "true" }, words.text("web.shapes.label")), shapes.element),
        dtype.element, notation.element, files.button, files.input))),
    below: make("div", {}, held, fault),
    /** @param {Asked} now @param {Given[]} arrays */
    fill: (now, arrays) => {
      text.set(now.text);
      if (shapes.input.value !== now.shapes) typed = false;
      shapes.set(now.shapes);
      dtype.element.value = now.dtype;
      notation.element.value = now.notation;
      const unused = arrays.filter(({ key }) => !now.arrays.some((one) => one.split("=").pop() === key));
      held.hidden = !now.arrays.length && !unused.length;
      held.replaceChildren(...now.arrays.map((one, place) => heldArray(one, arrays, words, () =>
        doing.choose({ arrays: doing.asked().arrays.filter((/** @type {any} */ _, /** @type {number} */ at) => at !== place) }))),
        ...unused.map((one) => unusedArray(one, words, () => doing.choose({ arrays: [...doing.asked().arrays, inUse(one)] }))));
    },
    mark,
    /** @param {Fault | null} wrong */
    tell: (wrong) => {
      const placed = mark(wrong);
      fault.replaceChildren(...(wrong ? [faultNote(wrong, words, { fix: doing.fix, placed })] : []));
    },
  };
}

/** @param {Asked} asked @param {string} text that comes @returns {boolean} whether the shapes are those of an example that is typed over */
function isForExample(asked, text) {
  const shown = Object.values(TRIALS).some((one) => one.text === asked.text && one.shapes === asked.shapes);
  return shown && (OTHER.test(text) || text.split(",").length !== asked.text.split(",").length);
}

/** @param {string} one @returns {[string, string]} */
const twice = (one) => [one, one];

/** @param {Given} given @returns {string} `NAME=KEY`, or `KEY` for the next operand */
const inUse = ({ name, key }) => (name ? `${name}=${key}` : key);

/** @param {Given} given @param {Speech} words @param {() => void} use @returns {any} */
function unusedArray(given, words, use) {
  const said = words.text("web.file.use", { name: given.name || given.key });
  return make("li", { class: "unused" }, given.name || given.key, ` ${shapeText(given.shape)} ${given.dtype}`,
    make("button", { type: "button", class: "quiet", "aria-label": said, title: said, click: use }, icon("add")));
}

/** @param {string} one `NAME=KEY` or `KEY` @param {Given[]} arrays @param {Speech} words @param {() => void} drop @returns {any} */
function heldArray(one, arrays, words, drop) {
  const [key, name = ""] = one.split("=").reverse();
  const known = arrays.find((array) => array.key === key);
  const label = name || known?.name || key;
  const said = words.text("web.file.remove", { name: label });
  return make("li", {}, make("b", {}, label), known ? ` ${shapeText(known.shape)} ${known.dtype}` : "",
    make("button", { type: "button", class: "quiet", "aria-label": said, title: said, click: drop }, icon("close")));
}
