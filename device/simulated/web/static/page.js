"use strict";

const $ = (id) => document.getElementById(id);
const LIGHTS = {
  off: "", ready: "お待ちしています / ready", busy: "処理中 / busy", camera: "カメラの光 / camera light",
  yes: "できました / yes", no: "もう一度 / no", alarm: "カードを忘れずに / alarm",
};
const SOUNDS = {
  tick: "ピッ（キー） / key", card: "ピッ カードが置かれました / card", done: "ピンポン 終わりました / done",
  error: "ブッ 画面をご覧ください / look at the screen", alarm: "ピピピ カードを忘れずに! / your card!", stop: "",
};
const PORTRAIT = '<svg viewBox="0 0 40 48" aria-hidden="true"><circle cx="20" cy="16" r="10"/><path d="M2 48c0-13 8-19 18-19s18 6 18 19z"/></svg>';
const POSE = ["yaw", "pitch", "distance", "light", "occluder"];

const PICTURES = ["image/jpeg", "image/png", "image/webp"];

let state = {};
let people = [];
let guest = null;
let stream = null;

async function call(path, body, type = "application/json") {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": type }, body: type === "application/json" ? JSON.stringify(body) : body });
  if (!answer.ok) caption((await answer.json()).error);
  return answer.ok;
}
const get = async (path) => (await fetch(path)).json();

/* what the reader shows and says */
function draw(next) {
  const before = state;
  state = next;
  if (before.seq !== state.seq) drawScreen();
  $("ring").dataset.light = state.light;
  $("lamp").textContent = LIGHTS[state.light] || "　";
  $("eye").textContent = state.camera_on ? "カメラ オン / camera on" : "カメラ オフ / camera off";
  if (before.sounds !== state.sounds && before.seq !== undefined) caption(SOUNDS[state.sound] || "");
  if (before.guest !== state.guest) drawGuest();
  if (before.card !== state.card || (before.guest !== state.guest && state.card === guest?.id)) drawSlot();
  drawPerson(before);
  if (before.files !== state.files) drawFiles();
  if (before.visits !== state.visits) drawVisits();
}

function drawScreen() {
  const screen = $("screen");
  screen.fetchPriority = "high"; // before the cards' printed sides, which take their time
  screen.src = `/screen.png?seq=${state.seq}`;
  screen.alt = `リーダーの画面: ${state.name}`;
  screen.classList.remove("flash");
  if (state.update === "full") { void screen.offsetWidth; screen.classList.add("flash"); }
}

function caption(text) {
  const sound = $("sound");
  sound.textContent = text;
  sound.classList.remove("fresh"); void sound.offsetWidth; sound.classList.add("fresh");
}

/* cards */
function card(person) {
  const face = document.createElement("div");
  face.className = "idcard";
  face.tabIndex = 0;
  face.setAttribute("role", "button");
  face.draggable = true;
  face.dataset.id = person.id;
  face.innerHTML = PORTRAIT;
  const printed = new Image();
  printed.className = "printed";
  printed.alt = `架空のカードの券面 / printed side: ${person.roman}`;
  printed.draggable = false;
  printed.fetchPriority = "low";
  printed.onload = () => face.querySelector("svg")?.replaceWith(printed);
  printed.src = `/card-face/${person.id}.png${person === guest ? `?n=${state.guest}` : ""}`;
  const add = (tag, text, parent = face) => { const e = document.createElement(tag); e.textContent = text; parent.append(e); return e; };
  const name = add("span", "");
  add("b", person.name.replace("　", " "), name);
  add("i", ` ${person.age}歳`, name);
  const pin = add("span", "PIN "); pin.className = "pin";
  add("b", person.pin, pin);
  const story = add("p", person.story_ja);
  add("i", person.story_en, story);
  return face;
}

function holdable(person) {
  const face = card(person);
  face.setAttribute("aria-label", `${person.name.replace("　", " ")} ${person.roman}, PIN ${person.pin}`);
  face.addEventListener("click", () => put(person.id));
  face.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", person.id));
  face.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); put(person.id); } });
  return face;
}

function drawCards() {
  for (const person of people) {
    $("cards").append(holdable(person));
    $("who").append(new Option(`${person.name.replace("　", " ")} (${person.age})`, person.id));
  }
}

/* whoever plays is there already: then a card is put without its holder */
async function put(id) {
  if (state.card === id) return take();
  if ($("together").checked && !stream) await (id === guest?.id ? comes() : steps(id));
  await call("/card", { persona: id });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.querySelector(".reader").scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}
const take = () => call("/card", { persona: null });

function drawSlot() {
  const slot = $("slot");
  slot.querySelector(".idcard")?.remove();
  const person = [...people, guest].find((one) => one && one.id === state.card);
  slot.classList.toggle("full", Boolean(person));
  slot.querySelector(".hint").hidden = Boolean(person);
  if (person) { const face = card(person); face.tabIndex = -1; face.title = "クリックで取る / click to take"; slot.append(face); }
  for (const face of document.querySelectorAll(".tray .idcard")) face.classList.toggle("used", face.dataset.id === state.card);
}

/* who stands there */
function drawPerson(before) {
  const moved = !before.pose || POSE.some((name) => before.pose[name] !== state.pose[name]);
  if (before.standing !== state.standing && document.activeElement !== $("who")) $("who").value = state.own_picture ? "own" : state.standing || "";
  if (before.own_picture !== state.own_picture) $("who").value = state.own_picture ? "own" : state.standing || "";
  for (const name of POSE) {
    if (document.activeElement !== $(name)) $(name).value = state.pose[name];
    $(name).disabled = state.own_picture;
  }
  outputs();
  const switched = before.camera_on !== state.camera_on;
  document.querySelector(".mirror").classList.toggle("on", state.camera_on);
  if (state.camera_on) hurry();
  if (moved || switched || before.standing !== state.standing || before.own_picture !== state.own_picture) look();
}

let looking = false;
async function look() {
  if (looking || stream || (state.own_picture && !state.camera_on)) return;
  looking = true;
  const key = () => JSON.stringify([state.standing, state.pose, state.camera_on, state.own_picture]);
  const asked = key();
  const answer = await fetch("/camera.jpg").catch(() => null);
  if (answer?.ok) mirror(await answer.blob());
  looking = false;
  if (state.camera_on || asked !== key()) setTimeout(look, answer?.ok ? 120 : 700);
}

function mirror(picture) {
  URL.revokeObjectURL($("camera").src);
  if (!picture) return $("camera").removeAttribute("src");
  $("camera").src = URL.createObjectURL(picture);
}

function outputs() {
  $("yaw").nextElementSibling.value = `${Math.round($("yaw").value)}°`;
  $("pitch").nextElementSibling.value = `${Math.round($("pitch").value)}°`;
  $("distance").nextElementSibling.value = `${Math.round($("distance").value)} cm`;
}

async function steps(id) { await stopWebcam(); await call("/person", { persona: id || null }); }

let moving = null;
let moved = {};
function moves(name) {
  outputs();
  moved[name] = $(name).type === "range" ? Number($(name).value) : $(name).value;
  clearTimeout(moving);
  moving = setTimeout(() => { call("/person", moved); moved = {}; }, 80);
}

/* the head turns while an arrow key is held: the way the reader's arrow points */
const ARROWS = { ArrowLeft: 32, ArrowRight: -32 };
let held = "";
function turns(event) {
  const down = event.type === "keydown";
  if (!(event.key in ARROWS) || $("booth").open || event.target.matches("select, input, dialog *") || state.own_picture) return;
  event.preventDefault();
  if (down === Boolean(held) || (!down && held !== event.key)) return;
  held = down ? event.key : "";
  $("yaw").value = down ? ARROWS[event.key] : 0;
  moves("yaw");
}

/* one's own picture or webcam: memory only */
const SIGHT = { width: 640, height: 480 };
const LOOKED_AT_MS = 100, UNSEEN_MS = 400;

function trouble(error) {
  return {
    NotAllowedError: "カメラの使用が許可されていません。ブラウザーの設定で許可するか、写真ファイルをお使いください。 / The browser may not use the camera: allow it in the browser's settings, or use a picture file.",
    NotReadableError: "カメラをほかのアプリが使っているようです。閉じてから、もう一度どうぞ。 / Another program seems to use the camera: close it and try again.",
  }[error?.name] || "カメラが見つかりません。写真ファイルもお使いになれます。 / No camera was found: you can use a picture file instead.";
}

async function openCamera() {
  if (!navigator.mediaDevices) throw new DOMException("none", "NotFoundError");
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 960 } } });
}

/* what the camera sees, cut to 4:3 and never mirrored */
function still(video, width, height, quality) {
  const sheet = document.createElement("canvas");
  sheet.width = width; sheet.height = height;
  const scale = Math.max(width / video.videoWidth, height / video.videoHeight);
  const w = width / scale, h = height / scale;
  sheet.getContext("2d").drawImage(video, (video.videoWidth - w) / 2, (video.videoHeight - h) / 2, w, h, 0, 0, width, height);
  return new Promise((done) => sheet.toBlob(done, "image/jpeg", quality));
}

async function upload(file) {
  $("upload").value = "";
  if (!file) return;
  if (!PICTURES.includes(file.type)) { $("camsay").textContent = "JPEG・PNG・WebPの写真をお選びください。 / Please choose a JPEG, PNG or WebP picture."; return; }
  await stopWebcam();
  if (await call("/picture", file, file.type)) mirror(file);
}

async function useWebcam() {
  $("camsay").textContent = "";
  try { stream = await openCamera(); } catch (error) { $("camsay").textContent = trouble(error); drawPerson({}); return false; }
  stream.getVideoTracks()[0].onended = () => { stopWebcam(); $("camsay").textContent = trouble(null); };
  $("webcam").srcObject = stream; $("webcam").hidden = false; $("camera").hidden = true;
  await $("webcam").play();
  drawWebcam();
  feed(stream);
  await sent;
  return true;
}

let sent = null;
let hurry = () => {};
async function feed(mine) {
  while (stream === mine) {
    const began = performance.now();
    sent = sendFrame();
    if (!(await sent)) { if (stream === mine) stopWebcam(); return; }
    const pause = (state.camera_on ? LOOKED_AT_MS : UNSEEN_MS) - (performance.now() - began);
    await new Promise((done) => { hurry = done; setTimeout(done, Math.max(20, pause)); });
  }
}

async function sendFrame() {
  const frame = await still($("webcam"), SIGHT.width, SIGHT.height, 0.85);
  return stream ? call("/webcam", frame, "image/jpeg").catch(() => false) : false;
}

async function stopWebcam() {
  if (!stream) return;
  for (const track of stream.getTracks()) { track.onended = null; track.stop(); }
  stream = null;
  drawWebcam();
  hurry();
  await sent;
  await fetch("/webcam", { method: "DELETE" }).catch(() => null);
}

function drawWebcam() {
  const on = Boolean(stream);
  $("webcam").hidden = !on; $("camera").hidden = on;
  if (!on) $("webcam").srcObject = null;
  $("usecam").classList.toggle("on", on);
  $("usecam").setAttribute("aria-pressed", String(on));
  $("together").disabled = on;
  $("usecam").innerHTML = on ? "カメラを止める <i>Stop my webcam</i>" : "自分のカメラ <i>My webcam</i>";
  document.querySelector(".together span").innerHTML = on
    ? "あなたがカメラの前にいます <i>your webcam is on: you stand there</i>" : "本人も一緒に来る <i>its holder comes along</i>";
}

/* a card with one's own photograph */
let shot = null;
let boothStream = null;
let ownFile = null;

/* the visitor comes along: by webcam, or with the file that the card was made of */
async function comes() {
  if (ownFile) return upload(ownFile);
  return useWebcam();
}

function drawGuest() {
  const place = $("own");
  if (!guest) return;
  place.classList.toggle("printed", Boolean(state.guest));
  place.replaceChildren(...(state.guest ? [holdable(guest), tries()] : [maker()]));
  place.querySelector(".idcard")?.classList.toggle("used", state.card === guest.id);
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
  $("booth-name").textContent = `${guest.name.replace("　", " ")} / ${guest.roman}`;
  $("booth-pin").textContent = guest.pin;
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

/* behind the counter */
async function drawFiles() {
  const rows = await get("/facility");
  $("files").replaceChildren(...rows.slice(-6).reverse().map((row) => {
    const item = document.createElement("li"), open = document.createElement("button");
    open.textContent = row.name;
    open.onclick = () => show(row.name);
    item.append(open);
    return item;
  }));
}

async function show(name) {
  const text = await (await fetch(`/facility/${encodeURIComponent(name)}`)).text();
  $("paper").querySelector("pre").textContent = text;
  $("paper").showModal();
}

async function drawVisits() {
  const rows = await get("/visits");
  $("visits").replaceChildren(...rows.slice(-6).reverse().map((row) => {
    const item = document.createElement("li");
    const time = row.ms.total_machine === undefined ? "" : ` ${(row.ms.total_machine / 1000).toFixed(1)} s`;
    item.textContent = [row.outcome, row.method, row.code].filter(Boolean).join(" · ") + time;
    return item;
  }));
}

/* keys */
const KEYS = { Enter: "enter", Backspace: "clear", Escape: "cancel", l: "language", s: "staff" };
function press(key) {
  const button = document.querySelector(`[data-key="${key}"]`);
  button?.classList.add("down");
  setTimeout(() => button?.classList.remove("down"), 120);
  call("/key", { key });
}

function typed(event) {
  if ($("booth").open || event.target.matches("select, input:not([type=checkbox]), dialog *") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const key = /^[0-9]$/.test(event.key) ? event.key : KEYS[event.key];
  if (!key || (key === "enter" && event.target.matches("button, [role=button]"))) return;
  event.preventDefault();
  press(key);
}

function listen() {
  const events = new EventSource("/events");
  events.onmessage = (event) => { $("link").textContent = ""; $("link").className = ""; draw(JSON.parse(event.data)); };
  events.onerror = () => { $("link").textContent = "リーダーとつながっていません / not connected"; $("link").className = "lost"; };
}

function wire() {
  for (const button of document.querySelectorAll("[data-key]")) button.addEventListener("click", () => { press(button.dataset.key); button.blur(); });
  document.addEventListener("keydown", typed);
  for (const kind of ["keydown", "keyup"]) document.addEventListener(kind, turns);
  const slot = $("slot");
  slot.addEventListener("click", () => { if (state.card) take(); });
  slot.addEventListener("keydown", (event) => { if ((event.key === "Enter" || event.key === " ") && state.card) { event.preventDefault(); take(); } });
  slot.addEventListener("dragover", (event) => { event.preventDefault(); slot.classList.add("over"); });
  slot.addEventListener("dragleave", () => slot.classList.remove("over"));
  slot.addEventListener("drop", (event) => {
    event.preventDefault(); slot.classList.remove("over");
    const id = event.dataTransfer.getData("text/plain");
    if (id !== state.card) put(id);
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => { event.preventDefault(); if (!slot.contains(event.target) && event.dataTransfer.getData("text/plain") === state.card) take(); });
  $("who").addEventListener("change", () => ($("who").value === "own" ? useWebcam() : steps($("who").value)));
  for (const name of POSE) $(name).addEventListener("input", () => moves(name));
  $("upload").addEventListener("change", () => upload($("upload").files[0]));
  $("usecam").addEventListener("click", () => (stream ? stopWebcam() : useWebcam()));
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

async function start() {
  wire();
  people = await get("/personas");
  const answer = await fetch("/guest");
  if (answer.ok) {
    guest = await answer.json();
    $("own").hidden = false;
  }
  drawCards();
  listen();
}
start();
