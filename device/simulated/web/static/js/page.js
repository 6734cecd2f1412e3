/* The page: draws what is so now, each room its part. Whoever acts asks the reader. */

import { drawGuest, wireBooth } from "./booth.js";
import { drawCards, drawSlot, wireCards } from "./cards.js";
import { drawFiles, drawVisits } from "./desk.js";
import { drawFaults, wireFaults } from "./faults.js";
import { wireKeys } from "./keys.js";
import { drawPerson, wirePerson } from "./person.js";
import { drawReader, wireReader } from "./reader.js";
import { drawSound, wireSound } from "./sound.js";
import { drawTimeline } from "./timeline.js";
import { drawTraining, wireTraining } from "./training.js";
import { $, get, now } from "./world.js";

function draw(next) {
  const before = now.state;
  now.state = next;
  drawReader(before);
  if (before.guest !== next.guest) drawGuest();
  if (before.card !== next.card || (before.guest !== next.guest && next.card === now.guest?.id)) drawSlot();
  drawPerson(before);
  drawFaults(before);
  drawTimeline(before);
  drawSound(before, next);
  drawTraining(before);
  if (before.files !== next.files) drawFiles();
  if (before.visits !== next.visits) drawVisits();
}

function listen() {
  const events = new EventSource("/events");
  const link = $("link");
  events.onmessage = (event) => { link.textContent = ""; link.className = ""; draw(JSON.parse(event.data)); };
  events.onerror = () => { link.textContent = "リーダーとつながっていません / not connected"; link.className = "lost"; };
}

async function start() {
  for (const wire of [wireReader, wireSound, wireKeys, wireCards, wirePerson, wireBooth, wireFaults, wireTraining]) wire();
  now.people = await get("/personas");
  const answer = await fetch("/guest");
  if (answer.ok) {
    now.guest = await answer.json();
    $("own").hidden = false;
  }
  drawCards();
  listen();
}

start();
