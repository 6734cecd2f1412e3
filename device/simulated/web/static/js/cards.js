import { $, call, now } from "./world.js";
import { comes } from "./booth.js";
import { steps } from "./person.js";

export const PORTRAIT = '<svg viewBox="0 0 40 48" aria-hidden="true"><circle cx="20" cy="16" r="10"/><path d="M2 48c0-13 8-19 18-19s18 6 18 19z"/></svg>';

/* One at a time: a browser has six lines to a host, and keys must not wait for pictures. */
let drawing = Promise.resolve();
function printedSide(image, address) {
  const drawn = () => { image.src = address; return image.decode(); };
  const mine = drawing.then(drawn);
  drawing = mine.catch(() => null);
  return mine;
}

export function card(person) {
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
  printedSide(printed, `/card-face/${person.id}.png${person === now.guest ? `?n=${now.state.guest}` : ""}`)
    .then(() => face.querySelector("svg")?.replaceWith(printed), () => null);
  const add = (tag, text, parent = face) => { const e = document.createElement(tag); e.textContent = text; parent.append(e); return e; };
  const name = add("span", "");
  add("b", person.name.replace("　", " "), name);
  add("i", ` ${person.age}歳`, name);
  const pin = add("span", "PIN "); pin.className = "pin";
  add("b", person.pin || "なし none", pin);
  const story = add("p", person.story_ja);
  add("i", person.story_en, story);
  return face;
}

export function holdable(person) {
  const face = card(person);
  face.setAttribute("aria-label", `${person.name.replace("　", " ")} ${person.roman}, PIN ${person.pin}`);
  face.addEventListener("click", () => put(person.id));
  face.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", person.id));
  face.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); event.stopPropagation(); put(person.id); } });
  return face;
}

export function drawCards() {
  for (const person of now.people) {
    $(person.special ? "specials" : "cards").append(holdable(person));
    $("who").append(new Option(`${person.name.replace("　", " ")} (${person.age})`, person.id));
  }
}

/* whoever plays is there already: then a card is put without its holder */
export async function put(id) {
  if (now.state.card === id) return take();
  if ($("together").checked && !now.stream) await (id === now.guest?.id ? comes() : steps(id));
  await call("/card", { persona: id });
  atReader();
}

/* Keys belong to the reader now: an Enter must not take the card again. */
export function atReader() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const reader = document.querySelector(".reader");
  reader.focus({ preventScroll: true });
  reader.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}
export const take = () => call("/card", { persona: null });

export function drawSlot() {
  const slot = $("slot");
  slot.querySelector(".idcard")?.remove();
  const person = [...now.people, now.guest].find((one) => one && one.id === now.state.card);
  slot.classList.toggle("full", Boolean(person));
  slot.querySelector(".hint").hidden = Boolean(person);
  if (person) { const face = card(person); face.removeAttribute("role"); face.removeAttribute("tabindex"); face.title = "クリックで取る / click to take"; slot.append(face); }
  for (const face of document.querySelectorAll(".tray .idcard")) face.classList.toggle("used", face.dataset.id === now.state.card);
}

async function takeUp() {
  await take();
  atReader();
}

export function wireCards() {
  const slot = $("slot");
  const held = (event) => event.dataTransfer.getData("text/plain");
  slot.addEventListener("click", () => { if (now.state.card) takeUp(); });
  slot.addEventListener("keydown", (event) => { if ((event.key === "Enter" || event.key === " ") && now.state.card) { event.preventDefault(); event.stopPropagation(); takeUp(); } });
  slot.addEventListener("dragover", (event) => { event.preventDefault(); slot.classList.add("over"); });
  slot.addEventListener("dragleave", () => slot.classList.remove("over"));
  slot.addEventListener("drop", (event) => {
    event.preventDefault(); slot.classList.remove("over");
    if (held(event) !== now.state.card) put(held(event));
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => { event.preventDefault(); if (!slot.contains(event.target) && held(event) === now.state.card) take(); });
}
