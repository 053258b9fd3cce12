/**
 * The indices of the loops with their values; one that is pointed at, or chosen, is lit everywhere.
 *
 * @param {Model} model
 * @param {ReturnType<typeof makeWords>} words
 * @param {(index: number) => void} choose
 */
function makeChips(model, words, choose) {
  const chips = model.data.indices.map((index, number) => {
    const value = make("b", {}, "–");
    const part = make("i", { class: "part" });
    const kind = words.text(index.summed ? "trace.page.summed" : "trace.page.free");
    const button = make("button",
      { type: "button", "aria-pressed": "false", "data-x": number, title: kind, click: () => choose(number),
        class: `chip i${index.colour % COLOURS}${index.summed ? " summed" : ""}` },
      index.summed ? "Σ " : "", letter(model, number, index.name), " = ", value,
      make("small", {}, words.text("trace.page.of", { count: index.extent })), part);
    return { index, value, part, button };
  });
  return {
    element: make("div", { class: "chips", role: "group", "aria-label": words.text("trace.page.indices") },
      ...chips.map(({ button }) => button)),
    /** @param {Frame} frame */
    update({ step }) {
      const at = new Map(step?.at);
      chips.forEach(({ index, value, part }, number) => {
        const now = at.get(number);
        setText(value, now === undefined ? "–" : String(now));
        part.style.transform = `scaleX(${now === undefined || !index.extent ? 0 : (now + 1) / index.extent})`;
      });
    },
    /** @param {number} index -1: none */
    press: (index) => chips.forEach(({ button }, number) => button.setAttribute("aria-pressed", number === index)),
  };
}
