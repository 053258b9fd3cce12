/**
 * The lines of the loops, the current one marked.
 *
 * @param {Model} model
 * @param {ReturnType<typeof makeWords>} words
 */
function makeCode(model, words) {
  const lines = model.data.code.map((text) => {
    const indent = text.length - text.trimStart().length;
    return make("li", { style: `--deep: ${indent}` }, make("code", {}, make("span", { class: "indent" }, text.slice(0, indent) || (text ? "" : " ")),
      ...letters(model, text.slice(indent))));
  });
  const list = make("ol", {}, ...lines);
  const box = make("div", { class: "lines", tabindex: 0, role: "region", "aria-label": words.text("trace.page.code") }, list);
  let current = -1;
  const follow = () => {
    const { offsetTop = 0, offsetHeight = 0 } = lines[current] ?? {};
    const above = offsetTop - box.scrollTop;
    if (above < 0 || above + offsetHeight > box.clientHeight) box.scrollTop = offsetTop - (box.clientHeight - offsetHeight) / 2;
  };
  return {
    follow,
    element: make("section", { class: "code" }, make("h2", { class: "unseen" }, words.text("trace.page.code")), box),
    /** @param {Frame} frame */
    update({ step }) {
      const line = step ? step.line - 1 : -1;
      if (line === current) return;
      lines[current]?.removeAttribute("aria-current");
      lines[line]?.setAttribute("aria-current", "step");
      current = line;
      follow();
    },
  };
}
