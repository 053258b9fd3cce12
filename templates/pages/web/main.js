const begin = () => {
  /** @type {PageData} */
  const data = JSON.parse(/** @type {any} */ (document.getElementById("web-data")).textContent);
  const words = makeWords(data.words, data.lang);
  /** @type {Transport} what answers where nothing does */
  const silent = async ({ ask }) => ({ ask, error: { id: "", message: words.text("web.fault.none"), text: "", span: null, hint: null } });
  /** @type {{progress: (part: number) => void} | undefined} */
  let page;
  const python = data.transport === "worker" ? pythonTransport(data, words, (part) => page?.progress(part)) : silent;
  page = mountWeb(/** @type {any} */ (document.getElementById("web")), data, data.transport === "server" ? serverTransport() : python);
  if (python !== silent) page.progress(0);
};
// A first visit sees the example that the document holds as text before anything is built of it.
if (location.hash.length > 1 || document.hidden) begin();
else requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(begin)));
