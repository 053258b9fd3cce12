/**
 * A window on a matrix of an array: cells that stay, and whose texts change; two bands, which move, mark the row and
 * the column of the cell that is looked at.
 *
 * @typedef {{node: any, text: string, look: string, flat: number}} Cell
 * @param {Model} model
 * @param {number} array
 * @param {{rows: number, columns: number, label: string}} size as many cells as the window has
 */
function makeSheet(model, array, { rows, columns, label }) {
  const { axes, shape } = model.data.arrays[array];
  const [down, across] = [model.index(axes[shape.length - 2] ?? ""), model.index(axes[shape.length - 1] ?? "")];
  const tick = (/** @type {number} */ index, /** @type {string} */ role) =>
    make("span", { class: `tick ${index < 0 ? "" : `x i${model.data.indices[index].colour % COLOURS}`}`, role,
      "data-x": index < 0 ? null : index }, "");
  const heads = shape.length ? Array.from({ length: columns }, () => tick(across, "columnheader")) : [];
  const sides = shape.length > 1 ? Array.from({ length: rows }, () => tick(down, "rowheader")) : [];
  /** @type {Cell[][]} */
  const cells = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ({
    node: make("span", { role: "gridcell", tabindex: -1, class: "cell" }, ""), text: "", look: "cell", flat: -1,
  })));
  const row = (/** @type {any[]} */ ...nodes) => make("div", { role: "row", class: "row" }, ...nodes);
  const corner = sides.length ? [make("span", { class: "tick corner", role: "columnheader" }, ...letters(model, axes[shape.length - 2] || NO_AXIS), "\\", ...letters(model, axes[shape.length - 1] || NO_AXIS))] : [];
  const grid = make("div", { role: "grid", "aria-label": label, "aria-readonly": "true" },
    ...(heads.length ? [row(...corner, ...heads)] : []),
    ...cells.map((line, y) => row(...sides.slice(y, y + 1), ...line.map(({ node }) => node))));
  const band = (/** @type {string} */ kind, /** @type {number} */ index) => ["tint", "edge"].map((layer) => make("i",
    { class: `band ${layer} ${kind} ${index < 0 ? "" : `i${model.data.indices[index].colour % COLOURS}`}`, hidden: true }));
  const [rowBands, columnBands] = [band("across", down), band("down", across)];
  const caption = make("p", { class: "slice" });

  /** @param {any[]} ticks @param {number} from @param {number} lit which is current, -1: none */
  const number = (ticks, from, lit) => ticks.forEach((node, place) => {
    setText(node, String(from + place));
    node.classList.toggle("now", place === lit);
  });
  return {
    cells, caption, grid,
    element: make("div", { class: "sheet" }, caption, make("div", { class: "board" }, grid, ...rowBands, ...columnBands)),
    /** @param {number} top @param {number} left first row and column shown @param {number[] | null} lit the cell looked at: its row and column in the window */
    mark(top, left, lit) {
      const [y, x] = lit ?? [-1, -1];
      number(sides, top, y);
      number(heads, left, x);
      for (const node of rowBands) {
        node.hidden = !lit || shape.length < 2;
        if (lit) node.style.transform = `translateY(calc(var(--high) * ${y}))`;
      }
      for (const node of columnBands) {
        node.hidden = !lit || !shape.length;
        if (lit) node.style.transform = `translateX(calc(var(--wide) * ${x}))`;
      }
    },
    /** @param {Cell} cell @param {string} text @param {string} look @param {string} whole the text without dots */
    set(cell, text, look, whole) {
      if (cell.text !== text) cell.node.textContent = cell.text = text;
      if (cell.look !== look) {
        cell.node.className = cell.look = look;
        if (/ (read|written)/.test(look)) cell.node.setAttribute("aria-current", "true");
        else cell.node.removeAttribute("aria-current");
      }
      if (text !== whole) cell.node.title = whole;
      else if (cell.node.title) cell.node.removeAttribute("title");
    },
  };
}
