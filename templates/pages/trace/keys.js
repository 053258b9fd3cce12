/**
 * Keys for the whole page. A grid takes its own before they come here; in a field, letters are letters.
 *
 * @param {KeyboardEvent} event
 * @param {{speed: number, kind: Kind, tab: number}} state
 * @param {any} doing
 * @param {any} view
 */
function pressKey(event, state, doing, view) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || view.help.open) return;
  if (state.tab && event.key !== "?") return;
  if (event.key === "Escape") return doing.release();
  const field = target.matches("input, select, textarea");
  const text = target.matches("input[type=text]");
  const range = target.matches("input[type=range]");
  if (text || (field && !range)) return;
  if (event.key === " " && target.matches("button, summary, a")) return;
  const keys = {
    ArrowRight: () => doing.go("next"), ArrowLeft: () => doing.go("back"), " ": doing.play,
    Home: () => doing.go("start"), End: () => doing.go("end"),
    "+": () => view.faster(1), "=": () => view.faster(1), "-": () => view.faster(-1), g: () => view.number.focus(),
    p: () => doing.predict(state.kind ? "" : "value"), "?": () => view.help.showModal(),
  };
  const act = keys[/** @type {keyof typeof keys} */ (event.key)];
  if (!act) return;
  event.preventDefault();
  act();
}
