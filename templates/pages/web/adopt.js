const KEPT_TAGS = new Set(("div section p span code pre strong b i em sub sup small br table thead tbody tr th td details summary"
  + " ul ol li h1 h2 h3 math mrow mi mn mo msub msup msubsup munder mover munderover mfrac mspace mtext mfenced mstyle mtable"
  + " mtr mtd svg g path rect text tspan line circle title desc").split(" "));
const KEPT_ATTRIBUTES = new Set(("class scope title lang role aria-label aria-hidden width height displaystyle viewBox d x y rx ry r"
  + " cx cy x1 y1 x2 y2 font-size text-anchor data-element colspan rowspan mathvariant stretchy").split(" "));
/** Headings in a fragment stand below that of its panel. */
const LOWERED = new Map([["h1", "h2"], ["h2", "h3"]]);

/**
 * Copies markup of einloop's templates into the document: the elements and attributes that they are made of, nothing else.
 * Styles and scripts have no way in, whatever the markup says.
 *
 * @param {string} markup
 * @returns {DocumentFragment}
 */
function adopt(markup) {
  const given = new DOMParser().parseFromString(markup, "text/html").body;
  const content = document.createDocumentFragment();
  /** @param {Node} from @param {Node} to */
  const copy = (from, to) => {
    for (const child of from.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(/** @type {Text} */ (child).data));
      if (child.nodeType !== Node.ELEMENT_NODE) continue;
      const element = /** @type {Element} */ (child);
      if (!KEPT_TAGS.has(element.localName)) continue;
      const own = document.createElementNS(element.namespaceURI, LOWERED.get(element.localName) ?? element.localName);
      for (const { name, value } of element.attributes) if (KEPT_ATTRIBUTES.has(name)) own.setAttribute(name, value);
      to.appendChild(own);
      copy(element, own);
    }
  };
  copy(given, content);
  return content;
}

/** Lets the keyboard reach what is wider than its box, and nothing else. Boxes are measured when they are laid out anyway. */
const wideBoxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const wide = target.scrollWidth > target.clientWidth + 1;
    if (wide === target.hasAttribute("tabindex")) continue;
    if (wide) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

/** @param {Element} root all whose boxes that scroll are watched; boxes that are gone are forgotten with their elements @param {string} name */
function reachScrolling(root, name) {
  for (const node of root.querySelectorAll("pre, .scroll, .formula")) {
    node.setAttribute("role", "group");
    node.setAttribute("aria-label", name);
    wideBoxes.observe(node);
  }
}
