{
  /** @type {PageData} */
  const data = JSON.parse(/** @type {any} */ (document.getElementById("web-data")).textContent);
  const words = makeWords(data.words, data.lang);
  /** @type {Transport} what answers where nothing does */
  const silent = async ({ ask }) => ({ ask, error: { id: "", message: words.text("web.fault.none"), text: "", span: null, hint: null } });
  mountWeb(/** @type {any} */ (document.getElementById("web")), data, data.transport === "server" ? serverTransport() : silent);
}
