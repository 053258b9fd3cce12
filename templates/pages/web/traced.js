/**
 * The loops step by step: the trace page's own parts.
 *
 * @param {Speech} words
 * @param {any} doing
 * @param {Asked} asked
 */
function makeTraced(words, doing, asked) {
  const symbols = make("button", { type: "button", class: "quiet press", "aria-pressed": String(asked.symbolic),
    click: () => doing.choose({ symbolic: !doing.asked().symbolic }) }, words.text("web.trace.symbols"));
  const panel = makePanel("trace", words, doing, [symbols]);
  /** @type {any} */
  let mounted = null;
  const clear = () => {
    mounted?.close();
    mounted = null;
  };
  // What changes the width of a panel, such as another one that closes, is no event of the window.
  let wide = 0;
  new ResizeObserver(([{ contentRect: { width } }]) => {
    const changed = width !== wide;
    wide = width;
    if (mounted && changed && width) window.dispatchEvent(new Event("resize"));
  }).observe(panel.body);
  return {
    ...panel, asks: "trace", slow: true, fill: (/** @type {Asked} */ now) => symbols.setAttribute("aria-pressed", String(now.symbolic)),
    /** @param {any} ok */
    show: (ok) => {
      panel.fresh();
      clear();
      const root = make("div", { class: "trace" });
      panel.body.replaceChildren(root);
      mounted = mountTrace(root, ok.data, { [words.lang]: ok.words }, { lang: words.lang });
    },
    /** @param {Fault} fault */
    fail: (fault) => {
      clear();
      panel.fail(fault);
    },
  };
}
