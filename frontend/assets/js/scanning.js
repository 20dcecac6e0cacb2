// The camera as a scanner, only where the browser itself reads QR codes. Everyone else types, or uses a scanner that types.
const EVERY = 250;
const ON = "scan-camera";
const LAST = "scan-last";

async function canRead() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}

async function watch(field, video) {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    sessionStorage.removeItem(ON);
    return field.focus();
  }
  video.hidden = false;
  await video.play();
  sessionStorage.setItem(ON, "yes");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const timer = setInterval(async () => {
    const [found] = await detector.detect(video).catch(() => []);
    if (!found || found.rawValue === sessionStorage.getItem(LAST)) return;
    clearInterval(timer);
    sessionStorage.setItem(LAST, found.rawValue);
    field.value = found.rawValue;
    field.form.requestSubmit();
  }, EVERY);
}

export async function setUpScanning() {
  const field = document.querySelector("[data-scan]");
  const button = document.querySelector("[data-scan-camera]");
  const video = document.querySelector("[data-scan-video]");
  if (!field || !button || !video || !(await canRead())) return;
  button.hidden = false;
  button.addEventListener("click", () => watch(field, video));
  if (sessionStorage.getItem(ON)) watch(field, video);
}
