/* what is heard: the reader's tones, and its voice with what it says as a caption */

import { $, call, now } from "./world.js";

/* hertz (0: silence) and seconds, as the reader's own piezo has them; one for every key */
const TONES = {
  tick: [[1000, 0.03]], card: [[1320, 0.12]], done: [[880, 0.12], [0, 0.05], [1320, 0.2]],
  error: [[660, 0.2], [0, 0.05], [495, 0.3]], alarm: [[1320, 0.25], [0, 0.15], [1320, 0.25], [0, 0.15], [1320, 0.25]],
};
const ALARM_AGAIN_MS = 15000;
const TONE_GAIN = 0.15, SOFT_S = 0.008;
const GAINS = [0.12, 0.25, 0.45, 0.7, 1]; // by the reader's volume, 1 to 5
const OUTPUTS = { speaker: "♪ スピーカー / speaker", headphones: "イヤホン / headphones" };

let audio = null; // a browser lets a page make sounds after a click only
let tones = null, alarm = null, voice = null;

const isOn = () => $("sound-on").checked;

export function drawSound(before, state) {
  if (before.voice !== state.voice) {
    $("voice-keys").hidden = !state.voice;
    $("voiceless").hidden = state.voice;
  }
  if (before.headphones !== state.headphones) $("plug").checked = state.headphones;
  if (before.sounds !== undefined && before.sounds !== state.sounds) sound(state.sound);
  if (before.saying?.n !== state.saying?.n) { say(state.saying); caption(state.saying); }
}

function sound(name) {
  if (name === "alarm" || name === "stop") { clearInterval(alarm); alarm = null; hush(); }
  if (!isOn() || alarm) return; // only "stop" ends the alarm
  if (name === "alarm") alarm = setInterval(() => ring(TONES.alarm), ALARM_AGAIN_MS);
  ring(TONES[name] || []);
}

/* the newest cuts what sounds */
function ring(notes) {
  hush();
  tones = audio.createGain();
  tones.connect(audio.destination);
  let at = audio.currentTime + 0.01;
  for (const [hertz, lasts] of notes) {
    if (hertz) note(hertz, at, at + lasts);
    at += lasts;
  }
}

function note(hertz, from, to) {
  const one = audio.createOscillator(), shape = audio.createGain();
  one.type = "triangle";
  one.frequency.value = hertz;
  shape.gain.setValueAtTime(0, from);
  shape.gain.linearRampToValueAtTime(TONE_GAIN, from + SOFT_S);
  shape.gain.setValueAtTime(TONE_GAIN, to - SOFT_S);
  shape.gain.linearRampToValueAtTime(0, to);
  one.connect(shape).connect(tones);
  one.start(from);
  one.stop(to);
}

function hush() {
  tones?.disconnect();
  tones = null;
}

function say(saying) {
  voice?.pause();
  voice = null;
  if (!saying || !isOn()) return;
  voice = new Audio(`/voice/${saying.lang}/${encodeURIComponent(saying.name)}.wav`);
  voice.volume = GAINS[saying.volume - 1];
  voice.play().catch(() => null); // cut before it began
}

function caption(saying) {
  $("said-where").textContent = saying ? `${OUTPUTS[saying.output]} · ${saying.volume}/5` : "";
  $("said").textContent = saying ? saying.text : "";
  $("said").lang = saying ? saying.lang.split("-")[0] : "";
}

/* who switches it on hears the screen that stands there; who listens needs no screen reader to say it, too */
function switched() {
  $("caption").setAttribute("aria-live", isOn() ? "off" : "polite");
  if (!isOn()) {
    clearInterval(alarm);
    alarm = null;
    hush();
    say(null);
    return;
  }
  audio ||= new AudioContext();
  audio.resume();
  if (now.state.sound === "alarm") sound("alarm");
  if (now.state.voice) call("/key", { key: "repeat" });
}

export function wireSound() {
  $("soundbar").innerHTML = `
    <label><input id="sound-on" type="checkbox" role="switch" autocomplete="off"> 音を出す <i>Sound on</i></label>
    <div id="voice-keys" role="group" aria-label="音声案内 Spoken guidance" hidden>
      <label><input id="plug" type="checkbox" role="switch" autocomplete="off"> イヤホンを差す <i>Headphones in</i></label>
      <button data-key="repeat" title="R">もう一度 <i>Repeat</i></button>
      <button data-key="softer" title="-">小さく <i>Softer</i></button>
      <button data-key="louder" title="+">大きく <i>Louder</i></button>
    </div>
    <span id="voiceless" hidden>音声案内はありません <i>this reader has no voice</i></span>
    <p id="caption" role="group" aria-live="polite" aria-label="音声案内の字幕 Caption"><span id="said-where"></span> <span id="said"></span></p>`;
  $("sound-on").addEventListener("change", switched);
  $("plug").addEventListener("change", () => call("/headphones", { plugged: $("plug").checked }));
}
