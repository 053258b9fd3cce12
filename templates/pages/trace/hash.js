/**
 * The state that an address holds after its `#`: `step=10&cell=2:3&lang=ja`, or `view=stages`.
 *
 * @typedef {{step?: number, cell?: [number, number], lang?: string, view?: string}} Place
 * @returns {Place}
 */
function readHash() {
  const given = new URLSearchParams(location.hash.slice(1));
  const step = given.get("step");
  const cell = /^(\d+):(\d+)$/.exec(given.get("cell") ?? "");
  return {
    ...(step !== null && /^\d+$/.test(step) ? { step: Number(step) } : {}),
    ...(cell ? { cell: /** @type {[number, number]} */ ([Number(cell[1]), Number(cell[2])]) } : {}),
    ...(given.get("view") ? { view: String(given.get("view")) } : {}),
    ...(given.get("lang") ? { lang: String(given.get("lang")) } : {}),
  };
}

/** @param {Place} place */
function writeHash({ step, cell, view, lang }) {
  const text = `#step=${step}${cell ? `&cell=${cell.join(":")}` : ""}${view ? `&view=${view}` : ""}${lang ? `&lang=${lang}` : ""}`;
  try {
    if (location.hash !== text) history.replaceState(null, "", text);
  } catch {
    // a frame without an address of its own has nothing to link to
  }
}
