/**
 * Questions, one at a time; of those that wait under one key the latest is kept, and the first in order goes first.
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
    if (busy || !waiting.size) return;
    const place = (/** @type {[string, any]} */ [, request]) => order.indexOf(request.ask);
    const [key, request] = [...waiting].reduce((first, one) => (place(one) < place(first) ? one : first));
    waiting.delete(key);
    busy = true;
    /** @type {Answer} */
    let answer;
    try {
      const { ask, state, name, bytes } = request;
      answer = await transport({ id: ++number, ask, state, name, bytes });
    } catch (problem) {
      answer = { ask: request.ask, error: { id: "", message: String(/** @type {any} */ (problem)?.message ?? problem), text: "", span: null, hint: null } };
    }
    busy = false;
    if (!waiting.has(key)) answered(request.ask, answer, request);
    next();
  };
  return {
    /** @param {Object<string, any>} request @param {string} [key] */
    ask: (request, key = request.ask) => {
      waiting.set(key, request);
      next();
    },
    /** @param {(request: any) => boolean} kept which go on waiting */
    clear: (kept) => {
      for (const [key, request] of [...waiting]) if (!kept(request)) waiting.delete(key);
    },
  };
}
