"""Files with the names of Pyodide's, and a stand-in for its loader that checks how it is given them in a browser."""

import io
import zipfile

LOADER = """
async function loadPyodide({ indexURL }) {
  const size = async (name) => {
    const reply = await fetch(indexURL + name);
    if (!reply.ok) throw new Error(name);
    return [reply.headers.get("Content-Type"), (await reply.arrayBuffer()).byteLength];
  };
  if (typeof _createPyodideModule !== "function") throw new Error("no machine");
  const wasm = await size("pyodide.asm.wasm");
  const library = await size("python_stdlib.zip");
  const lock = await (await fetch(indexURL + "pyodide-lock.json")).json();
  if ((await fetch(indexURL + "nothing.whl")).status !== 404) throw new Error("more than there is");
  await WebAssembly.instantiateStreaming(fetch(indexURL + "pyodide.asm.wasm"));
  let archive = [];
  let code = "";
  const ask = (text) => {
    const { id, ask, state } = JSON.parse(text);
    if (state?.text === "stuck") while (true);
    if (state?.text === "broken") throw new RangeError("Maximum call stack size exceeded");
    const sentence = JSON.stringify({ wasm, library, python: lock.info.python, archive, code, text: state?.text });
    const result = { name: "", labels: [], shape: [] };
    const told = { html: "", formula: "", call: "", lifted: false, operands: [], findings: [], notes: [] };
    if (ask === "meaning") return JSON.stringify({ id, ask, ok: { ...told, sentence, result } });
    const places = { text: "", span: null, also: [], fixes: [], picture: [] };
    return JSON.stringify({ id, ask, error: { id: "EL000", message: "not here", hint: "", ...places } });
  };
  return {
    unpackArchive: (bytes, kind, { extractDir }) => { archive = [bytes.byteLength, kind, extractDir]; },
    runPython: (text) => { code = text; },
    globals: { get: (name) => (name === "ask" ? ask : undefined) },
  };
}
"""
WASM = b"\0asm\1\0\0\0"
"""A module with nothing in it."""


def archive(**files):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(f"{name}.py", data)
    return whole.getvalue()


FILES = {
    "pyodide.js": LOADER.encode(),
    "pyodide.asm.js": b"var _createPyodideModule = () => {};",
    "pyodide.asm.wasm": WASM,
    "python_stdlib.zip": archive(b="x = 1\n" * 1000, a="y = 2\n" * 1000),
    "pyodide-lock.json": b'{"info": {"python": "3.13.2"}, "packages": {}}',
}
