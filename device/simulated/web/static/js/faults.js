/* switches that break the line or the card on purpose, plainly shown while they do */

import { $, call, now } from "./world.js";

const LINE = [
  ["through", "通じる", "through"], ["slow", "遅い", "slow"], ["stalled", "返事がない", "stalled"], ["cut", "切れた", "cut"],
];
const CARD = [
  ["none", "よく読める", "reads well"], ["slow", "遅い", "slow"], ["shaky", "ずれている", "shaky"],
  ["deaf", "読めない（ケース入り）", "in a sleeve"], ["torn", "途中で離れる", "leaves midway"],
];
const SWITCHES = [
  { place: "line-fault", key: "line", path: "/line", field: "mode", fine: "through", choices: LINE, name: ["回線", "Line"] },
  { place: "card-fault", key: "card_fault", path: "/card-fault", field: "fault", fine: "none", choices: CARD, name: ["カード", "Card"] },
];

function build({ place, path, field, choices, name }) {
  const set = $(place);
  set.innerHTML = `<legend>${name[0]} <i>${name[1]}</i></legend>`;
  for (const [value, ja, en] of choices) {
    const label = document.createElement("label");
    label.innerHTML = `<input type="radio" name="${place}" value="${value}"><span>${ja} <i>${en}</i></span>`;
    label.firstChild.addEventListener("change", () => call(path, { [field]: value }));
    set.append(label);
  }
}

export function drawFaults(before) {
  const { state } = now;
  if (before.seq !== undefined && SWITCHES.every(({ key }) => before[key] === state[key])) return;
  const broken = [];
  for (const { place, key, fine, choices, name } of SWITCHES) {
    const set = $(place);
    set.hidden = !state[key];
    for (const radio of set.querySelectorAll("input")) radio.checked = radio.value === state[key];
    const choice = choices.find(([value]) => value === state[key]);
    if (choice && choice[0] !== fine) broken.push(`${name[0]}: ${choice[1]} <i>${name[1]}: ${choice[2]}</i>`);
  }
  $("faults").hidden = SWITCHES.every(({ key }) => !state[key]);
  $("broken").hidden = !broken.length;
  $("broken").innerHTML = broken.length ? `わざと壊しています <i>broken on purpose</i> ${broken.join(" · ")}` : "";
}

async function mend() {
  for (const { key, path, field, fine } of SWITCHES) if (now.state[key] && now.state[key] !== fine) await call(path, { [field]: fine });
}

export function wireFaults() {
  for (const one of SWITCHES) build(one);
  $("mend").addEventListener("click", mend);
}
