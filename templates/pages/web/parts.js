/** How long a button says that it has done its work, in milliseconds. */
const DONE_TIME = 1600;

/** @typedef {ReturnType<typeof makeWords>} Speech */

/** @param {string} text @returns {Promise<boolean>} whether the text is on the clipboard now */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // a page from a file may have no clipboard of its own: a selection is copied instead
    const held = make("textarea", { style: "position: fixed; opacity: 0", "aria-hidden": "true" });
    const focused = /** @type {any} */ (document.activeElement);
    held.value = text;
    document.body.append(held);
    held.select();
    const done = document.execCommand("copy");
    held.remove();
    focused?.focus();
    return done;
  }
}

/** @param {Speech} words @param {string} name what is copied @param {() => string} text @returns {any} */
function copyButton(words, name, text) {
  const label = words.text("web.copy.of", { what: name });
  const button = make("button", { type: "button", class: "quiet copying", "aria-label": label, title: label, click: async () => {
    const done = await toClipboard(text());
    button.replaceChildren(icon(done ? "done" : "close"));
    button.classList.toggle("copied", done);
    say(words.text(done ? "web.copy.done" : "web.copy.failed"));
    setTimeout(() => {
      button.replaceChildren(icon("copy"));
      button.classList.remove("copied");
    }, DONE_TIME);
  } }, icon("copy"));
  return button;
}

/** @param {string} text for those who listen to the page */
function say(text) {
  const live = document.querySelector(".web > .live");
  if (live) live.textContent = text;
}

/**
 * @param {string} label
 * @param {[string, string][]} options values, and what they are called
 * @param {string} chosen
 * @param {(value: string) => void} choose
 */
function makeChoice(label, options, chosen, choose) {
  const select = make("select", { "aria-label": label, title: label, change: () => choose(select.value) });
  const fill = (/** @type {[string, string][]} */ rows, /** @type {string} */ now) => {
    const known = rows.some(([value]) => value === now);
    select.replaceChildren(...rows.map(([value, name]) => make("option", { value, selected: value === now }, name)),
      ...(known ? [] : [make("option", { value: now, selected: true }, now)]));
    select.value = now;
  };
  fill(options, chosen);
  return { element: select, fill };
}

/**
 * Buttons of which one is pressed.
 *
 * @param {string} label
 * @param {(value: string) => void} choose
 */
function makeSwitch(label, choose) {
  const element = make("div", { class: "switch", role: "group", "aria-label": label });
  let shown = "";
  return {
    element,
    /** @param {[string, string][]} options @param {string} chosen */
    fill: (options, chosen) => {
      const wanted = JSON.stringify(options);
      if (shown !== wanted) {
        element.replaceChildren(...options.map(([value, name]) => make("button", { type: "button", "data-value": value, click: () => choose(value) }, name)));
        shown = wanted;
      }
      for (const button of element.children) button.setAttribute("aria-pressed", String(button.dataset.value === chosen));
    },
  };
}

/** @param {Tint} tint @param {string} source @returns {any} lines of code, indices in their colours */
const codeBlock = (tint, source) => make("pre", { class: "code" }, make("code", {}, ...source.replace(/\n+$/, "").split("\n")
  .flatMap((line, place) => [place ? "\n" : "", ...tint.letters(line)])));

/** @param {any} block code @param {any} button that copies it @returns {any} */
const withCopy = (block, button) => make("div", { class: "copied-block" }, block, button);

/** @param {(number | string)[] | string | null | undefined} shape */
const shapeText = (shape) => (shape === null || shape === undefined ? "" : typeof shape === "string" ? shape
  : shape.length ? shape.join("×") : "()");
