const SPEEDS = [0.5, 1, 2, 4, 10, 30, 60, 240];

/**
 * The bar with the buttons, the slider, the number of the step, the speed and the kind of question.
 *
 * @param {Model} model
 * @param {ReturnType<typeof makeWords>} words
 * @param {{go: (kind: "start" | "back" | "next" | "end") => void, play: () => void, slide: (place: number) => void,
 *   jump: (n: number) => void, speed: (speed: number) => void, predict: (kind: Kind) => void}} doing
 * @param {{speed: number, kind: Kind}} state
 */
function makeControls(model, words, doing, state) {
  const button = (/** @type {keyof typeof ICONS} */ name, /** @type {any} */ click) =>
    make("button", { type: "button", class: name, click, "aria-label": words.text(`trace.page.controls.${name}`),
      title: words.text(`trace.page.controls.${name}`) }, icon(name));
  const start = button("start", () => doing.go("start"));
  const back = button("back", () => doing.go("back"));
  const play = button("play", doing.play);
  const next = button("next", () => doing.go("next"));
  const end = button("end", () => doing.go("end"));
  const slider = make("input", { type: "range", min: 0, step: 1, "aria-label": words.text("trace.page.controls.slider"),
    input: () => doing.slide(Number(slider.value)) });
  const number = make("input", { type: "text", inputmode: "numeric", style: `--digits: ${Math.max(2, String(model.data.count).length)}`,
    autocomplete: "off", "aria-label": words.text("trace.page.controls.number"), focus: () => number.select(),
    keydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      play.focus();
    },
    change: () => doing.jump(Number.parseInt(number.value.normalize("NFKC").replace(/,/g, ""), 10)) });
  const option = (/** @type {any} */ value, /** @type {string} */ text, /** @type {boolean} */ selected) => make("option", { value, selected }, text);
  const speed = make("select", { "aria-label": words.text("trace.page.controls.speed"), change: () => doing.speed(Number(speed.value)) },
    ...SPEEDS.map((one) => option(one, words.text("trace.page.controls.per_second", { count: one }), one === state.speed)));
  const kind = make("select", { change: () => doing.predict(kind.value) },
    ...["", "value", "cell", "shape"].map((one) => option(one, words.text(`trace.page.predict.${one || "off"}`), one === state.kind)));
  const of = words.text("trace.page.of", { count: model.data.count });
  const part = model.whole ? "" : make("small", { class: "part" }, words.text("trace.page.here", { first: model.data.first, last: model.last }));
  return {
    kind, number, play,
    element: make("div", { class: "controls", role: "toolbar", "aria-label": words.text("trace.page.controls.title") },
      make("span", { class: "buttons" }, start, back, play, next, end), slider,
      make("label", { class: "number" }, words.text("trace.page.controls.step"), " ", number, " ", make("span", {}, of), " ", part),
      make("label", {}, make("span", { class: "quiet" }, words.text("trace.page.controls.speed"), " "), speed),
      make("label", { class: "asking" }, words.text("trace.page.controls.predict"), " ", kind)),
    /** @param {Frame} frame @param {number} place @param {number} last of the slider @param {boolean} playing */
    update({ n }, place, last, playing) {
      if (slider.max !== String(last)) slider.max = String(last);
      if (slider.value !== String(place)) slider.value = String(place);
      const text = words.text("trace.page.place", { number: n, count: model.data.count });
      if (slider.getAttribute("aria-valuetext") !== text) slider.setAttribute("aria-valuetext", text);
      if (number.value !== String(n)) number.value = String(n);
      start.disabled = back.disabled = place <= 0;
      next.disabled = end.disabled = place >= last;
      play.disabled = last <= 0;
      for (const option of kind.options) option.disabled = next.disabled && ["value", "cell"].includes(option.value);
    },
    /** @param {boolean} playing */
    playing(playing) {
      const name = playing ? "pause" : "play";
      play.replaceChildren(icon(name));
      play.setAttribute("aria-label", words.text(`trace.page.controls.${name}`));
      play.title = words.text(`trace.page.controls.${name}`);
    },
  };
}
