const LISTED = 8;

/**
 * What is known of the cell that the reader follows: its steps, and the cells that it goes to.
 *
 * @param {Model} model
 * @param {ReturnType<typeof makeWords>} words
 * @param {{jump: (n: number) => void, release: () => void}} doing
 */
function makePinned(model, words, { jump, release }) {
  const lead = make("p");
  const goes = make("p");
  const back = make("button", { type: "button", class: "release", click: release }, words.text("trace.page.follow.release"));
  const element = make("section", { class: "following", hidden: true, "aria-label": words.text("trace.page.follow.title") }, lead, back, goes);
  /** @template T @param {T[]} items @param {(item: T) => (Node | string)[]} write */
  const listed = (items, write) => [
    ...items.slice(0, LISTED).flatMap((item, place) => [place ? " " : "", ...write(item)]),
    items.length > LISTED ? ` ${words.text("trace.page.others", { count: items.length - LISTED })}` : "",
  ];
  /** @type {Pin | null} */
  let shown = null;
  return {
    element,
    /** @param {Frame} frame */
    update({ pin }) {
      if (pin === shown) return;
      shown = pin;
      element.hidden = !pin;
      if (!pin) return;
      const operand = model.data.arrays[pin.cell[0]].role === "operand";
      const name = make("code", {}, ...cellName(model, ...pin.cell));
      lead.replaceChildren(name, " ",
        words.text(operand ? "trace.page.follow.read_by" : "trace.page.follow.made_by", { count: pin.steps.length }), " ",
        ...listed(pin.steps, (n) => [make("button", { type: "button", class: "small", click: () => jump(n),
          "aria-label": words.text("trace.page.jump", { number: n }) }, grouped(n))]),
        model.whole ? "" : ` (${words.text("trace.page.follow.part")})`);
      goes.hidden = !pin.goes.length;
      goes.replaceChildren(words.text("trace.page.follow.goes"), " ",
        ...listed(pin.goes, (cell) => [make("code", {}, ...cellName(model, ...cell))]));
    },
  };
}
