/** Names an axis along which nothing counts. */
const NO_AXIS = "·";
const CELL = { least: 3, most: 9 };

/**
 * An array as a grid, or one grid for each slice. What is too large for the page is a window, which follows the steps
 * and which buttons and keys move.
 *
 * @param {Model} model
 * @param {number} array
 * @param {ReturnType<typeof makeWords>} words
 * @param {(array: number, flat: number) => void} choose a cell was clicked
 */
function makeGrid(model, array, words, choose) {
  const { data } = model;
  const { name, axes, shape, dtype, role, start, cells: some } = data.arrays[array];
  const rank = shape.length;
  const height = rank > 1 ? shape[rank - 2] : 1;
  const width = rank ? shape[rank - 1] : 1;
  const slices = shape.slice(0, -2).reduce((all, extent) => all * extent, 1);
  const empty = height * width * slices === 0;
  let longest = 1;
  for (const text of start ?? Object.values(some ?? {})) longest = Math.max(longest, text?.length ?? 0);
  for (const step of data.steps) if (step.target[0] === array) longest = Math.max(longest, step.after.length);
  const wide = Math.min(CELL.most, Math.max(CELL.least, longest));

  const sides = rank > 1 ? Math.max(2, String(height).length) + 1.2 : 0;
  const caption = rank > 2 ? sides + axes.slice(0, -2).reduce((all, axis, place) => all + `${axis} = ${shape[place] - 1}, `.length, -1.7) : 0;

  const board = make("div", { class: "slices" });
  const pans = make("div", { class: "pans" });
  const secret = make("p", { class: "secret", hidden: true }, words.text("trace.page.predict.hidden"));
  const shown = make("span", { class: "shape" }, shape.join("×"));
  const axisName = (/** @type {string} */ axis) => axis ? letters(model, axis) : [NO_AXIS];
  const heading = make("h3", {}, make("b", {}, name), rank ? make("span", { class: "axes" }, "[",
      ...axes.flatMap((axis, place) => [place ? "," : "", ...axisName(axis)]), "]") : "",
      " ", shown, make("small", {}, [role && words.text(`trace.page.role.${role}`), dtype].filter(Boolean).join(" · ")));
  const element = make("section", { class: `array ${role}`, style: `--chars: ${wide}; --side: ${sides}ch` }, heading, secret, board, pans);
  if (empty) board.append(make("p", { class: "empty" }, words.text("trace.page.empty")));

  let size = { rows: 0, columns: 0, slices: 0 };
  /** first slice, row and column of the window */
  let from = [0, 0, 0];
  /** @type {ReturnType<typeof makeSheet>[]} */
  let sheets = [];
  /** @type {{axis: number, text: any, back: any, on: any}[]} */
  let moves = [];
  /** @type {Frame | null} */
  let latest = null;
  /** the cell that the Tab key reaches: slice, row and column */
  let focus = [0, 0, 0];
  const limits = [slices, height, width];
  const counts = () => [size.slices, size.rows, size.columns];

  /** @param {number} flat @returns {number[]} slice, row and column */
  const split = (flat) => [Math.floor(flat / (height * width)), Math.floor(flat / width) % height, flat % width];
  const clamp = (/** @type {number} */ place, /** @type {number} */ axis) =>
    Math.max(0, Math.min(limits[axis] - counts()[axis], place));
  const inside = (/** @type {number[]} */ at) => at.every((place, axis) => place >= from[axis] && place < from[axis] + counts()[axis]);

  /** Move the window as little as brings a cell into it, with some room around. @param {number[]} at */
  const follow = (at) => {
    if (inside(at)) return;
    from = at.map((place, axis) => {
      const count = counts()[axis];
      if (place >= from[axis] && place < from[axis] + count) return from[axis];
      return clamp(place - (axis ? Math.floor(count / 2) : place % count), axis);
    });
  };

  /** @param {number} slice @returns {(Node | string)[]} `b = 0, h = 1` */
  const sliceName = (slice) => {
    const at = model.unravel(array, slice * height * width);
    return axes.slice(0, -2).flatMap((axis, place) => (axis ? [", ", ...axisName(axis), " = ", String(at[place])] : [])).slice(1);
  };

  const draw = () => {
    if (!latest || empty || !sheets.length) return;
    const { step, n, hides, pin } = latest;
    const hidden = hides === "shape" && array === model.result;
    secret.hidden = !hidden;
    board.hidden = pans.hidden = hidden;
    shown.hidden = hidden;
    const read = new Set(step ? cellsRead(step).filter(([one]) => one === array).map(([, flat]) => flat) : []);
    const written = step?.target[0] === array ? step.target[1] : -1;
    const goes = new Set(pin?.goes.filter(([one]) => one === array).map(([, flat]) => flat));
    const pinned = pin?.cell[0] === array ? pin.cell[1] : -1;
    const eye = written >= 0 ? written : read.size ? [...read][0] : -1;
    const eyeAt = eye < 0 ? null : split(eye);
    sheets.forEach((sheet, place) => {
      const slice = from[0] + place;
      if (rank > 2) sheet.caption.replaceChildren(...sliceName(slice));
      const here = eyeAt && eyeAt[0] === slice ? [eyeAt[1] - from[1], eyeAt[2] - from[2]] : null;
      sheet.caption.classList.toggle("now", Boolean(here));
      sheet.mark(from[1], from[2], here);
      sheet.cells.forEach((line, y) => line.forEach((cell, x) => {
        const flat = (slice * height + from[1] + y) * width + from[2] + x;
        const value = model.value(array, flat, n);
        const text = value ?? (value === null ? "" : "·");
        let look = `cell ${role === "operand" ? "" : model.progress(array, flat, n)}`;
        if (value === null) look += " nothing";
        if (read.has(flat)) look += " read";
        if (flat === written) look += " written";
        if (goes.has(flat)) look += " goes";
        if (flat === pinned) look += " pinned";
        cell.flat = flat;
        sheet.set(cell, short(near(text), wide), look, text);
      }));
    });
    for (const { axis, text, back, on } of moves) {
      const count = counts()[axis];
      const range = axis ? `${grouped(from[axis])}–${grouped(from[axis] + count - 1)}` : words.text("trace.page.pan.slices", { from: from[0] + 1, to: from[0] + count, count });
      setText(text, ` ${range} ${words.text("trace.page.of", { count: limits[axis] })} `);
      back.disabled = from[axis] <= 0;
      on.disabled = from[axis] + count >= limits[axis];
    }
    reach();
  };

  /** Keep one cell, and only one, within reach of the Tab key. */
  const reach = () => {
    const [slice, y, x] = focus.map((place, axis) => Math.max(0, Math.min(counts()[axis] - 1, place - from[axis])));
    sheets.forEach((sheet, s) => sheet.cells.forEach((line, r) => line.forEach(({ node }, c) => {
      const tab = s === slice && r === y && c === x ? 0 : -1;
      if (node.tabIndex !== tab) node.tabIndex = tab;
    })));
  };

  /** @param {number} axis @param {number} by in windows */
  const pan = (axis, by) => {
    from[axis] = clamp(from[axis] + by * Math.max(1, counts()[axis] - 1), axis);
    draw();
  };

  const build = () => {
    sheets = Array.from({ length: size.slices }, (_, place) => {
      const label = `${name}${rank > 2 ? ` ${place + 1}` : ""}`;
      const sheet = makeSheet(model, array, { rows: size.rows, columns: size.columns, label });
      sheet.cells.forEach((line, y) => line.forEach((cell, x) => {
        cell.node.addEventListener("click", () => {
          focus = [from[0] + place, from[1] + y, from[2] + x];
          choose(array, cell.flat);
        });
      }));
      return sheet;
    });
    board.replaceChildren(...sheets.map((sheet) => sheet.element));
    const axisWords = [axes.slice(0, -2).filter(Boolean).join(","), axes[rank - 2] || NO_AXIS, axes[rank - 1] || NO_AXIS];
    moves = [0, 1, 2].filter((axis) => limits[axis] > counts()[axis]).map((axis) => {
      const button = (/** @type {keyof typeof ICONS} */ sign, /** @type {number} */ by) => make("button",
        { type: "button", class: "small", click: () => pan(axis, by),
          "aria-label": words.text(by < 0 ? "trace.page.pan.back" : "trace.page.pan.on", { array: name, axis: axisWords[axis] }) },
        icon(sign));
      return { axis, text: make("span"), back: button(axis === 1 ? "up" : "left", -1), on: button(axis === 1 ? "down" : "right", 1) };
    });
    pans.replaceChildren(...moves.map(({ axis, text, back, on }) => make("span", { class: "pan" }, make("span", {}, ...letters(model, axisWords[axis])), text, back, on)));
    draw();
  };

  // A click follows a cell and leaves the focus where it is, so that the arrows go on to be those of the steps.
  board.addEventListener("mousedown", (/** @type {Event} */ event) => event.preventDefault());
  board.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowUp: [0, -1, 0], ArrowDown: [0, 1, 0], ArrowLeft: [0, 0, -1], ArrowRight: [0, 0, 1],
      PageUp: [-1, 0, 0], PageDown: [1, 0, 0], Home: [0, 0, -width], End: [0, 0, width] }[event.key];
    const press = event.key === "Enter" || event.key === " ";
    if ((!step && !press) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (press) return choose(array, (focus[0] * height + focus[1]) * width + focus[2]);
    focus = focus.map((place, axis) => Math.max(0, Math.min(limits[axis] - 1, place + /** @type {number[]} */ (step)[axis])));
    follow(focus);
    draw();
    sheets[focus[0] - from[0]].cells[focus[1] - from[1]][focus[2] - from[2]].node.focus();
  });
  board.addEventListener("focusin", (/** @type {any} */ { target }) => {
    sheets.forEach((sheet, s) => sheet.cells.forEach((line, y) => line.forEach(({ node }, x) => {
      if (node === target) focus = [from[0] + s, from[1] + y, from[2] + x];
    })));
    reach();
  });

  return {
    element, array,
    extents: { slices, rows: height, columns: width, characters: wide, sides, caption, heading: 0 },
    /** @param {number} character its width in pixels @returns {Extents} */
    measure(character) {
      this.extents.heading = heading.offsetWidth / character;
      return this.extents;
    },
    /** @param {(extents: Extents) => {rows: number, columns: number, slices: number}} windowed */
    resize(windowed) {
      if (empty) return;
      const { rows, columns, slices: most } = windowed(this.extents);
      if (size.rows === rows && size.columns === columns && size.slices === most) return;
      size = { rows, columns, slices: most };
      from = from.map((place, axis) => clamp(place, axis));
      if (latest) this.look(latest);
      build();
    },
    /** Move the window to what a step reads or writes. @param {Frame} frame */
    look({ step }) {
      const eye = !step ? -1 : step.target[0] === array ? step.target[1] : cellsRead(step).find(([one]) => one === array)?.[1] ?? -1;
      if (eye >= 0) follow(split(eye));
      if (eye >= 0 && !board.contains(document.activeElement)) focus = split(eye);
    },
    /** @param {Frame} frame */
    update(frame) {
      latest = frame;
      if (empty || !sheets.length) return;
      this.look(frame);
      draw();
    },
  };
}
