/** What waits goes in this order: what is read first is asked for first. */
const URGENCY = ["file", "meaning", "loops", "same", "tests", "picture", "why", "diff", "trace", "sheet"];
/** How long the text has to rest before what takes long is asked for, in milliseconds. */
const REST = 220;
/** What is asked once before anybody does, for the sake of the next answers: the first of each takes longest. */
const WARMING = ["meaning", "loops", "picture", "trace"];
/** What a choice changes, where it does not change everything. */
const CONCERNS = {
  target: ["loops"], style: ["loops", "trace"], schedule: ["loops", "trace"], order: ["loops", "trace"], path: ["loops", "picture", "trace"],
  kind: ["picture"], at: ["picture", "why"], other: ["diff"], tests: ["tests"], symbolic: ["trace"],
};

/** @param {string[]} names of what changed @returns {string[] | null} what has to be asked again; null: everything */
function concerned(names) {
  const found = names.map((name) => CONCERNS[/** @type {keyof typeof CONCERNS} */ (name)]);
  return found.every(Boolean) ? [...new Set(found.flat())] : null;
}

/**
 * Keeps the panels in step with what is asked: the meaning first; the rest where the text means something.
 *
 * @param {Transport} transport
 * @param {{asked: () => Asked, open: () => string[], panels: () => WebPanel[], meant: (ok: any, request: any) => void,
 *   refused: (fault: Fault) => void, other: (kind: string, answer: Answer) => void}} page
 */
function makeAsking(transport, page) {
  let good = false;
  /** whether the document's own answers are being shown still */
  let showing = false;
  let rest = 0;
  const visible = () => page.panels().filter((panel) => page.open().includes(panel.id) && panel.asks !== "meaning");

  /** @param {any} panel @param {Answer} answer @param {Asked} state */
  const shown = (panel, answer, state) => {
    panel.wait(false);
    if (answer.error) panel.fail(answer.error);
    else panel.show(answer.ok, state);
  };

  const queue = makeQueue(transport, URGENCY, (kind, answer, request) => {
    if (request.warming) return;
    const panel = page.panels().find((one) => one.asks === kind);
    if (kind === "meaning") return meant(answer, request);
    if (!panel) return page.other(kind, answer);
    if (good && page.open().includes(panel.id)) shown(panel, answer, request.state);
  });

  /** @param {Answer} answer @param {any} request */
  const meant = (answer, request) => {
    good = !answer.error;
    const meaning = page.panels().find((one) => one.asks === "meaning");
    if (answer.error) {
      queue.clear(({ ask }) => ask === "file" || ask === "sheet");
      clearTimeout(rest);
      page.refused(answer.error);
      for (const panel of page.panels()) panel.wait(false);
      return;
    }
    meaning?.wait(false);
    page.meant(answer.ok, request);
    panelsAgain(visible());
  };

  /** @param {WebPanel[]} panels */
  const panelsAgain = (panels) => {
    const state = { ...page.asked() };
    const slow = panels.filter((panel) => panel.slow);
    const ask = (/** @type {WebPanel} */ panel) => queue.ask({ ask: panel.asks, state: panel.given ? panel.given(state) : state });
    for (const panel of panels) {
      const wanted = !panel.wanted || panel.wanted();
      if (!wanted) /** @type {any} */ (panel).blank?.();
      else panel.wait(true);
      if (wanted && !panel.slow) ask(panel);
    }
    if (slow.length) clearTimeout(rest);
    if (slow.length) rest = setTimeout(() => { slow.forEach(ask); }, REST);
  };

  /** @param {string} kind @param {Object<string, any>} [more] */
  const once = (kind, more = {}) => queue.ask({ ask: kind, state: { ...page.asked() }, ...more }, `${kind} ${more.name ?? ""}`);

  return {
    /** @param {string[]} names of what changed */
    changed: (names) => {
      const kinds = concerned(names);
      queue.clear(({ warming }) => !warming);
      if (kinds && good && !showing) return panelsAgain(visible().filter((panel) => kinds.includes(panel.asks)));
      page.panels().find((one) => one.asks === "meaning")?.wait(true);
      queue.ask({ ask: "meaning", state: { ...page.asked() } });
    },
    /** @param {string} id of a panel that was opened */
    opened: (id) => { if (good) panelsAgain(visible().filter((panel) => panel.id === id)); },
    /** Shows the answers that the document carries, and has Python get ready for the next ones, each in a turn of its own. @param {Answer[]} answers @param {() => boolean} stopped */
    first: async (answers, stopped) => {
      const state = { ...page.asked() };
      const kinds = answers.map(({ ask }) => ask);
      showing = true;
      for (const panel of visible()) if (kinds.includes(panel.asks)) panel.wait(true);
      for (const answer of answers) {
        await new Promise((go) => setTimeout(go));
        if (stopped()) break;
        const panel = page.panels().find((one) => one.asks === answer.ask);
        if (answer.ask === "meaning") {
          good = !answer.error;
          if (answer.error) page.refused(answer.error);
          else page.meant(answer.ok, { state });
        } else if (!panel) page.other(answer.ask, answer);
        else if (page.open().includes(panel.id)) shown(panel, answer, state);
      }
      showing = false;
      if (!stopped()) for (const ask of WARMING) queue.ask({ ask, state, warming: true }, `${ask} warming`);
    },
    once,
  };
}
