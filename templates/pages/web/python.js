const PYTHON_SECONDS = 30; // an answer that takes longer is given up, and Python starts again
const PIECE = 2 ** 16; // letters that are decoded at a time, in fours
const SCRIPTS_OF_PYTHON = ["pyodide.asm.js", "pyodide.js"];

/** @param {string} text @returns {Promise<string>} a text that was compressed and written in base64 */
async function unpackedText(text) {
  const parts = [];
  for (let from = 0; from < text.length; from += PIECE) {
    const letters = atob(text.slice(from, from + PIECE));
    const bytes = new Uint8Array(letters.length);
    for (let place = 0; place < letters.length; place++) bytes[place] = letters.charCodeAt(place);
    parts.push(bytes);
    await new Promise((go) => setTimeout(go)); // between pieces the page answers
  }
  return new Response(new Blob(parts).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

/**
 * Asks Python in a worker, one question at a time; it starts at once, and again where it is stuck.
 *
 * @param {PageData & {worker?: string}} data  `worker`: its script, where the page carries Python itself
 * @param {Speech} words
 * @param {(part: number) => void} progress  how much of Python is there, from 0 to 1
 * @returns {Transport}
 */
function pythonTransport(data, words, progress) {
  /** @type {Promise<Worker> | null} */
  let python = null;
  /** @type {((message: any) => void) | null} who waits for what the worker says next */
  let waiting = null;

  const startWorker = async () => {
    if (document.readyState === "loading") await new Promise((go) => addEventListener("DOMContentLoaded", go, { once: true }));
    const home = new URL("python/", document.baseURI).href;
    let address = `${home}worker.js`;
    /** @type {Object<string, string> | null} */
    let packed = null;
    if (data.worker !== undefined) {
      packed = {};
      for (const element of document.querySelectorAll("script[data-packed]")) packed[/** @type {any} */ (element).dataset.packed] = element.textContent ?? "";
      const texts = [];
      for (const name of SCRIPTS_OF_PYTHON) {
        texts.push(await unpackedText(packed[name]), "\n;");
        delete packed[name];
      }
      address = URL.createObjectURL(new Blob([...texts, data.worker], { type: "text/javascript" }));
    }
    const worker = new Worker(address);
    if (packed) URL.revokeObjectURL(address);
    await new Promise((resolve, reject) => {
      worker.onmessage = ({ data: said }) => {
        if (said.part !== undefined) progress(said.part);
        if (said.ready) resolve(undefined);
        if (said.failed !== undefined) reject(new Error(said.failed));
      };
      worker.onerror = (event) => reject(new Error(event.message || "worker"));
      worker.postMessage({ start: { packed, home } });
    });
    worker.onmessage = ({ data: said }) => waiting?.(said);
    worker.onerror = () => waiting?.({});
    return worker;
  };

  /** @param {string} message @param {any} request @returns {Answer} */
  const failed = (message, request) => ({ ask: request.ask, error: { id: "", message, text: "", span: null, hint: null } });

  setTimeout(() => { // once the first answers are painted
    python ??= startWorker();
    python.catch(() => progress(1));
  });
  return async (request) => {
    python ??= startWorker();
    /** @type {Worker} */
    let worker;
    try {
      worker = await python;
    } catch (error) {
      return failed(words.text("web.fault.python", { reason: error instanceof Error ? error.message : String(error) }), request);
    }
    const said = await new Promise((resolve) => {
      const clock = setTimeout(() => resolve(null), PYTHON_SECONDS * 1000);
      waiting = (message) => {
        clearTimeout(clock);
        resolve(message);
      };
      worker.postMessage({ request });
    });
    waiting = null;
    if (said?.answer) return JSON.parse(said.answer);
    worker.terminate();
    python = null;
    return failed(words.text("web.fault.stuck"), request);
  };
}
