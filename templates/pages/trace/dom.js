/**
 * Makes an element. Data reach the page as text and as attributes only, never as HTML.
 *
 * @param {string} tag
 * @param {Object<string, any>} [attributes] functions listen; false and null are left out
 * @param {...(Node | string)} children
 * @returns {any}
 */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (name === "style") node.style.cssText = value;
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
/** @type {Object<string, string>} */
const ICONS = {
  start: "M4 3v14M16 4 7 10l9 6z", back: "M14 3 5 10l9 7z", play: "M5 3l11 7-11 7z", pause: "M6 3v14M14 3v14",
  next: "M6 3l9 7-9 7z", end: "M16 3v14M4 4l9 6-9 6z",
  up: "M3 13l7-7 7 7", down: "M3 7l7 7 7-7", left: "M13 3l-7 7 7 7", right: "M7 3l7 7-7 7",
};

/** @param {string} name of ICONS */
function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon ${name}`);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** @param {Element} node @param {string} text set only where it differs */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
