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

let state = {};
let people = [];
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
  if (before.card !== state.card) drawSlot();
  drawPerson(before);
  if (before.files !== state.files) drawFiles();
  if (before.visits !== state.visits) drawVisits();
}

function drawScreen() {
  const screen = $("screen");
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
  printed.onload = () => face.querySelector("svg")?.replaceWith(printed);
  printed.src = `/card-face/${person.id}.png`;
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

function drawCards() {
  for (const person of people) {
    const face = card(person);
    face.addEventListener("click", () => put(person.id));
    face.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", person.id));
    face.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); put(person.id); } });
    $("cards").append(face);
    $("who").append(new Option(`${person.name.replace("　", " ")} (${person.age})`, person.id));
  }
}

async function put(id) {
  if (state.card === id) return take();
  if ($("together").checked) await steps(id);
  await call("/card", { persona: id });
}
const take = () => call("/card", { persona: null });

function drawSlot() {
  const slot = $("slot");
  slot.querySelector(".idcard")?.remove();
  const person = people.find((one) => one.id === state.card);
  slot.classList.toggle("full", Boolean(person));
  slot.querySelector(".hint").hidden = Boolean(person);
  if (person) { const face = card(person); face.tabIndex = -1; face.title = "クリックで取る / click to take"; slot.append(face); }
  for (const face of $("cards").children) face.classList.toggle("used", face.dataset.id === state.card);
}

/* who stands there */
function drawPerson(before) {
  const moved = !before.pose || POSE.some((name) => before.pose[name] !== state.pose[name]);
  if (before.standing !== state.standing && document.activeElement !== $("who")) $("who").value = state.standing || "";
  for (const name of POSE) if (document.activeElement !== $(name)) $(name).value = state.pose[name];
  outputs();
  const switched = before.camera_on !== state.camera_on;
  document.querySelector(".mirror").classList.toggle("on", state.camera_on);
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
  $("camera").src = URL.createObjectURL(picture);
}

function outputs() {
  $("yaw").nextElementSibling.value = `${Math.round($("yaw").value)}°`;
  $("pitch").nextElementSibling.value = `${Math.round($("pitch").value)}°`;
  $("distance").nextElementSibling.value = `${Math.round($("distance").value)} cm`;
}

async function steps(id) { stopWebcam(); await call("/person", { persona: id || null }); }

let moving = null;
let moved = {};
function moves(name) {
  outputs();
  moved[name] = $(name).type === "range" ? Number($(name).value) : $(name).value;
  clearTimeout(moving);
  moving = setTimeout(() => { call("/person", moved); moved = {}; }, 80);
}

/* one's own picture or webcam: memory only */
async function upload(file) {
  stopWebcam();
  if (!file) return;
  if (await call("/picture", file, file.type)) mirror(file);
}

async function useWebcam() {
  if (stream) { stopWebcam(); return steps($("who").value); }
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  } catch { return caption("カメラを使えません / no webcam here"); }
  $("webcam").srcObject = stream; $("webcam").hidden = false; $("camera").hidden = true;
  await $("webcam").play();
  $("usecam").classList.add("on");
  feed();
}

async function feed() {
  const sheet = document.createElement("canvas");
  sheet.width = 640; sheet.height = 480;
  while (stream) {
    sheet.getContext("2d").drawImage($("webcam"), 0, 0, 640, 480);
    const frame = await new Promise((done) => sheet.toBlob(done, "image/jpeg", 0.85));
    if (!stream || !(await call("/picture", frame, "image/jpeg"))) break;
    await new Promise((done) => setTimeout(done, 150));
  }
}

function stopWebcam() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  $("webcam").hidden = true; $("camera").hidden = false; $("usecam").classList.remove("on");
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
  if (event.target.matches("select, input, [role=button], dialog *") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const key = /^[0-9]$/.test(event.key) ? event.key : KEYS[event.key];
  if (!key || (key === "enter" && event.target.matches("button"))) return;
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
  $("who").addEventListener("change", () => steps($("who").value));
  for (const name of POSE) $(name).addEventListener("input", () => moves(name));
  $("upload").addEventListener("change", () => upload($("upload").files[0]));
  $("usecam").addEventListener("click", useWebcam);
}

async function start() {
  wire();
  people = await get("/personas");
  drawCards();
  listen();
}
start();
