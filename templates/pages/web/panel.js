/** How long an answer may take before the panel looks as if it were waiting, in milliseconds. */
const PATIENCE = 250;

/**
 * A part of the page with a title, tools, and what an answer shows.
 *
 * @param {string} id
 * @param {Speech} words
 * @param {{close: (id: string) => void, fix: (expression: string, of: Fault) => void}} doing
 * @param {any[]} tools
 */
function makePanel(id, words, doing, tools = []) {
  const title = words.text(`web.panel.${id}`);
  const body = make("div", { class: "body" });
  const note = make("div", { class: "told", hidden: true });
  const closeLabel = words.text("web.panel.close", { panel: title });
  const heading = make("h2", { tabindex: -1 }, title);
  const element = make("section", { class: `view view-${id}`, "aria-label": title },
    make("div", { class: "head" }, heading, make("div", { class: "choices" }, ...tools),
      make("button", { type: "button", class: "quiet closing", "aria-label": closeLabel, title: closeLabel, click: () => doing.close(id) }, icon("close"))),
    note, body);
  let timer = 0;
  const tell = (/** @type {any[]} */ nodes) => {
    note.hidden = !nodes.length;
    note.replaceChildren(...nodes);
  };
  const fresh = () => {
    element.classList.remove("old");
    body.inert = false;
    tell([]);
  };
  return {
    id, element, body,
    focus: () => heading.focus(),
    /** @param {boolean} on */
    wait: (on) => {
      clearTimeout(timer);
      if (on) timer = setTimeout(() => element.classList.add("waiting"), PATIENCE);
      else element.classList.remove("waiting");
      element.setAttribute("aria-busy", String(on));
    },
    fresh,
    /** @param {Fault} fault */
    fail: (fault) => {
      fresh();
      tell([faultNote(fault, words, { fix: doing.fix })]);
      body.replaceChildren();
    },
    /** Dims what belongs to an earlier text, and lets nobody use it. */
    stale: () => {
      if (!body.childNodes.length) return;
      element.classList.add("old");
      body.inert = true;
    },
  };
}
