/**
 * Questions, one at a time; of those that wait the latest of a kind is kept, and the first in order goes first.
 *
 * @param {Transport} transport
 * @param {string[]} order kinds, the most urgent first
 * @param {(kind: string, answer: Answer, request: any) => void} answered
 */
function makeQueue(transport, order, answered) {
  /** @type {Map<string, any>} */
  const waiting = new Map();
  let busy = false;
  let number = 0;
  const next = async () => {
    const kind = order.find((one) => waiting.has(one));
    if (busy || kind === undefined) return;
    const request = waiting.get(kind);
    waiting.delete(kind);
    busy = true;
    /** @type {Answer} */
    let answer;
    try {
      answer = await transport({ id: ++number, ...request });
    } catch (problem) {
      answer = { ask: request.ask, error: { id: "", message: String(/** @type {any} */ (problem)?.message ?? problem), text: "", span: null, hint: null } };
    }
    busy = false;
    if (!waiting.has(kind)) answered(kind, answer, request);
    next();
  };
  return {
    /** @param {string} kind @param {Object<string, any>} request */
    ask: (kind, request) => {
      waiting.set(kind, request);
      next();
    },
    /** @param {string[]} [kept] kinds that go on waiting */
    clear: (kept = []) => {
      for (const kind of [...waiting.keys()]) if (!kept.includes(kind)) waiting.delete(kind);
    },
  };
}
