/* the present visit, or the last one: what took how long, and everything that happened */

import { $, get, now } from "./world.js";

const STEPS = {
  "reading card": "カードを読む", choosing: "方法を選ぶ", "entering number": "照合番号を入れる", looking: "顔を見る",
  "not matched": "顔が合わない", "face supported": "係員の確認を待つ", "entering pin": "暗証番号を入れる", "pin blocked": "暗証番号ロック",
  "calling staff": "係員を呼ぶ", signing: "カードが署名", checking: "資格を確認", "offering registration": "利用登録を聞く",
  consenting: "同意を聞く", "sending consent": "同意を送る", away: "カードが離れた", recognising: "同じカードか見る",
  "take card": "カードを取る", stopped: "中止", "card left": "カードの置き忘れ", renewal: "更新のお知らせ", "thank you": "お礼", problem: "お知らせ",
};
const NOTICE_MS = 150;

let waiting = false;

export function drawTimeline(before) {
  if (now.state.steps === undefined || now.state.steps === null) { $("timeline").hidden = true; return; }
  $("timeline").hidden = false;
  if (before.steps === now.state.steps && before.seq === now.state.seq) return;
  if (waiting) return;
  waiting = true;
  setTimeout(async () => { waiting = false; draw(await get("/timeline")); }, NOTICE_MS);
}

function draw({ visit, rows, steps }) {
  const machine = steps.filter((step) => !step.person), longest = Math.max(1, ...machine.map((step) => step.ms));
  const whole = machine.reduce((sum, step) => sum + step.ms, 0);
  $("timeline-sum").innerHTML = steps.length
    ? `受付 ${visit} · 機械 <b>${seconds(whole)}</b> <i>machine</i> · 人 ${seconds(steps.reduce((sum, step) => sum + step.ms, 0) - whole)} <i>person</i>` : "";
  $("steps").replaceChildren(...steps.map((step) => stepRow(step, longest)));
  const list = $("moments"), atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
  list.replaceChildren(...rows.map(moment));
  if (atEnd) list.scrollTop = list.scrollHeight;
}

const seconds = (ms) => (ms < 10000 ? `${ms.toLocaleString()} ms` : `${(ms / 1000).toFixed(1)} s`);

function cell(tag, text) {
  const one = document.createElement(tag);
  one.textContent = text;
  return one;
}

function stepRow(step, longest) {
  const row = document.createElement("tr");
  const name = cell("th", STEPS[step.state] || step.state);
  name.scope = "row";
  name.append(" ", cell("i", step.state));
  const bar = document.createElement("td");
  const fill = document.createElement("span");
  fill.className = step.person ? "person-time" : "machine-time";
  fill.style.width = `${Math.min(100, Math.max(1, step.ms / longest * 100))}%`;
  bar.append(fill);
  row.append(name, cell("td", seconds(step.ms)), bar);
  return row;
}

function moment(row) {
  const item = document.createElement("li");
  item.dataset.kind = row.kind;
  item.append(cell("span", row.ms.toLocaleString()), cell("b", row.name), cell("span", row.detail));
  return item;
}
