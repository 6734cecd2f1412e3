import { $, call, now } from "./world.js";
import { hurry, stopWebcam, upload, useWebcam } from "./webcam.js";

const POSE = ["yaw", "pitch", "distance", "light", "occluder"];

/* who stands there */
export function drawPerson(before) {
  const moved = !before.pose || POSE.some((name) => before.pose[name] !== now.state.pose[name]);
  if (before.standing !== now.state.standing && document.activeElement !== $("who")) $("who").value = now.state.own_picture ? "own" : now.state.standing || "";
  if (before.own_picture !== now.state.own_picture) $("who").value = now.state.own_picture ? "own" : now.state.standing || "";
  for (const name of POSE) {
    if (document.activeElement !== $(name)) $(name).value = now.state.pose[name];
    $(name).disabled = now.state.own_picture;
  }
  outputs();
  const switched = before.camera_on !== now.state.camera_on;
  document.querySelector(".mirror").classList.toggle("on", now.state.camera_on);
  if (now.state.camera_on) hurry();
  if (moved || switched || before.standing !== now.state.standing || before.own_picture !== now.state.own_picture) look();
}

let looking = false;
export async function look() {
  if (looking || now.stream || (now.state.own_picture && !now.state.camera_on)) return;
  looking = true;
  const key = () => JSON.stringify([now.state.standing, now.state.pose, now.state.camera_on, now.state.own_picture]);
  const asked = key();
  const answer = await fetch("/camera.jpg").catch(() => null);
  if (answer?.ok) mirror(await answer.blob());
  looking = false;
  if (now.state.camera_on || asked !== key()) setTimeout(look, answer?.ok ? 120 : 700);
}

export function mirror(picture) {
  URL.revokeObjectURL($("camera").src);
  if (!picture) return $("camera").removeAttribute("src");
  $("camera").src = URL.createObjectURL(picture);
}

function outputs() {
  $("yaw").nextElementSibling.value = `${Math.round($("yaw").value)}°`;
  $("pitch").nextElementSibling.value = `${Math.round($("pitch").value)}°`;
  $("distance").nextElementSibling.value = `${Math.round($("distance").value)} cm`;
}

export async function steps(id) { await stopWebcam(); await call("/person", { persona: id || null }); }

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
  if (!(event.key in ARROWS) || $("booth").open || event.target.matches("select, input, dialog *") || now.state.own_picture) return;
  event.preventDefault();
  if (down === Boolean(held) || (!down && held !== event.key)) return;
  held = down ? event.key : "";
  $("yaw").value = down ? ARROWS[event.key] : 0;
  moves("yaw");
}

export function wirePerson() {
  for (const kind of ["keydown", "keyup"]) document.addEventListener(kind, turns);
  $("who").addEventListener("change", () => ($("who").value === "own" ? useWebcam() : steps($("who").value)));
  for (const name of POSE) $(name).addEventListener("input", () => moves(name));
  $("upload").addEventListener("change", () => upload($("upload").files[0]));
  $("usecam").addEventListener("click", () => (now.stream ? stopWebcam() : useWebcam()));
}
