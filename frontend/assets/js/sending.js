// Large files, sent in pieces by tus. What is unfinished is known by the server alone: nothing about a file stays here.
import Uppy from "@uppy/core";
import Tus from "@uppy/tus";

const PIECE = 16 * 1024 * 1024;
const AGAIN_AFTER = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000];
const ASK_EVERY = 1500;
const NOWHERE = {
  findAllUploads: async () => [], findUploadsByFingerprint: async () => [],
  removeUpload: async () => {}, addUpload: async () => null,
};

const place = document.querySelector("[data-sending]");
const words = place?.dataset ?? {};
const csrf = () => place.querySelector("[name=csrf_token]").value;
let pass = null;

async function givePass() {
  const answer = await fetch(words.pass, { method: "POST", headers: { "X-CSRFToken": csrf() } });
  if (!answer.ok) throw new Error(words.signedOut);
  pass = await answer.json();
  return pass;
}

const withPass = () => ({ Authorization: `Bearer ${pass.token}` });
const percent = (part, whole) => Math.floor((part / whole) * 100);

function announce(text) {
  const region = document.getElementById("announcer");
  if (region) region.textContent = text;
}

class Row {
  constructor(file) {
    this.element = document.getElementById("sending-row").content.firstElementChild.cloneNode(true);
    this.element.querySelector("[data-name]").textContent = file.name;
    this.bar = this.element.querySelector("progress");
    this.told = -1;
    place.querySelector("[data-rows]").append(this.element);
  }

  say(text, spoken = false) {
    this.element.querySelector("[data-state]").textContent = text;
    if (spoken) announce(`${this.element.querySelector("[data-name]").textContent}: ${text}`);
  }

  progress(part, whole) {
    const reached = percent(part, whole);
    this.bar.max = whole;
    this.bar.value = part;
    this.say(words.sent.replace("{percent}", reached));
    const quarter = Math.floor(reached / 25);
    if (quarter > this.told && this.told >= 0) announce(`${reached}%`);
    this.told = quarter;
  }

  button(name) {
    return this.element.querySelector(`[data-do=${name}]`);
  }

  end(text, link = "") {
    this.bar.hidden = true;
    for (const button of this.element.querySelectorAll("[data-do]")) button.hidden = true;
    this.say(text, true);
    if (!link) return;
    const open = this.element.querySelector("[data-open]");
    open.href = link;
    open.hidden = false;
  }
}

function reasonOf(error) {
  try {
    return JSON.parse(error.originalResponse.getBody()).detail;
  } catch {
    return navigator.onLine ? words.failed : words.offline;
  }
}

async function followExamination(row, address) {
  row.say(words.checking, true);
  row.bar.removeAttribute("value");
  for (;;) {
    await new Promise((done) => setTimeout(done, ASK_EVERY));
    const answer = await fetch(address, { headers: withPass() }).catch(() => null);
    if (!answer?.ok) continue;
    const told = await answer.json();
    if (told.state === "kept") return row.end(words.kept, words.document.replace("{id}", told.document_id));
    if (told.state === "refused") return row.end(told.refusal);
  }
}

function makeUppy(rows) {
  const uppy = new Uppy({ autoProceed: true, allowMultipleUploadBatches: true });
  uppy.use(Tus, {
    endpoint: pass.endpoint, chunkSize: PIECE, retryDelays: AGAIN_AFTER, limit: 2, headers: withPass,
    allowedMetaFields: ["filename"], storeFingerprintForResuming: false, urlStorage: NOWHERE,
    onShouldRetry(error, _attempt, _options, next) {
      const status = error.originalResponse?.getStatus();
      if (status === 401) givePass().catch(() => {});
      return status === 401 || next(error);
    },
  });
  uppy.on("upload-progress", (file, { bytesUploaded, bytesTotal }) => rows.get(file.id)?.progress(bytesUploaded, bytesTotal));
  uppy.on("upload-success", (file, { uploadURL }) => {
    followExamination(rows.get(file.id), uploadURL);
    setTimeout(() => uppy.removeFile(file.id)); // it is the server's now, and may be sent again
  });
  uppy.on("upload-error", (file, error) => {
    const row = rows.get(file.id);
    row.say(reasonOf(error), true);
    row.button("pause").hidden = true;
    row.button("retry").hidden = false;
  });
  return uppy;
}

function attend(uppy, rows, id) {
  const row = rows.get(id);
  row.button("pause").addEventListener("click", ({ currentTarget }) => {
    const paused = uppy.pauseResume(id);
    currentTarget.textContent = paused ? words.resume : words.pause;
    if (paused) row.say(words.paused, true);
  });
  row.button("retry").addEventListener("click", () => {
    row.button("pause").hidden = false;
    row.button("retry").hidden = true;
    givePass().then(() => uppy.retryUpload(id)).catch((error) => row.say(error.message, true));
  });
  row.button("cancel").addEventListener("click", () => {
    uppy.removeFile(id);
    row.end(words.cancelled);
  });
}

export function setUpSending() {
  if (!place) return;
  const rows = new Map();
  let uppy = null;

  async function send(file, address = null) {
    const row = new Row(file);
    row.say(words.waiting);
    try {
      if (!pass) await givePass();
      uppy ??= makeUppy(rows);
      const added = { name: file.name, type: file.type, data: file, meta: { filename: file.name } };
      const id = uppy.addFile(address ? { ...added, tus: { uploadUrl: address } } : added);
      rows.set(id, row);
      attend(uppy, rows, id);
    } catch (error) {
      row.end(error.isRestriction ? words.twice : error.message);
    }
  }

  const input = place.querySelector("[data-files]");
  place.querySelector("[data-needs-script]").hidden = false;
  input.addEventListener("change", () => {
    for (const file of input.files) send(file);
    input.value = "";
  });
  addEventListener("beforeunload", (event) => {
    if (uppy?.getFiles().some((file) => file.progress.uploadStarted && !file.progress.uploadComplete && !file.error)) event.preventDefault();
  });
  for (const line of place.querySelectorAll("[data-unfinished]")) setUpUnfinished(line, send);
}

// The same file again: the server knows how far it came, the person says which file it was.
function setUpUnfinished(line, send) {
  const input = line.querySelector("[data-again]");
  line.querySelector("[data-continue]").hidden = false;
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    const same = file.name === line.dataset.name && file.size === Number(line.dataset.size);
    line.querySelector("[data-other]").hidden = same;
    if (!same) return;
    if (!pass) await givePass();
    line.hidden = true;
    send(file, `${pass.endpoint}/${line.dataset.unfinished}`);
  });
}

setUpSending();
