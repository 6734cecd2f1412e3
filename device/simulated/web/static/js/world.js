/* what every room of the page shares: what is so now, and how to ask for a change */

export const now = { state: {}, people: [], guest: null, stream: null };
export const $ = (id) => document.getElementById(id);
export const PICTURES = ["image/jpeg", "image/png", "image/webp"];

export async function call(path, body, type = "application/json") {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": type }, body: type === "application/json" ? JSON.stringify(body) : body });
  if (!answer.ok) caption((await answer.json()).error);
  return answer.ok;
}
export const get = async (path) => (await fetch(path)).json();

export function caption(text) {
  const sound = $("sound");
  sound.textContent = text;
  sound.classList.remove("fresh"); void sound.offsetWidth; sound.classList.add("fresh");
}
