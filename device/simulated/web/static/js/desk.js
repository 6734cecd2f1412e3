import { $, get } from "./world.js";

/* behind the counter */
export async function drawFiles() {
  const rows = await get("/facility");
  $("files").replaceChildren(...rows.slice(-6).reverse().map((row) => {
    const item = document.createElement("li"), open = document.createElement("button");
    open.textContent = row.name;
    open.onclick = () => show(row.name);
    item.append(open);
    return item;
  }));
}

async function show(name) {
  const text = await (await fetch(`/facility/${encodeURIComponent(name)}`)).text();
  $("paper").querySelector("pre").textContent = text;
  $("paper").showModal();
}

export async function drawVisits() {
  const rows = await get("/visits");
  $("visits").replaceChildren(...rows.slice(-6).reverse().map((row) => {
    const item = document.createElement("li");
    const time = row.ms.total_machine === undefined ? "" : ` ${(row.ms.total_machine / 1000).toFixed(1)} s`;
    const open = Object.values(row.decisions).includes("unanswered") ? "同意 未了 / consent open" : "";
    item.textContent = [row.outcome, row.method, row.code, open].filter(Boolean).join(" · ") + time;
    return item;
  }));
}
