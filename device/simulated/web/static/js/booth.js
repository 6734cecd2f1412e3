import { $, PICTURES, caption, now } from "./world.js";
import { PORTRAIT, holdable } from "./cards.js";
import { look, mirror } from "./person.js";
import { openCamera, still, stopWebcam, trouble, upload, useWebcam } from "./webcam.js";

/* a card with one's own photograph */
let shot = null;
let boothStream = null;
let ownFile = null;

/* the visitor comes along: by webcam, or with the file that the card was made of */
export async function comes() {
  if (ownFile) return upload(ownFile);
  return useWebcam();
}

export function drawGuest() {
  const place = $("own");
  if (!now.guest) return;
  place.classList.toggle("printed", Boolean(now.state.guest));
  place.replaceChildren(...(now.state.guest ? [holdable(now.guest), tries()] : [maker()]));
  place.querySelector(".idcard")?.classList.toggle("used", now.state.card === now.guest.id);
}

function maker() {
  const make = document.createElement("button");
  make.className = "maker";
  make.innerHTML = `${PORTRAIT}<span><b>自分の顔でカードを作る</b> <i>Print a card with my face</i></span>
    <small>カメラか写真で。写真はこの計算機のメモリーの中だけに置きます。<i>By webcam or from a file; your photograph stays in this computer's memory only.</i></small>`;
  make.onclick = openBooth;
  return make;
}

function tries() {
  const side = document.createElement("div");
  side.className = "tries";
  side.innerHTML = `<b>やってみる <i>Try it</i></b><ol>
    <li>カードを置き、カメラを見る。<i>Put your card, look into your webcam.</i></li>
    <li>カメラはそのまま、ほかの人のカードを置く。<i>Stay there, and put somebody else's card.</i></li>
    <li>顔のかわりに、スマートフォンに写した自分の写真をかざす。<i>Hold up your photograph on a phone instead of your face.</i></li></ol>`;
  const row = document.createElement("div");
  row.className = "choices";
  const add = (html, act) => { const one = document.createElement("button"); one.innerHTML = html; one.onclick = act; row.append(one); };
  add("作りなおす <i>New picture</i>", openBooth);
  add("写真を忘れる <i>Forget my card</i>", forget);
  side.append(row);
  return side;
}

async function forget() {
  await stopWebcam();
  shot = ownFile = null;
  $("booth-photo").removeAttribute("src");
  mirror(null);
  const answer = await fetch("/guest", { method: "DELETE" });
  caption(answer.ok ? "写真を忘れました / your photograph is forgotten" : (await answer.json()).error);
  look();
}

function openBooth() {
  $("booth-name").textContent = `${now.guest.name.replace("　", " ")} / ${now.guest.roman}`;
  $("booth-pin").textContent = now.guest.pin;
  $("booth").showModal();
  again();
}

function booth(step, say) {
  shownStep = step;
  $("booth").dataset.step = step;
  $("booth-say").innerHTML = say;
  $("booth-error").textContent = "";
  $("booth-again").innerHTML = step === "file" ? "カメラを試す <i>Try the camera</i>" : "撮りなおす <i>Take another</i>";
  for (const [id, on] of [["booth-live", step === "live"], ["booth-proof", step === "proof"], ["booth-take", step === "live"], ["booth-print", step === "proof"], ["booth-again", step !== "live"], ["booth-pick", step !== "proof"]]) $(id).hidden = !on;
}
let shownStep = "";

async function again() {
  shot = null;
  booth("wait", "カメラを開いています… <i>Opening the camera…</i>");
  $("booth-again").hidden = true;
  try {
    boothStream ||= await openCamera();
  } catch (error) {
    booth("file", "写真ファイルからも作れます。 <i>A picture file will do, too.</i>");
    $("booth-error").textContent = trouble(error);
    return;
  }
  if (!$("booth").open) return closeBooth();
  $("booth-video").srcObject = boothStream;
  await $("booth-video").play();
  booth("live", "顔をだ円に合わせ、正面を向いてください。 <i>Fit your face into the oval and look straight ahead.</i>");
  $("booth-take").focus();
}

function closeBooth() {
  boothStream?.getTracks().forEach((track) => track.stop());
  boothStream = null;
  $("booth-video").srcObject = null;
  URL.revokeObjectURL($("booth-photo").src);
  $("booth-photo").removeAttribute("src");
  shot = null;
  if ($("booth").open) $("booth").close();
}

async function prove(picture, fromFile) {
  for (const button of $("booth").querySelectorAll("button")) button.disabled = button.id !== "booth-close";
  const answer = await fetch("/guest/proof", { method: "POST", headers: { "Content-Type": picture.type }, body: picture }).catch(() => null);
  for (const button of $("booth").querySelectorAll("button")) button.disabled = false;
  if (!$("booth").open) return;
  if (!answer?.ok) {
    if (shownStep === "proof") booth("file", "別の写真をどうぞ。 <i>Please try another picture.</i>");
    $("booth-error").textContent = answer ? (await answer.json()).error : "リーダーとつながっていません。 / not connected";
    return;
  }
  shot = { picture, fromFile };
  URL.revokeObjectURL($("booth-photo").src);
  $("booth-photo").src = URL.createObjectURL(await answer.blob());
  booth("proof", "この写真でカードを作りますか。 <i>Print the card with this photo?</i>");
  $("booth-print").focus();
}

async function printCard() {
  const { picture, fromFile } = shot;
  $("booth-print").disabled = true;
  const answer = await fetch("/guest", { method: "POST", headers: { "Content-Type": picture.type }, body: picture }).catch(() => null);
  $("booth-print").disabled = false;
  if (!answer?.ok) { $("booth-error").textContent = answer ? (await answer.json()).error : "リーダーとつながっていません。 / not connected"; return; }
  ownFile = fromFile ? picture : null;
  closeBooth();
  caption("あなたのカードができました / your card is ready");
  setTimeout(() => { const made = $("own").querySelector(".idcard"); made?.scrollIntoView({ block: "nearest" }); made?.focus(); }, 300);
}

async function pick(file) {
  $("booth-file").value = "";
  if (!file) return;
  if (!PICTURES.includes(file.type)) { $("booth-error").textContent = "JPEG・PNG・WebPの写真をお選びください。 / Please choose a JPEG, PNG or WebP picture."; return; }
  await prove(file, true);
}

export function wireBooth() {
  $("booth-take").addEventListener("click", async () => {
    const video = $("booth-video"), width = Math.min(1280, video.videoWidth, Math.round(video.videoHeight * 4 / 3));
    await prove(await still(video, width, Math.round(width * 3 / 4), 0.92), false);
  });
  $("booth-print").addEventListener("click", printCard);
  $("booth-again").addEventListener("click", again);
  $("booth-close").addEventListener("click", closeBooth);
  $("booth").addEventListener("close", closeBooth);
  $("booth-file").addEventListener("change", () => pick($("booth-file").files[0]));
}
