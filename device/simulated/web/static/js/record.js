/* The record of a course on one page. Whose it is, is typed here and stays here. */

import { both, element } from "./training.js";
import { $ } from "./world.js";

let name = "";

export function openRecord(record) {
  const sheet = $("record") || document.body.appendChild(Object.assign(document.createElement("dialog"), { id: "record" }));
  sheet.setAttribute("aria-labelledby", "record-title");
  sheet.replaceChildren(...page(record));
  sheet.showModal();
  sheet.querySelector("input").focus();
}

export function closeRecord() {
  name = "";
  $("record")?.remove();
}

function page(record) {
  const title = both("h2", "", { ja: "受付研修の記録", en: "Record of a training for the reception" });
  title.id = "record-title";
  return [
    element("div", "tools",
      pressed("strong", { ja: "印刷", en: "Print" }, () => window.print()),
      pressed("", { ja: "閉じる", en: "Close" }, () => $("record").close()),
      both("p", "small", { ja: "氏名はこの画面だけにあり、送られも保存されもしません。", en: "The name is on this page alone: it is neither sent nor stored." })),
    title,
    both("p", "fictitious", { ja: "架空の患者による研修です。資格を示すものではありません。", en: "With fictitious patients; no qualification." }),
    whose(),
    table(record),
    result(record),
    element("div", "signatures", place("受講者の署名", "Trainee"), place("確認者の署名", "Witnessed by")),
  ];
}

function pressed(kind, words, act) {
  const one = both("button", kind, words);
  one.addEventListener("click", act);
  return one;
}

function whose() {
  const field = Object.assign(document.createElement("input"), { value: name, maxLength: 40, autocomplete: "off", id: "record-name" });
  field.addEventListener("input", () => { name = field.value; });
  const label = both("label", "", { ja: "氏名", en: "Name" });
  label.append(field);
  const today = new Date();
  const day = element("p", "", "日付 ", element("i", "", "Date "), element("b", "", `${today.getFullYear()}年${today.getMonth() + 1}月${today.getDate()}日`));
  return element("div", "whose", label, day);
}

function table({ rows }) {
  const heads = [["", "No."], ["患者", "Case"], ["点", "Points"], ["時間", "Time"], ["足りなかったこと", "What was missed"]];
  const top = element("tr", "", ...heads.map(([ja, en]) => both("th", "", { ja, en })));
  const body = element("tbody", "", ...rows.map(row));
  return element("table", "", element("thead", "", top), body);
}

function row(one) {
  const missed = element("td", "missed", ...one.missed.map((words) => both("p", "", words)));
  if (one.more) missed.lastChild.append(" ", both("span", "", { ja: `ほか${one.more}件。`, en: `And ${one.more} more.` }));
  if (!one.missed.length) missed.append(both("p", "", { ja: "なし", en: "nothing" }));
  const points = element("td", "", `${one.points} / ${one.of}`);
  if (one.forbidden) points.append(element("b", "", " 禁止"));
  return element("tr", "", element("td", "", String(one.number)), both("td", "title", one.title), points, element("td", "", clock(one.seconds)), missed);
}

const clock = (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;

function result(record) {
  const verdict = record.passed ? { ja: "合格", en: "Passed" } : { ja: "不合格", en: "Not passed" };
  const sum = record.rows.reduce((all, one) => all + one.seconds, 0);
  return element("p", "total",
    element("span", "", "合計 ", element("i", "", "Total "), element("b", "", `${record.points} / ${record.of}点`)),
    both("b", "", verdict),
    element("span", "", "時間 ", element("i", "", "Time "), clock(sum)),
    both("span", "small", { ja: `80%以上で、してはいけないことがなければ合格。出題番号 ${record.seed}`, en: `Passed from 80 % with nothing forbidden. Course no. ${record.seed}` }));
}

function place(ja, en) { return element("div", "", both("span", "", { ja, en })); }
