/** Rows, columns and slices that a window on an array may have at most, the most that is worth showing first. */
const WINDOWS = [[10, 12, 4], [10, 12, 2], [10, 12, 1], [8, 10, 2], [8, 10, 1], [6, 8, 2], [6, 8, 1],
  [8, 5, 1], [8, 4, 1], [6, 5, 1], [6, 4, 1], [5, 4, 1], [5, 3, 1], [5, 6, 1], [4, 4, 1], [3, 4, 1], [3, 3, 1]];
/** The window where nothing fits, so that the reader scrolls anyway. */
const SCROLLED = [5, 6, 1];
const SCALES = [2, 1.8, 1.6, 1.4, 1.2, 1, 0.88];
const SMALL = 0.8;
/** Characters and heights of lines around the cells of a grid. */
const AROUND = { cell: 1.1, between: 2.4, gap: 2.6, head: 3, line: 2.1, tall: 1.75, least: 1 };

/** @typedef {{slices: number, rows: number, columns: number, characters: number, sides: number,
 *   caption: number, heading: number}} Extents  of an array; how many characters its cells, what is beside them, the
 *   name of a slice, and its heading are wide */

/**
 * @param {Extents} extents
 * @param {number[]} limits
 * @param {number} most characters beside each other
 * @returns {{rows: number, columns: number, slices: number, wide: number}} the window on an array, and the characters that a slice is wide
 */
function windowOn(extents, [rows, columns, slices], most) {
  const cell = extents.characters + AROUND.cell;
  const fits = Math.max(AROUND.least, Math.min(columns, extents.columns, Math.floor((most - extents.sides) / cell)));
  return { rows: Math.min(rows, extents.rows), columns: fits, slices: Math.min(slices, extents.slices), wide: Math.max(extents.caption, extents.sides + fits * cell) };
}

/**
 * Chooses how much of the arrays is shown, and how large: all that the room holds, without a need to scroll if that can be.
 *
 * @param {Extents[]} all
 * @param {{character: number, width: number, height: number}} room in pixels; a character's width
 * @param {number[]} scales
 * @returns {{scale: number, fits: boolean, window: (extents: Extents) => {rows: number, columns: number, slices: number}}}
 */
function fit(all, { character, width, height }, scales) {
  /** @param {number[][]} limits of each array @param {number} scale @returns {number} lines of cells that the arrays need below each other */
  const needed = (limits, scale) => {
    const most = width / character / scale - 1;
    let [x, high, lines] = [0, 0, 0];
    for (const [place, extents] of all.entries()) {
      const one = windowOn(extents, limits[place], most);
      const beside = Math.max(1, Math.min(one.slices, Math.floor((most + AROUND.between) / (one.wide + AROUND.between))));
      const wide = Math.max(extents.heading / scale, beside * one.wide + (beside - 1) * AROUND.between);
      const tall = AROUND.head + Math.ceil(one.slices / beside) * (one.rows + 1 + (extents.slices > 1 ? 1 : 0));
      if (x && x + wide > most) [x, lines, high] = [0, lines + high, 0];
      x += wide + AROUND.gap / scale;
      high = Math.max(high, tall);
    }
    return lines + high;
  };
  const holds = (/** @type {number[][]} */ limits, /** @type {number} */ scale) => needed(limits, scale) * AROUND.line * AROUND.tall * character * scale <= height;
  for (const window of WINDOWS) {
    const limits = all.map(() => [...window]);
    const scale = scales.find((one) => holds(limits, one));
    if (!scale) continue;
    // What room is left goes to each array in turn: columns, then rows.
    const most = width / character / scale - 1;
    for (const axis of [1, 0]) {
      for (const own of limits) {
        while (own[axis] < WINDOWS[0][axis]) {
          own[axis] += 1;
          if (holds(limits, scale)) continue;
          own[axis] -= 1;
          break;
        }
      }
    }
    return { scale, fits: true, window: (extents) => windowOn(extents, limits[all.indexOf(extents)], most) };
  }
  return { scale: 1, fits: false, window: (extents) => windowOn(extents, SCROLLED, width / character - 1) };
}
