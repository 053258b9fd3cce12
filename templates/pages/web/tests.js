const TEST_FIELDS = ["shapes", "values", "result"];
const OUTCOMES = { passed: "good", failed: "bad", refused: "bad" };

/**
 * What the reader says of the expression, kept with it: shapes that fit, or values and the result they give.
 *
 * @param {Speech} words
 * @param {any} doing
 * @param {Asked} asked
 */
function makeTests(words, doing, asked) {
  const panel = makePanel("tests", words, doing);
  const list = make("ul", { class: "rows" });
  /** @type {Map<string, any>} */
  const inputs = new Map(TEST_FIELDS.map((name) => [name, make("input", { type: "text", spellcheck: "false", autocomplete: "off",
    placeholder: words.text(`web.tests.example.${name}`) })]));
  const form = make("form", { class: "adding", submit: (/** @type {Event} */ event) => {
    event.preventDefault();
    const given = testsIn([Object.fromEntries([...inputs].map(([name, input]) => [name, input.value.trim()]))])[0];
    if (!given.shapes && !given.values) return inputs.get("shapes").focus();
    for (const input of inputs.values()) input.value = "";
    doing.choose({ tests: [...doing.asked().tests, given] });
    inputs.get("shapes").focus();
  } }, ...TEST_FIELDS.map((name) => make("label", {}, make("span", {}, words.text(`web.tests.${name}`)), inputs.get(name))),
    make("button", { type: "submit" }, icon("add"), words.text("web.tests.add")));
  panel.body.append(make("p", { class: "aside" }, words.text("web.tests.about")), list, form);
  const drop = (/** @type {number} */ place) => doing.choose({ tests: doing.asked().tests.filter((/** @type {any} */ _, /** @type {number} */ one) => one !== place) });

  /** @param {any[]} rows */
  const draw = (rows) => list.replaceChildren(...doing.asked().tests.map((/** @type {StatedTest} */ test, /** @type {number} */ place) => {
    const { outcome = "", text = "" } = rows[place] ?? {};
    const said = [test.name, ...TEST_FIELDS.map((name) => /** @type {any} */ (test)[name])].filter(Boolean).join(" · ");
    const label = words.text("web.tests.drop", { test: said });
    return make("li", { class: "test" }, make("div", {}, make("code", {}, said),
      outcome ? make("p", { class: `outcome ${OUTCOMES[/** @type {keyof typeof OUTCOMES} */ (outcome)] ?? ""}` }, make("b", {}, words.text(`web.tests.${outcome}`)), " ", text) : ""),
      make("button", { type: "button", class: "quiet", "aria-label": label, title: label, click: () => drop(place) }, icon("close")));
  }));
  draw([]);
  return {
    ...panel, asks: "tests",
    wanted: () => doing.asked().tests.length > 0,
    blank: () => draw([]),
    /** @param {any} ok */
    show: (ok) => {
      panel.fresh();
      draw(ok.rows);
    },
    fail: () => draw([]),
    stale: () => draw([]),
  };
}
