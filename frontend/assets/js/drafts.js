// What is typed in a long form is kept on the server every 20 seconds and when the page is left; never in the browser.
const EVERY = 20_000;

export function setUpDrafts() {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const status = document.getElementById("draft-status");
  let unkept = form.hasAttribute("data-draft-unkept");
  let sending = false;

  async function keep() {
    if (!unkept || sending) return;
    unkept = false;
    sending = true;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form) });
      if (!answer.ok) throw new Error(answer.statusText);
      status.textContent = await answer.text();
    } catch {
      unkept = true;
    }
    sending = false;
  }

  form.addEventListener("input", () => { unkept = true; });
  form.addEventListener("submit", () => { unkept = false; });
  setInterval(keep, EVERY);
  addEventListener("pagehide", () => {
    if (unkept) navigator.sendBeacon(form.dataset.draft, new FormData(form));
    unkept = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
}
