// A long table in a form, narrowed by what is typed above it. What is ticked stays in sight; nothing of it is sent.
function narrow(field) {
  const rows = [...document.getElementById(field.dataset.narrows).querySelectorAll("tbody tr")];
  const words = field.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLocaleLowerCase();
    const fits = words.every((word) => text.includes(word));
    row.hidden = !fits && !row.querySelector("input:checked");
    shown += !row.hidden;
  }
  const told = field.closest(".narrowing").querySelector("[role='status']");
  told.textContent = words.length ? told.dataset.told.replace("{n}", shown).replace("{all}", rows.length) : "";
}

export function setUpNarrowing() {
  for (const place of document.querySelectorAll(".narrowing[hidden]")) place.hidden = false;
  document.addEventListener("input", (event) => event.target.matches?.("[data-narrows]") && narrow(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("[data-narrows]")) event.preventDefault();
  });
}
