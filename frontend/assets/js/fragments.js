// What htmx leaves to us: where focus goes after a swap, what is said aloud, and what a failed request shows.
import htmx from "htmx.org/dist/htmx.esm.js";

// A form answered with errors (422) or a conflict (409) is a fragment like any other.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "409|422", swap: true },
  { code: "...", swap: false, error: true },
];

// Pages of an office are not kept in the browser of a shared computer; "back" asks the server again.
htmx.config.historyCacheSize = 0;

export function announce(text) {
  const region = document.getElementById("announcer");
  if (region && text) region.textContent = text;
}

function focusInside(root) {
  const wanted = root.querySelector?.("[data-focus]");
  if (wanted) focusOn(wanted);
}

function focusOn(wanted) {
  if (!wanted.hasAttribute("tabindex")) wanted.setAttribute("tabindex", "-1");
  wanted.focus();
}

function titleOfErrors(root) {
  const summary = root.querySelector?.(".error-summary");
  if (!summary || document.title.startsWith(summary.dataset.prefix)) return;
  document.title = `${summary.dataset.prefix} ${document.title}`;
}

function showFailure() {
  const place = document.getElementById("request-failed");
  if (!place) return;
  place.hidden = false;
  place.focus();
}

function announceFrom(root) {
  const says = root.matches?.("[data-announce]") ? root : root.querySelector?.("[data-announce]");
  announce(says?.dataset.announce);
}

export function setUpFragments() {
  const body = document.body;
  body.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.target.setAttribute("aria-busy", "true");
    document.getElementById("request-failed")?.setAttribute("hidden", "");
  });
  body.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));
  let held = false;
  body.addEventListener("htmx:beforeSwap", (event) => {
    held = event.detail.target.contains(document.activeElement);
  });
  body.addEventListener("htmx:afterSettle", (event) => {
    focusInside(event.detail.target);
    if (held && document.activeElement === body) focusOn(event.detail.target);
    titleOfErrors(event.detail.target);
    announceFrom(event.detail.target);
  });
  body.addEventListener("htmx:responseError", showFailure);
  body.addEventListener("htmx:sendError", showFailure);
  focusInside(document);
}
