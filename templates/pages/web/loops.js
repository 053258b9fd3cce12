const VERDICTS = { verified: "good", mismatch: "bad", "not run": "" };

/**
 * The loops, in the language and style that the reader chooses.
 *
 * @param {Speech} words
 * @param {any} doing
 * @param {Asked} asked
 */
function makeLoops(words, doing, asked) {
  let source = "";
  const target = makeSwitch(words.text("web.loops.target"), (value) => doing.choose({ target: value, style: "" }));
  const style = makeChoice(words.text("web.loops.style"), [], asked.style, (value) => doing.choose({ style: value }));
  const panel = makePanel("loops", words, doing, [target.element, style.element]);
  const more = makeMore(words, doing, asked);
  panel.body.after(more.element);
  return {
    ...panel, asks: "loops", fill: more.fill,
    /** @param {any} ok @param {Asked} state */
    show: (ok, state) => {
      panel.fresh();
      source = ok.source;
      const targets = [...ok.targets].sort((one, other) => Number(other.name === DEFAULTS.target) - Number(one.name === DEFAULTS.target));
      const chosen = ok.target ?? state.target;
      const styles = targets.find((/** @type {any} */ one) => one.name === chosen)?.styles ?? [];
      target.fill(targets.map((/** @type {any} */ one) => [one.name, one.title]), chosen);
      style.fill(styles.map((/** @type {any} */ one) => [one.name, one.name]), ok.style ?? state.style);
      style.element.hidden = styles.length < 2;
      const verdict = ok.verdict ?? { state: "not run", text: "" };
      panel.body.replaceChildren(withCopy(codeBlock(doing.tint(), source), copyButton(words, words.text("web.panel.loops"), () => source)),
        verdict.text ? make("p", { class: `outcome ${VERDICTS[/** @type {keyof typeof VERDICTS} */ (verdict.state)] ?? ""}` }, verdict.text) : "",
        ...(ok.notes ?? []).map((/** @type {string} */ note) => make("p", { class: "aside" }, note)));
      reachScrolling(panel.body, words.text("web.panel.loops"));
    },
    /** @param {Fault} fault */
    fail: (fault) => {
      panel.fail(fault);
      more.open();
    },
  };
}

const ORDERINGS = ["order", "schedule", "path"];

/** @param {Speech} words @param {any} doing @param {Asked} asked what is rarely asked for: in which order loops stand, what passes do */
function makeMore(words, doing, asked) {
  /** @type {any} */
  const given = asked;
  const some = ORDERINGS.some((name) => given[name]);
  const fields = ORDERINGS.map((name) => make("label", {}, make("span", {}, words.text(`web.loops.${name}`)),
    make("input", { type: "text", value: given[name], spellcheck: "false", autocomplete: "off", placeholder: words.text(`web.loops.example.${name}`),
      input: (/** @type {any} */ { target }) => doing.choose({ [name]: target.value }) })));
  const element = make("details", { class: "more", open: some }, make("summary", {}, words.text("web.loops.more")), ...fields);
  return {
    element,
    /** @param {any} now */
    fill: (now) => fields.forEach((field, place) => {
      const input = field.querySelector("input");
      if (input.value !== now[ORDERINGS[place]]) input.value = now[ORDERINGS[place]];
    }),
    open: () => { if (fields.some((field) => field.querySelector("input").value)) element.open = true; },
  };
}
