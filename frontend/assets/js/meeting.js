// Meeting mode: the arrows and page keys turn the page, unless someone writes. A clicker for slides sends the same keys.
const writing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const ways = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" };

export function setUpMeeting() {
  if (!document.querySelector("[data-meeting]")) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.(writing)) return;
    const link = ways[event.key] && document.querySelector(`[data-meeting] a[rel='${ways[event.key]}']`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
}
