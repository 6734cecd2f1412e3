/* Training: the patients come one by one; what counts is what the reader did. */

import { PORTRAIT, atReader } from "./cards.js";
import { closeRecord, openRecord } from "./record.js";
import { stopWebcam } from "./webcam.js";
import { $, call, get, now } from "./world.js";

const RUNNING = ["scene", "playing", "question", "judged"];
let told = null; // GET /training, as last heard
let asked = 0;
let open = false; // somebody asked for the training before it began
let shown = ""; // which step the panel was built for
let together = true;
let hand = ""; // which card the patient holds out

export function element(tag, name, ...parts) {
  const one = document.createElement(tag);
  if (name) one.className = name;
  one.append(...parts);
  return one;
}

/* Japanese first, then small English */
export function both(tag, name, { ja, en }) { return element(tag, name, ja, " ", element("i", "", en)); }
const say = (ja, en) => ({ ja, en });

function button(name, words, act) {
  const one = both("button", name, words);
  one.addEventListener("click", act);
  return one;
}

const move = (name, body = {}) => call(`/training/${name}`, body);

export function wireTraining() {
  $("train").addEventListener("click", opens);
}

function opens() {
  open = true;
  draw();
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  $("training").scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

export async function drawTraining(before) {
  const { state } = now;
  $("train").hidden = state.training === null || state.training === undefined;
  if ($("train").hidden) return;
  if (before.card !== state.card) cardMoved();
  if (before.training === state.training) return;
  const mine = ++asked, answer = await get("/training");
  if (mine !== asked) return; // a later one was asked for
  told = answer;
  draw();
}

/* the panel is built anew when the step changes; within a step only words change */
function draw() {
  if (!told) return;
  const { phase } = told, running = RUNNING.includes(phase), panel = $("training");
  stage(running);
  panel.hidden = phase === "idle" && !open;
  $("train").setAttribute("aria-expanded", String(!panel.hidden));
  const at = phase === "playing" ? "scene" : phase, step = `${at} ${told.number}${panel.hidden ? "" : " open"}`;
  if (step === shown) { says(); return; }
  shown = step;
  const build = { idle: intro, scene: patient, question: asks, judged: asks, finished: over }[at];
  panel.replaceChildren(...(panel.hidden ? [] : build()));
  cardMoved();
  if (!panel.hidden) [...panel.querySelectorAll("[data-fresh]")].pop().focus({ preventScroll: at === "scene" });
}

/* while a course runs, only the case's person and card are there, and no switch tells what is broken */
function stage(running) {
  if (document.body.classList.contains("in-training") === running) return;
  document.body.classList.toggle("in-training", running);
  if (running) together = $("together").checked;
  $("together").checked = running ? false : together;
}

/* -- before and after ------------------------------------------------------------ */
function intro() {
  const rules = element("ul", "rules",
    both("li", "", say("一人ずつ、ちょっと困った患者が来ます。リーダーで手伝い、最後に一つだけ質問に答えます。", "Patients with a difficulty come one by one. Help them at the reader, then answer one question.")),
    both("li", "", say("点は、リーダーで実際に起きたことで決まります。80%で合格です。", "Points follow from what really happened at the reader; 80 % passes.")),
    both("li", "", say("本人でない人を受け付ける、暗証番号をロックさせる：この二つは0点です。", "Receiving somebody who is not the holder, or blocking a PIN: the case counts 0.")));
  return [
    head(say("受付の研修", "Training for the reception"), `${told.cases.length}人 · ${total(told.cases)}点`),
    rules,
    element("div", "choices",
      fresh(button("strong", say("はじめる", "Begin"), async () => { await stopWebcam(); await move("begin"); })),
      button("", say("閉じる", "Close"), () => { open = false; draw(); $("train").focus(); })),
  ];
}

function over() {
  const { record } = told;
  const verdict = record.passed ? say("合格です", "Passed") : say("まだ合格ではありません", "Not passed yet");
  const line = fresh(element("p", `verdict ${record.passed ? "passed" : "failed"}`, both("b", "", verdict), element("span", "", `${record.points} / ${record.of}点`)));
  const parts = [head(say("研修が終わりました", "The training is over"), ""), line];
  if (record.forbidden) parts.push(both("p", "never", say("してはいけないことがあったので、点数にかかわらず不合格です。", "Something was done that must never be done: not passed, whatever the points.")));
  parts.push(list(record.rows), element("div", "choices",
    button("strong", say("記録を見る・印刷する", "Record sheet, to print"), () => openRecord(told.record)),
    button("", say("もう一度", "Once more"), async () => { if (await move("end")) await move("begin"); }),
    button("", say("閉じる", "Close"), async () => { open = false; closeRecord(); await move("end"); $("train").focus(); })));
  return parts;
}

function list(rows) {
  return element("ol", "cases", ...rows.map((row) => element("li", row.points === row.of ? "full" : "short",
    element("b", "", `${row.points}/${row.of}`), both("span", "", row.title))));
}

/* -- one patient ------------------------------------------------------------------- */
function head(words, beside) {
  const title = both("h2", "", words);
  title.tabIndex = -1;
  return element("div", "training-head", title, element("span", "beside", beside));
}

function caseHead() {
  const done = told.record.rows, bar = element("span", "dots");
  bar.setAttribute("aria-hidden", "true");
  told.cases.forEach((_, at) => bar.append(element("b", at < done.length ? (done[at].points === done[at].of ? "full" : "short") : at === told.number - 1 ? "now" : "")));
  const top = head(say(`${told.number}人目 / ${told.cases.length}人`, `Patient ${told.number} of ${told.cases.length}`), bar);
  if (told.phase !== "judged") top.append(button("quiet-button", say("この人を飛ばす", "Skip"), () => move("skip")));
  top.append(button("quiet-button", say("研修を終える", "End the training"), () => move("end")));
  return top;
}

/* whose PIN it is: of the card that has one */
function pinOf({ card, other_card }) {
  return [card, other_card].map((id) => now.people.find((one) => one.id === id)?.pin).find(Boolean) || "";
}

function bubble(...more) {
  const speech = fresh(both("p", "speech", told.case.says)), portrait = element("span", "portrait");
  speech.setAttribute("aria-live", "polite");
  portrait.innerHTML = PORTRAIT;
  return element("div", "patient", portrait, element("div", "", speech, ...more));
}

function reply() {
  const one = element("p", "reply");
  one.setAttribute("role", "status");
  return one;
}

function patient() {
  hand = told.case.card;
  const pin = element("p", "pin-known");
  pin.append(...(told.case.knows_pin
    ? ["患者さんの指になって押す暗証番号 ", element("b", "", pinOf(told.case)), "（受付では本人が押し、職員は聞きません） ", element("i", "", "the PIN, as the patient's fingers; at a real desk staff neither hear nor press it")]
    : ["暗証番号は分からないようです ", element("i", "", "does not know the PIN")]));
  const hands = element("div", "hands",
    both("h3", "", say("手伝う", "Lend a hand")),
    button("put", say("カードを置いてもらう", "Have the card put down"), puts),
    button("", say("ケースから出してもらう", "Have it taken out of a sleeve"), bares),
    button("", say("顔のおおいを外してもらう", "Have the face uncovered"), uncovers),
    button("", say("ほかのカードがあるか聞く", "Ask for another card"), swaps),
    button("desk-button", say("リーダーはここまで。質問へ", "Done at the reader"), () => move("desk")));
  const hint = both("p", "small", say("リーダーのキー、係員キー、カメラの前の人は、いつもどおり使えます。受け付けが決まると、質問が出ます。", "Keys, staff key and the person before the camera work as always. When the visit is decided, the question comes."));
  return [caseHead(), element("div", "case", bubble(pin, reply()), brought(), hands), hint];
}

/* the card as it is handed over: its photo may be somebody else's */
function brought() {
  const face = element("span", "brought"), printed = new Image();
  face.innerHTML = PORTRAIT;
  printed.alt = "患者が出したカード / the card that was handed over";
  printed.onload = () => face.replaceChildren(printed);
  printed.src = `/card-face/${hand}.png`;
  return element("div", "in-hand", both("h3", "", say("出したカード", "The card")), face);
}

function cardMoved() {
  const put = $("training").querySelector(".put");
  if (!put) return;
  const words = now.state.card ? say("カードを取って返す", "Take the card and give it back") : say("カードを置いてもらう", "Have the card put down");
  const held = put === document.activeElement, next = button("put", words, puts);
  put.replaceWith(next);
  if (held) next.focus();
}

function says() {
  const speech = $("training").querySelector(".speech");
  if (!speech || !told.case || speech.firstChild.textContent === told.case.says.ja) return;
  speech.replaceChildren(...both("p", "", told.case.says).childNodes);
  speech.classList.add("fresh");
}

function replies(words) { $("training").querySelector(".reply")?.replaceChildren(...both("p", "", words).childNodes); }

async function puts() {
  replies(say("", ""));
  await call("/card", { persona: now.state.card ? null : hand });
  atReader();
}

async function bares() {
  const sleeved = now.state.card_fault && now.state.card_fault !== "none";
  replies(sleeved ? say("「ケースから出しました。」", "“It is out of its sleeve now.”") : say("「ケースには入れていません。」", "“It is in no sleeve.”"));
  if (sleeved && now.state.card) await call("/card", { persona: null });
  if (sleeved) await call("/card-fault", { fault: "none" });
  atReader();
}

async function uncovers() {
  const covered = now.state.pose.occluder !== "none";
  replies(covered ? say("「はい、外しました。」", "“There, it is off.”") : say("「何もつけていません。」", "“I wear nothing over my face.”"));
  if (covered) await call("/person", { occluder: "none" });
  atReader();
}

async function swaps() {
  const { other_card } = told.case;
  replies(other_card ? say("「こちらでしょうか。」（別のカードを出しました）", "“This one, perhaps?” (holds out another card)") : say("「カードはこれだけです。」", "“This is all I have.”"));
  if (!other_card || hand === other_card) return;
  if (now.state.card) await call("/card", { persona: null });
  hand = other_card;
  $("training").querySelector(".in-hand").replaceWith(brought());
}

/* -- the question, and what it was worth ------------------------------------------------ */
function asks() {
  const { question, result } = told;
  const parts = [caseHead(), bubble()];
  if (question && !(result && result.chosen === null)) {
    parts.push(fresh(both("h3", "asked", question.asked)));
    parts.push(element("div", "options", ...question.options.map((words, at) => option(words, at, result))));
  }
  if (result) parts.push(judged(result));
  return parts;
}

function option(words, at, result) {
  const one = element("button", "", element("b", "", "ABC"[at]), both("span", "", words));
  if (!result) { one.addEventListener("click", () => move("answer", { option: at })); return one; }
  one.disabled = true;
  if (at === result.right) { one.classList.add("right"); one.prepend(element("em", "", "✓ 正しい ", element("i", "", "right"))); }
  else if (at === result.chosen) { one.classList.add("wrong"); one.prepend(element("em", "", "✗ 選んだもの ", element("i", "", "your choice"))); }
  return one;
}

function judged(result) {
  const box = element("div", "judged");
  const points = fresh(element("p", "points", element("b", "", `${result.points}`), ` / ${result.of}点 `, element("i", "", "points")));
  const why = element("ul", "why");
  if (result.never) why.append(mark("never", "0点", result.never));
  else for (const line of result.lines) why.append(mark(line.kept ? "full" : "short", `${line.kept ? "✓" : "✗"} ${line.points}/${line.of}`, line.why));
  const learnt = element("div", "learnt",
    both("p", "", say(`覚えておくこと：${result.title.ja}`, `To remember: ${result.title.en}`)),
    ...(result.chosen === result.right ? [both("p", "", result.why)] : []),
    element("p", "code", element("b", "", result.code), " ", result.staff.ja, " → ", result.action.ja, element("i", "", `${result.staff.en} → ${result.action.en}`)));
  const last = told.record.rows.length === told.cases.length;
  const next = button("strong", last ? say("結果を見る", "See the result") : say("次の患者", "Next patient"), () => move("next"));
  box.setAttribute("role", "status");
  box.append(points, element("div", "", why, learnt), next);
  return box;
}

const mark = (name, text, words) => element("li", name, element("b", "", text), both("span", "", words));
const total = (cases) => cases.reduce((sum, one) => sum + one.points, 0);
/* The last of these takes the focus: words, so that an Enter still held answers nothing. */
function fresh(one) {
  if (!one.matches("button")) one.tabIndex = -1;
  one.dataset.fresh = "";
  return one;
}
