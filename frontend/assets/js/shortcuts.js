// Keyboard shortcuts: only where the page says that this browser asked for them, and never while someone writes.
const writing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

function rows() {
  return [...document.querySelectorAll(".review-row")];
}

function current() {
  return document.activeElement?.closest?.(".review-row") ?? null;
}

function step(by) {
  const all = rows();
  const here = all.indexOf(current());
  const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by];
  next?.focus();
}

// Open what a key stands for, with whatever it lies in, and begin to write.
function write(row, key) {
  const details = row?.querySelector(`details[data-key='${key}']`);
  if (!details) return;
  for (let around = details; around; around = around.parentElement.closest("details")) around.open = true;
  details.querySelector("textarea").focus();
}

const acts = {
  "/": () => document.getElementById("f-q")?.focus(),
  "?": () => location.assign("/pintasan"),
  j: () => step(1),
  k: () => step(-1),
  s: () => current()?.querySelector("[data-key='s']")?.click(),
  b: () => current()?.querySelector("[data-key='b']")?.click(),
  p: () => write(current(), "p"),
  c: () => write(current(), "c"),
  u: () => document.querySelector("[data-key='u']")?.click(),
};

export function setUpShortcuts() {
  if (!document.body.hasAttribute("data-shortcuts")) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.(writing)) return;
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
