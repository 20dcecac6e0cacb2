// What is typed in a long form is kept on the server, after a change and when the page is left; never in the browser.
const EVERY = 20_000;
const SOON = 1_000;

export function setUpDrafts() {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const status = document.getElementById("draft-status");
  let unkept = form.hasAttribute("data-draft-unkept");
  let sending = null;

  async function keep() {
    if (!unkept || sending) return;
    unkept = false;
    sending = new AbortController();
    const sent = { method: "POST", body: new FormData(form), signal: sending.signal };
    try {
      const answer = await fetch(form.dataset.draft, sent);
      if (!answer.ok) throw new Error(answer.statusText);
      status.textContent = await answer.text();
    } catch {
      unkept = !sent.signal.aborted;
      if (unkept && status.dataset.failed) status.textContent = status.dataset.failed;
    }
    sending = null;
  }

  function leave() {
    if (unkept) navigator.sendBeacon(form.dataset.draft, new FormData(form));
    unkept = false;
  }

  form.addEventListener("input", () => { unkept = true; });
  form.addEventListener("change", () => setTimeout(keep, SOON));
  form.addEventListener("submit", () => {
    unkept = false;
    sending?.abort();
  });
  setInterval(keep, EVERY);
  addEventListener("beforeunload", leave);
  addEventListener("pagehide", leave);
}
