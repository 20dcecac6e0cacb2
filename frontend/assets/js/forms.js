// A file over the limit is put back before a byte of it travels; the sentence is the one the server would answer.
function refuseTooLarge(input) {
  const said = document.getElementById(input.dataset.tooLarge);
  const over = [...input.files].some((file) => file.size > Number(input.dataset.mostBytes));
  said.hidden = !over;
  if (!over) return input.removeAttribute("aria-invalid");
  input.value = "";
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-errormessage", said.id);
}

// Plain forms: a second click on the same button does nothing, error links land in their field, a file too large stays here.
export function setUpForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]") || form.target === "_blank") return;
    if (form.hasAttribute("data-download")) return;
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // The browser's back button brings the page back as it was left.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("input[type=file][data-most-bytes]")) refuseTooLarge(target);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-errors] a[href^='#'], .error-summary a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    field.focus();
  });
}
