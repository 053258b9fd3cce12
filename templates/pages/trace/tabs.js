/**
 * Tabs, of which one panel is shown. The arrows move from tab to tab.
 *
 * @param {{name: string, panel: any}[]} tabs
 * @param {number} first which is open
 * @param {(tab: number) => void} opened
 */
function makeTabs(tabs, first, opened) {
  const buttons = tabs.map(({ name }, place) => make("button", { type: "button", role: "tab", click: () => press(place) }, name));
  tabs.forEach(({ name, panel }) => {
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-label", name);
  });
  const open = (/** @type {number} */ chosen) => {
    buttons.forEach((button, place) => {
      button.setAttribute("aria-selected", String(place === chosen));
      button.tabIndex = place === chosen ? 0 : -1;
      tabs[place].panel.hidden = place !== chosen;
    });
  };
  const press = (/** @type {number} */ chosen) => {
    open(chosen);
    opened(chosen);
  };
  const element = make("div", { class: "tabs", role: "tablist", keydown: (/** @type {KeyboardEvent} */ event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const now = buttons.indexOf(/** @type {any} */ (document.activeElement));
    const next = buttons[now + (by ?? 0)];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    if (!next || next.disabled) return;
    press(buttons.indexOf(next));
    next.focus();
  } }, ...buttons);
  open(first);
  return { element, buttons };
}
