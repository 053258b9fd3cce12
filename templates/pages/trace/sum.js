const NEAR = 1;
const FIRST = 2;
const SHOWN_TERMS = 9;

const DIGITS = 10;
const ZERO = /^\(?(-?0(\.0*)?([-+]0j)?|-?0j|False)\)?$/;

/** @param {string} text @returns {string} a value as it stands among others: negative ones and sums in parentheses */
function inside(text) {
  const shown = near(text);
  return /^≈?−|. |∨/.test(shown) && !/^\([^()]*\)$/.test(shown) ? `(${short(shown, DIGITS * 3)})` : short(shown, /[a-z]/.test(text) ? DIGITS * 3 : DIGITS);
}

/** @param {Term} term @returns {string[]} its factors and numbers */
const partsOf = ({ times, factors }) => [...(times ? [inside(String(times))] : []), ...factors.map((factor) => inside(factor[2]))];

/** @param {Term} term @param {string} sign of a product @returns {string} `2·4·5 / 3`, without its own sign */
function product(term, sign) {
  const over = (term.over ?? []).map((one) => ` / ${inside(Array.isArray(one) ? one[2] : String(one))}`).join("");
  return (partsOf(term).join(sign) || "1") + over;
}

/** @param {number} count @param {number} from @param {number} to the current ones @returns {number[]} which terms of a long sum are shown */
function chosenTerms(count, from, to) {
  if (count <= SHOWN_TERMS) return Array.from({ length: count }, (_, place) => place);
  const wanted = new Set([count - 1]);
  for (let place = 0; place < FIRST; place++) wanted.add(place);
  for (const middle of [from, to]) for (let place = middle - NEAR; place <= middle + NEAR; place++) wanted.add(place);
  if (to - from < SHOWN_TERMS) for (let place = from; place <= to; place++) wanted.add(place);
  return [...wanted].filter((place) => place >= 0 && place < count).sort((a, b) => a - b);
}

/**
 * The sum that a step belongs to, written out, and what the step adds to it.
 *
 * @param {Model} model
 * @param {ReturnType<typeof makeWords>} words
 */
function makeSum(model, words) {
  const whole = make("p", { class: "whole" });
  const now = make("p", { class: "now" });
  const gap = (/** @type {string} */ text) => make("span", { class: "gap" }, text);

  /** @param {Step} step */
  const signs = (step) => {
    const logic = model.data.arrays[step.target[0]].dtype === "bool";
    return { times: logic ? "∧" : "·", plus: logic ? "∨" : "+" };
  };

  /** @param {number} n @param {Step} step @param {boolean} asked what comes later is not shown @returns {(Node | string)[]} */
  const written = (n, step, asked) => {
    const { times, plus } = signs(step);
    /** @type {{term: Term, n: number}[]} */
    const items = [];
    for (const one of model.sumOf(step)) {
      for (const term of /** @type {Step} */ (model.step(one)).terms) items.push({ term, n: one });
    }
    const from = items.findIndex((item) => item.n === n);
    const to = from + step.terms.length - 1;
    /** @type {(Node | string)[]} */
    const found = [make("span", { class: "target" }, ...cellName(model, ...step.target)), " = "];
    const first = model.step(model.sumOf(step)[0]);
    const begun = first?.before ?? null;
    const [early, late] = model.absent(step);
    /** @param {string} id @param {number} count of steps */
    const away = (id, count) => (count > 0 && step.terms.length === 1 ? words.text(id, { count }) : "");
    let some = begun !== null && (early !== 0 || !ZERO.test(begun));
    const texts = some ? [inside(String(begun))] : [];
    found.push(...texts.map(withoutAbout));
    if (early) found.push(gap(` (${away("trace.page.early", early) || "…"})`));
    let done = -1;
    for (const place of chosenTerms(items.length, from, to)) {
      if (asked && place > to) break;
      if (place > done + 1) {
        found.push(gap(`${some ? ` ${plus} ` : ""}… ${words.text("trace.page.more", { count: place - done - 1 })} …`));
        some = true;
      }
      const { term, n: when } = items[place];
      const sign = term.negative ? (some ? " − " : "−") : some ? ` ${plus} ` : "";
      const look = when === n ? "term current" : when < n ? "term" : "term later";
      texts.push(product(term, times));
      found.push(sign, make("span", { class: look }, withoutAbout(texts[texts.length - 1])));
      some = true;
      done = place;
    }
    found[1] = equals(...texts);
    if (asked ? late || to < items.length - 1 : late) found.push(gap(` ${plus} … ${asked ? "" : away("trace.page.late", late)}`.trimEnd()));
    return found;
  };

  /** @param {Step} step @param {(term: Term) => string} write @returns {string} what the cell held and what the step adds */
  const side = (step, write) => {
    const { plus } = signs(step);
    const shown = step.terms.length <= SHOWN_TERMS ? step.terms : step.terms.slice(0, FIRST);
    const rest = step.terms.length - shown.length;
    let text = step.before === null ? "" : inside(step.before);
    for (const term of shown) text += (term.negative ? (text ? " − " : "−") : text ? ` ${plus} ` : "") + write(term);
    return text + (rest ? ` ${plus} … ${words.text("trace.page.more", { count: rest })}` : "");
  };

  /** @param {Step} step @returns {(Node | string)[]} */
  const worked = (step) => {
    const sides = [side(step, (term) => product(term, signs(step).times)), side(step, (term) => inside(term.value))];
    const after = near(step.after);
    const chain = sides.filter((text, place) => text !== sides[place - 1] && text !== after);
    return [...chain.flatMap((text, place) => [withoutAbout(text), equals(text, chain[place + 1] ?? after)]), make("strong", { class: "after" }, chain.length ? withoutAbout(after) : after)];
  };

  /** @param {Frame} frame @returns {string} what is said where there is no step to show */
  const none = ({ n, missed }) => {
    if (!missed) return words.text(model.data.count ? "trace.page.before" : "trace.page.none");
    const { first, count } = model.data;
    return ["trace.page.missed", "trace.page.part"].map((id) => words.text(id, { number: n, first, last: model.last, count })).join(words.gap);
  };

  /** @param {[number, number, string][]} factors @returns {string[]} */
  const names = (factors) => factors.map(([array, flat]) => cellText(model, array, flat));

  return {
    element: make("div", { class: "sum" }, whole, now),
    /** @param {Frame} frame */
    update(frame) {
      const { n, step, asks } = frame;
      whole.replaceChildren(...(step ? written(n, step, asks > 0) : []));
      now.replaceChildren(...(step ? [make("span", { class: "label" }, words.text("trace.page.now")), " ", ...worked(step)] : [none(frame)]));
    },
    /** @param {Frame} frame @returns {string} the step in one line of text, for a screen reader */
    text: (frame) => (frame.step ? textOf([...cellName(model, ...frame.step.target), " = ", ...worked(frame.step)]) : none(frame)),
    /** @param {Step} step @returns {string} what a step makes, with the names of what it reads */
    meets: (step) => side(step, ({ times, factors, over }) => (/** @type {string[]} */ ([...(times ? [times] : []), ...names(factors)]).join(signs(step).times) || "1")
      + (over ?? []).map((one) => ` / ${Array.isArray(one) ? names([one]) : one}`).join("")),
  };
}
