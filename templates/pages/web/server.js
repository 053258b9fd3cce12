/** @returns {Transport} asks the server that the page came from */
const serverTransport = () => async (request) => {
  const reply = await fetch("answer", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request) });
  return reply.json();
};
