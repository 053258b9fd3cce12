const MAX_FILE_BYTES = 64 * 2 ** 20;
/** Bytes that become text at a time. */
const CHUNK = 3 * 2 ** 13;

/** @param {ArrayBuffer} bytes @returns {Promise<string>} in base64, made a piece at a time so that the page stays awake */
async function base64(bytes) {
  const all = new Uint8Array(bytes);
  const parts = [];
  for (let from = 0; from < all.length; from += CHUNK) {
    parts.push(btoa(String.fromCharCode(...all.subarray(from, from + CHUNK))));
    if (parts.length % 32 === 0) await new Promise((go) => setTimeout(go));
  }
  return parts.join("");
}

/**
 * Files of arrays: dropped on the page, or chosen. They are read as data, never run.
 *
 * @param {Speech} words
 * @param {{read: (name: string, bytes: string) => void, refuse: (message: string) => void}} doing
 */
function makeFiles(words, doing) {
  const take = async (/** @type {FileList | null | undefined} */ files) => {
    for (const file of files ?? []) {
      if (file.size > MAX_FILE_BYTES) doing.refuse(words.text("web.file.large", { name: file.name, most: `${MAX_FILE_BYTES / 2 ** 20} MiB` }));
      else doing.read(file.name, await base64(await file.arrayBuffer()));
    }
  };
  const input = make("input", { type: "file", accept: ".npy", multiple: true, class: "unseen", tabindex: -1, "aria-hidden": "true", change: async () => {
    await take(input.files);
    input.value = "";
  } });
  const veil = make("div", { class: "veil", hidden: true, "aria-hidden": "true" }, make("p", {}, words.text("web.file.drop")));
  const carries = (/** @type {DragEvent} */ event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const over = (/** @type {DragEvent} */ event) => {
    if (!carries(event)) return;
    event.preventDefault();
    veil.hidden = false;
  };
  return {
    input, veil,
    button: make("button", { type: "button", class: "quiet", click: () => input.click() }, words.text("web.file.open")),
    /** @param {AbortSignal} signal */
    listen: (signal) => {
      addEventListener("dragenter", over, { signal });
      addEventListener("dragover", over, { signal });
      addEventListener("dragleave", (event) => { if (!event.relatedTarget) veil.hidden = true; }, { signal });
      addEventListener("drop", (event) => {
        if (!carries(event)) return;
        event.preventDefault();
        veil.hidden = true;
        take(event.dataTransfer?.files);
      }, { signal });
    },
  };
}
