import { take } from "./cards.js";
import { $, call, now } from "./world.js";

/* keys */
const KEYS = { Enter: "enter", Backspace: "clear", Escape: "cancel", l: "language", s: "staff" };
let pressed = Promise.resolve(); // one after the other: digits that overtake each other are another PIN
function press(key) {
  const button = document.querySelector(`[data-key="${key}"]`);
  button?.classList.add("down");
  setTimeout(() => button?.classList.remove("down"), 120);
  pressed = pressed.then(() => call("/key", { key })).catch(() => false);
}

function typed(event) {
  if ($("booth").open || event.target.matches("select, input:not([type=checkbox], [type=radio]), dialog *") || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "t" && now.state.card) { event.preventDefault(); take(); return; }
  const key = /^[0-9]$/.test(event.key) ? event.key : KEYS[event.key];
  if (!key || (key === "enter" && event.target.matches("button, [role=button]"))) return;
  event.preventDefault();
  press(key);
}

export function wireKeys() {
  for (const button of document.querySelectorAll("[data-key]")) button.addEventListener("click", () => { press(button.dataset.key); button.blur(); });
  document.addEventListener("keydown", typed);
}
