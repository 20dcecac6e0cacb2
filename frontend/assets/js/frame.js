// Menus of the frame: the phone menu, and <details> menus that close on Escape and outside clicks.
export function setUpFrame() {
  document.documentElement.classList.add("js");
  const toggle = document.querySelector(".nav-toggle");
  const menu = document.getElementById("site-menu");
  toggle?.addEventListener("click", () => {
    const open = menu.classList.toggle("is-open");
    toggle.setAttribute("aria-expanded", String(open));
  });
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.menu[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest?.("details.menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}
