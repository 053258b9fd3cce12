/** Characters beyond which a field shows its own text, without colours and carets: laying it out twice takes too long. */
const MAX_COPIED = 8000;

/**
 * A field for text, with the colours of indices and with carets below the characters that are wrong. The text is shown by
 * a copy that lies below the field's own, which is transparent: both break lines alike.
 *
 * @param {{label: string, value: string, single?: boolean, placeholder?: string, describedby?: string, change: (text: string) => void,
 *   commit?: () => void}} how
 */
function makeField({ label, value, single, placeholder, describedby, change, commit }) {
  const copy = make("pre", { class: "copy", "aria-hidden": "true" });
  const input = make("textarea", { rows: 1, spellcheck: "false", autocomplete: "off", autocapitalize: "off", "aria-label": label,
    placeholder, "aria-describedby": describedby, class: single ? "single" : "",
    input: () => { if (single) flatten(); draw(); change(input.value); },
    keydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      if (!single && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      commit?.();
    },
    scroll: () => { copy.scrollTop = input.scrollTop; } });
  const flatten = () => {
    if (/[\r\n]/.test(input.value)) input.value = input.value.replace(/\s*[\r\n]+\s*/g, " ");
  };
  /** @type {Tint} */
  let tint = makeTint(null, false);
  /** @type {[number, number][]} spans of characters that are wrong */
  let wrong = [];
  /** @type {string} what the marks are for */
  let marked = "";

  const draw = () => {
    const text = input.value;
    const long = text.length > MAX_COPIED;
    const marks = text === marked && !long ? wrong : [];
    element.classList.toggle("long", long);
    if (long) copy.textContent = "";
    else copy.replaceChildren(...pieces(text, text ? tint.characters(text) : [], marks), "\u200b");
    input.toggleAttribute("data-wrong", marks.length > 0);
    input.setAttribute("aria-invalid", String(marks.length > 0));
  };
  const element = make("div", { class: `field${single ? " single" : ""}` }, copy, input);
  input.value = value;
  draw();
  return {
    element, input,
    /** @param {string} text */
    set: (text) => {
      if (input.value === text) return;
      input.value = text;
      draw();
    },
    /** @param {Tint} own */
    tint: (own) => {
      tint = own;
      draw();
    },
    /** @param {[number, number][]} spans @param {string} text whose characters they count @returns {boolean} whether they are shown */
    mark: (spans, text) => {
      [wrong, marked] = [spans, text];
      draw();
      return spans.length > 0 && text.length <= MAX_COPIED;
    },
  };
}

/** Characters with a caret of their own; more are underlined. */
const MAX_CARETS = 120;

/**
 * @param {string} text
 * @param {(number | undefined)[]} colours of its characters
 * @param {[number, number][]} marks
 * @returns {(Node | string)[]} runs of one colour; each character that is wrong alone, so that its caret stays below it
 */
function pieces(text, colours, marks) {
  const characters = [...text];
  if (!colours.length && !marks.length) return [text];
  /** @type {Set<number>} */
  const places = new Set();
  for (const [start, stop] of marks) for (let at = start; at < Math.max(stop, start + 1); at++) places.add(at);
  const many = places.size > MAX_CARETS;
  const isWrong = (/** @type {number} */ at) => places.has(at);
  /** @type {(Node | string)[]} */
  const found = [];
  const look = (/** @type {number | undefined} */ colour) => (colour === undefined ? "" : `x i${colour % COLOURS}${colour >= COLOURS ? " again" : ""}`);
  for (let at = 0; at < characters.length;) {
    let stop = at + 1;
    const wrong = isWrong(at) && (many || characters[at] !== "\n");
    while ((!wrong || many) && stop < characters.length && colours[stop] === colours[at] && isWrong(stop) === isWrong(at)) stop += 1;
    const run = characters.slice(at, stop).join("");
    const own = `${look(colours[at])}${wrong ? (many ? " wrong many" : " wrong") : ""}`.trim();
    found.push(own ? make("span", { class: own }, run) : run);
    at = stop;
  }
  if (isWrong(characters.length)) found.push(make("span", { class: "wrong end" }, " "));
  return found;
}

/**
 * @param {Fault | null} fault
 * @param {string} text of a field
 * @returns {[number, number][]} where in the field's text the fault lies, in characters; none where it lies elsewhere
 */
function placesIn(fault, text) {
  if (!fault?.span || !fault.text) return [];
  const at = text.indexOf(fault.text);
  if (at < 0 || text.indexOf(fault.text, at + 1) >= 0) return [];
  const before = [...text.slice(0, at)].length;
  return [fault.span, ...(fault.also ?? [])].map(([start, stop]) => [before + start, before + stop]);
}
