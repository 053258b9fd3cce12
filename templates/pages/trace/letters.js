/** @typedef {ReturnType<typeof makeModel>} Model */

const COLOURS = 8;

/** @param {Model} model @param {number} index number of an index @param {string} text */
function letter(model, index, text) {
  const { colour } = model.data.indices[index];
  return make("span", { class: `x i${colour % COLOURS}${colour >= COLOURS ? " again" : ""}`, "data-x": index }, text);
}

const SUBSCRIPTS = /((?<![\w.])(?:[^\W\d_]|[.,])*->[^\W\d_.]*(?!\w))/u;
const SUM = /(Σ_(?:\{[^}]*\}|\w+))/u;
const WORD = /((?<![\w)\]]\.)(?<!\w)[^\W\d]\w*)/u;

/**
 * @param {Model} model
 * @param {string} text code or a formula
 * @returns {(Node | string)[]} with the names of indices in their colours; letter by letter in subscripts
 */
function letters(model, text) {
  /** @param {string} name */
  const named = (name) => {
    const index = /^[^\W\d]/u.test(name) ? model.index(name) : -1;
    return index < 0 ? name : letter(model, index, name);
  };
  return text.split(SUBSCRIPTS).flatMap((part, place) => {
    if (place % 2) return [...part].map(named);
    return part.split(SUM).flatMap((piece, sum) => {
      const words = (/** @type {string} */ code) => code.split(WORD).filter(Boolean).map(named);
      return sum % 2 ? ["Σ", make("sub", {}, ...words(piece.replace(/^Σ_\{?|\}$/g, "")))] : words(piece);
    });
  });
}

/** @param {Model} model @param {number} array @param {number} flat @returns {(Node | string)[]} `A[1,2]`, each number in the colour of its axis */
function cellName(model, array, flat) {
  const { name, axes } = model.data.arrays[array];
  const at = model.unravel(array, flat);
  if (!at.length) return [name];
  const inside = at.flatMap((place, axis) => {
    const index = model.index(axes[axis]);
    return [axis ? "," : "", index < 0 ? String(place) : letter(model, index, String(place))];
  });
  return [`${name}[`, ...inside, "]"];
}

/** @param {(Node | string)[]} parts @returns {string} */
const textOf = (parts) => parts.map((part) => (typeof part === "string" ? part : part.textContent)).join("");

/** @param {Model} model @param {number} array @param {number} flat @returns {string} */
const cellText = (model, array, flat) => textOf(cellName(model, array, flat));

/** @param {Model} model @param {Run[]} runs @returns {(Node | string)[]} */
function sentence(model, runs) {
  return runs.map((run) => (run.code ? make("code", {}, ...letters(model, run.text)) : run.text));
}
