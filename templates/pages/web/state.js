/** @type {Asked} */
const DEFAULTS = {
  text: "", other: "", at: "", notation: "", shapes: "", dtype: "", target: "python", style: "", schedule: "", order: "",
  path: "", library: "numpy", kind: "cells", symbolic: false, lang: "en", tests: [], arrays: [],
};
/** Panels from left to right, top to bottom, by column. */
const COLUMNS = [["meaning", "tests", "compare"], ["loops", "same"], ["picture", "trace", "why"]];
const OPEN = ["meaning", "loops", "same", "picture", "trace"];
const NONE = "none";

/** @typedef { {asked: Asked, open: string[], wide: boolean} } Shown  wide: pictures have the whole width */

/** @param {any} value @returns {StatedTest[]} what of a value are tests */
const testsIn = (value) => (Array.isArray(value) ? value : []).map((one) => {
  const text = (/** @type {string} */ name) => (typeof one?.[name] === "string" ? one[name] : "");
  return { name: text("name"), shapes: text("shapes"), values: text("values"), result: text("result") };
});

/** @param {string} text @returns {any} a value in JSON; nothing where it is none */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param {string} hash
 * @param {Asked} first what holds where the address says nothing
 * @returns {Shown}
 */
function readAddress(hash, first) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  /** @type {any} */
  const asked = given.has("text") ? { ...DEFAULTS, lang: first.lang } : { ...first };
  for (const [name, standard] of Object.entries(DEFAULTS)) {
    const value = given.get(name);
    if (value === null) continue;
    if (name === "tests") asked.tests = testsIn(parsed(value));
    else if (name === "arrays") asked.arrays = value ? value.split(",") : [];
    else asked[name] = typeof standard === "boolean" ? value === "1" : value;
  }
  const panels = given.get("panels");
  const known = COLUMNS.flat();
  return { asked, open: panels === null ? [...OPEN] : known.filter((id) => panels.split(",").includes(id)), wide: given.has("wide") };
}

/** @param {Shown} shown @returns {string} an address' hash that says all that is not the default */
function addressOf({ asked, open, wide }) {
  const written = new URLSearchParams({ text: asked.text });
  for (const [name, standard] of Object.entries(DEFAULTS)) {
    const value = asked[/** @type {keyof Asked} */ (name)];
    if (name === "text" || String(value) === String(standard) && name !== "lang") continue;
    if (name === "tests") written.set(name, JSON.stringify(value));
    else written.set(name, value === true ? "1" : String(value));
  }
  const panels = COLUMNS.flat().filter((id) => open.includes(id));
  if (panels.length !== OPEN.length || panels.some((id) => !OPEN.includes(id))) written.set("panels", panels.join(",") || NONE);
  if (wide) written.set("wide", "1");
  return `#${written}`;
}
