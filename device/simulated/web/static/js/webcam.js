import { $, PICTURES, call, now } from "./world.js";
import { drawPerson, mirror } from "./person.js";

/* one's own picture or webcam: memory only */
const SIGHT = { width: 640, height: 480 };
const LOOKED_AT_MS = 100, UNSEEN_MS = 400;

export function trouble(error) {
  return {
    NotAllowedError: "カメラの使用が許可されていません。ブラウザーの設定で許可するか、写真ファイルをお使いください。 / The browser may not use the camera: allow it in the browser's settings, or use a picture file.",
    NotReadableError: "カメラをほかのアプリが使っているようです。閉じてから、もう一度どうぞ。 / Another program seems to use the camera: close it and try again.",
  }[error?.name] || "カメラが見つかりません。写真ファイルもお使いになれます。 / No camera was found: you can use a picture file instead.";
}

export async function openCamera() {
  if (!navigator.mediaDevices) throw new DOMException("none", "NotFoundError");
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 960 } } });
}

/* what the camera sees, cut to 4:3 and never mirrored */
export function still(video, width, height, quality) {
  const sheet = document.createElement("canvas");
  sheet.width = width; sheet.height = height;
  const scale = Math.max(width / video.videoWidth, height / video.videoHeight);
  const w = width / scale, h = height / scale;
  sheet.getContext("2d").drawImage(video, (video.videoWidth - w) / 2, (video.videoHeight - h) / 2, w, h, 0, 0, width, height);
  return new Promise((done) => sheet.toBlob(done, "image/jpeg", quality));
}

export async function upload(file) {
  $("upload").value = "";
  if (!file) return;
  if (!PICTURES.includes(file.type)) { $("camsay").textContent = "JPEG・PNG・WebPの写真をお選びください。 / Please choose a JPEG, PNG or WebP picture."; return; }
  await stopWebcam();
  if (await call("/picture", file, file.type)) mirror(file);
}

export async function useWebcam() {
  $("camsay").textContent = "";
  try { now.stream = await openCamera(); } catch (error) { $("camsay").textContent = trouble(error); drawPerson({}); return false; }
  now.stream.getVideoTracks()[0].onended = () => { stopWebcam(); $("camsay").textContent = trouble(null); };
  $("webcam").srcObject = now.stream; $("webcam").hidden = false; $("camera").hidden = true;
  await $("webcam").play();
  drawWebcam();
  feed(now.stream);
  await sent;
  return true;
}

let sent = null;
export let hurry = () => {};
async function feed(mine) {
  while (now.stream === mine) {
    const began = performance.now();
    sent = sendFrame();
    if (!(await sent)) { if (now.stream === mine) stopWebcam(); return; }
    const pause = (now.state.camera_on ? LOOKED_AT_MS : UNSEEN_MS) - (performance.now() - began);
    await new Promise((done) => { hurry = done; setTimeout(done, Math.max(20, pause)); });
  }
}

async function sendFrame() {
  const frame = await still($("webcam"), SIGHT.width, SIGHT.height, 0.85);
  return now.stream ? call("/webcam", frame, "image/jpeg").catch(() => false) : false;
}

export async function stopWebcam() {
  if (!now.stream) return;
  for (const track of now.stream.getTracks()) { track.onended = null; track.stop(); }
  now.stream = null;
  drawWebcam();
  hurry();
  await sent;
  await fetch("/webcam", { method: "DELETE" }).catch(() => null);
}

function drawWebcam() {
  const on = Boolean(now.stream);
  $("webcam").hidden = !on; $("camera").hidden = on;
  if (!on) $("webcam").srcObject = null;
  $("usecam").classList.toggle("on", on);
  $("usecam").setAttribute("aria-pressed", String(on));
  $("together").disabled = on;
  $("usecam").innerHTML = on ? "カメラを止める <i>Stop my webcam</i>" : "自分のカメラ <i>My webcam</i>";
  document.querySelector(".together span").innerHTML = on
    ? "あなたがカメラの前にいます <i>your webcam is on: you stand there</i>" : "本人も一緒に来る <i>its holder comes along</i>";
}
