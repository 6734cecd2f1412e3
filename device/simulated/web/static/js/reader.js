/* what the reader shows: its screen as the paper shows it, the light, the tones */

import { $, caption, now } from "./world.js";

const LIGHTS = {
  off: "", ready: "お待ちしています / ready", busy: "処理中 / busy", camera: "カメラの光 / camera light",
  yes: "できました / yes", no: "もう一度 / no", alarm: "カードを忘れずに / alarm",
};
const SOUNDS = {
  tick: "ピッ（キー） / key", card: "ピッ カードが置かれました / card", done: "ピンポン 終わりました / done",
  error: "ブッ 画面をご覧ください / look at the screen", alarm: "ピピピ カードを忘れずに! / your card!", stop: "",
};
const KINDS = {
  none: "書き換えなし <i>no update</i>", partial: "部分書き換え <i>partial</i>",
  fast: "速い書き換え <i>fast, short flash</i>", full: "全面書き換え <i>full, long flash</i>",
};
const SHOWN_MS = { none: 0, partial: 700, fast: 450, full: 900 };
const WIDTH = 800, HEIGHT = 480;

export function drawReader(before) {
  const { state } = now;
  if (before.seq !== state.seq) drawScreen(before.seq !== undefined);
  $("ring").dataset.light = state.light;
  $("lamp").textContent = LIGHTS[state.light] || "　";
  $("eye").textContent = state.camera_on ? "カメラ オン / camera on" : "カメラ オフ / camera off";
  if (before.sounds !== state.sounds && before.seq !== undefined) caption(SOUNDS[state.sound] || "");
}

function drawScreen(moving) {
  const screen = $("screen");
  screen.fetchPriority = "high"; // before the cards' printed sides, which take their time
  screen.src = `/screen.png?seq=${now.state.seq}`;
  screen.alt = `リーダーの画面: ${now.state.name}`;
  const refresh = now.state.refresh;
  if (!refresh) return;
  tellRefresh(refresh);
  if (moving) playRefresh(refresh);
}

function tellRefresh({ kind, box, ms }) {
  const pill = $("refresh");
  pill.dataset.kind = kind;
  const [, , width, height] = box;
  const size = kind === "partial" ? ` · ${width} × ${height} px` : "";
  pill.innerHTML = `${KINDS[kind]}${size}${ms ? ` · ${Math.round(ms).toLocaleString()} ms` : ""}`;
}

/* as the paper would flash; at its own pace for who wants to feel the wait */
function playRefresh({ kind, box, ms }) {
  const glass = $("paper-glass"), frame = $("window");
  const lasts = $("pace").checked ? ms : SHOWN_MS[kind];
  const [x, y, width, height] = box;
  Object.assign(frame.style, {
    left: `${x / WIDTH * 100}%`, top: `${y / HEIGHT * 100}%`, width: `${width / WIDTH * 100}%`, height: `${height / HEIGHT * 100}%`, animationDuration: `${lasts}ms`,
  });
  glass.style.setProperty("--lasts", `${lasts}ms`);
  delete glass.dataset.update;
  void glass.offsetWidth;
  glass.dataset.update = kind;
}

function tellScale() {
  const share = $("screen").getBoundingClientRect().width / WIDTH;
  const whole = Math.abs(share - 1) < 0.002;
  $("paper-glass").classList.toggle("true-pixels", whole);
  $("scale").innerHTML = whole ? "実寸 <i>1:1 pixels</i>" : `縮小 ${Math.round(share * 100)} % <i>scaled to fit</i>`;
}

export function wireReader() {
  new ResizeObserver(tellScale).observe($("screen"));
}
