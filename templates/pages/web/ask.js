/** Asks `einloop serve` a question; resolves to its answer. @param {object} request */
const askServer = (request) =>
  fetch("answer", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request) })
    .then((response) => response.json());
