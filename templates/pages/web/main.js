const { state, answers } = JSON.parse(document.getElementById("page-data").textContent);
const page = document.getElementById("page");
for (const [kind, answer] of Object.entries(answers)) {
  const part = document.createElement("pre");
  part.textContent = `${kind}: ${JSON.stringify(answer, null, 1)}`;
  page.append(part);
}
