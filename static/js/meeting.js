// Logging a meeting: roll for the chosen day and kinds, live quorum, agenda items. Everything works without it.

const form = document.getElementById("meeting");

// The roll depends on kinds, day and group: fetched anew when they change, answers are kept by the server.
const fetchRoll = async () => {
  const body = new FormData(form);
  body.delete("token");
  try {
    const answer = await fetch(form.dataset.roll, { method: "POST", body });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("roll");
    if (fresh) document.getElementById("roll").replaceWith(fresh);
    paint();
  } catch {
    // the list stays as it was; saving asks the server again
  }
};
for (const input of form.querySelectorAll("[name=kinds], [name=held_on], [name=group]")) {
  input.addEventListener("change", fetchRoll);
}

// Chips follow the answers, the meter counts voters who are here.
const selects = () => [...form.querySelectorAll("#roll select")];
const paint = () => {
  for (const select of selects()) {
    select.closest(".pp").classList.toggle("off", select.value !== "present");
  }
  const roll = document.getElementById("roll");
  const here = selects().filter((s) => s.dataset.role === "voter" && s.value === "present").length;
  const place = roll.querySelector("[data-here]");
  if (place && place.textContent !== String(here)) place.textContent = String(here);
  const meter = roll.querySelector("[data-meter]");
  const need = Number(roll.dataset.need);
  if (meter) meter.classList.toggle("c-warn", need > 0 && here < need);
};
form.addEventListener("change", (event) => {
  if (event.target.closest("#roll")) paint();
});
form.addEventListener("click", (event) => {
  const all = event.target.closest("[data-all]");
  const rest = event.target.closest("[data-rest]");
  if (all) for (const select of selects()) select.value = all.dataset.all;
  if (rest) {
    for (const select of selects()) {
      if (select.value !== "present") select.value = rest.dataset.rest;
    }
  }
  if (all || rest) {
    paint();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

// 添加议题 without a round trip.
const total = document.getElementById("agenda-total");
form.querySelector("[data-add]").addEventListener("click", (event) => {
  event.preventDefault();
  const number = Number(total.value);
  const blank = document.getElementById("blank-item").innerHTML;
  const holder = document.createElement("div");
  holder.innerHTML = blank.replaceAll("__prefix__", String(number));
  const item = holder.firstElementChild;
  item.querySelector("[data-number]").textContent = String(number + 1);
  document.getElementById("agenda").append(item);
  total.value = String(number + 1);
  item.querySelector("input[type=text]").focus();
});
paint();
