/**
 * Python in a worker: this text stands after Pyodide's own in one blob, or loads them where they are files.
 *
 * It is told `{start: {packed, home}}` once: the files by name, compressed and in base64, or null where they are fetched
 * from `home`. It says `{part}` while it starts, `{ready: true}` or `{failed}`, then answers `{request}` with `{answer}`, or `{failed}` where
 * Python itself broke, and has to start again.
 */
{
  const NOWHERE = "https://einloop.invalid/"; // never asked: fetch below has every file
  const TYPES = { wasm: "application/wasm", json: "application/json" };
  const STEPS = 3; // Python, the archive, einloop; and one for every file that is unpacked
  // a page has its scripts without indentation
  const PROGRAM = `
import json, sys
sys.path.insert(0, "/einloop")
from einloop.web.answer import answer
from einloop.web.arrays import HeldArrays
held = HeldArrays()
ask = lambda text: json.dumps(answer(json.loads(text), held))
`;
  /** @type {((request: string) => string) | undefined} */
  let ask;

  /** @param {string} text @returns {Promise<ArrayBuffer>} what it was made of */
  const unpacked = async (text) => {
    const letters = atob(text);
    const bytes = new Uint8Array(letters.length);
    for (let place = 0; place < letters.length; place++) bytes[place] = letters.charCodeAt(place);
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  };

  /** @param {Object<string, string>} packed @param {() => void} step */
  const answerFetches = (packed, step) => {
    /** @type {Object<string, Promise<ArrayBuffer>>} */
    const files = {};
    for (const [name, text] of Object.entries(packed)) {
      files[name] = unpacked(text);
      files[name].then(step, () => {});
    }
    /** @type {any} */ (self).fetch = async (/** @type {any} */ address) => {
      const name = String(address.url ?? address).split("/").pop() ?? "";
      if (!(name in files)) return new Response(null, { status: 404 });
      const type = TYPES[/** @type {"wasm"} */ (name.split(".").pop())] ?? "application/octet-stream";
      return new Response(await files[name], { headers: { "Content-Type": type } });
    };
  };

  /** @param {{packed: Object<string, string> | null, home: string}} start */
  const startPython = async ({ packed, home }) => {
    let done = 0;
    const all = STEPS + Object.keys(packed ?? {}).length;
    const step = () => postMessage({ part: ++done / all });
    if (packed) answerFetches(packed, step);
    else /** @type {any} */ (self).importScripts(`${home}pyodide.asm.js`, `${home}pyodide.js`);
    const index = packed ? NOWHERE : home;
    const python = await /** @type {any} */ (self).loadPyodide({ indexURL: index });
    step();
    const archive = await fetch(`${index}einloop.zip`);
    python.unpackArchive(await archive.arrayBuffer(), "zip", { extractDir: "/einloop" });
    step();
    python.runPython(PROGRAM);
    ask = python.globals.get("ask");
    step();
  };

  self.onmessage = async ({ data }) => {
    try {
      if (!data.start) {
        postMessage({ answer: ask?.(JSON.stringify(data.request)) });
        return;
      }
      await startPython(data.start);
      postMessage({ part: 1, ready: true });
    } catch (error) {
      postMessage({ failed: String(error) });
    }
  };
}
