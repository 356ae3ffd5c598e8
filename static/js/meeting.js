// Logging a meeting: roll for the chosen day and kinds, live quorum, agenda. Everything works without it.

const form = document.getElementById("meeting");
const phone = window.matchMedia("(max-width: 767.98px)");
const one = (selector, root = form) => root.querySelector(selector);
const all = (selector, root = form) => [...root.querySelectorAll(selector)];
const typed = () => form.dispatchEvent(new Event("input", { bubbles: true }));
const write = (place, text) => {
  if (place && place.textContent !== text) place.textContent = text;
};

// --- roll and meter ---------------------------------------------------------------------------
const PRESENT = "present";
const ABSENT = "absent";
const chips = () => all("#roll select");
const word = (select) => select.selectedOptions[0].textContent.slice(2);

const excuses = () => {
  const counts = new Map();
  for (const select of chips()) {
    if (select.value === PRESENT || select.value === ABSENT) continue;
    counts.set(word(select), (counts.get(word(select)) || 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return total ? `${total}（${[...counts].map(([name, n]) => `${name} ${n}`).join("，")}）` : "0";
};

const paint = () => {
  for (const select of chips()) {
    select.closest(".one").classList.toggle("off", select.value !== PRESENT);
  }
  const due = chips().filter((s) => "voter" in s.dataset).length;
  const here = chips().filter((s) => "voter" in s.dataset && s.value === PRESENT).length;
  const need = Number(one("#roll").dataset.need);
  write(one("[data-here]"), String(here));
  write(one("[data-all-here]"), String(chips().filter((s) => s.value === PRESENT).length));
  write(one("[data-excused]"), excuses());
  write(one("[data-absent]"), String(chips().filter((s) => s.value === ABSENT).length));
  const bar = one("[data-bar]");
  if (bar) bar.setAttribute("width", String(due ? (100 * here) / due : 0));
  const met = one("[data-met]");
  if (met) {
    met.hidden = here < need;
    one("[data-unmet]").hidden = here >= need;
  }
  const verdict = here >= need ? "可以表决" : `未达到 ${need} 名，不能表决`;
  write(one("[data-brief]"), need ? `到会 ${here}/${due}，${verdict}` : `到会 ${here}/${due}`);
  for (const item of all("[data-item]")) {
    judge(item);
    ask(item);
  }
};

form.addEventListener("click", (event) => {
  const bulk = event.target.closest("[data-all], [data-rest]");
  if (!bulk) return;
  for (const select of chips()) {
    if (bulk.dataset.all) select.value = bulk.dataset.all;
    else if (select.value !== PRESENT) select.value = bulk.dataset.rest;
  }
  paint();
  typed();
});

// Roll, agenda and meter follow kinds, day and group; the server keeps what was typed.
const follow = async (changed) => {
  show();
  try {
    const answer = await fetch(form.dataset.roll, { method: "POST", body: new FormData(form) });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of changed === "kinds" ? ["roll", "agenda", "meter"] : ["roll", "meter"]) {
      document.getElementById(id).replaceWith(page.getElementById(id));
    }
    renumber();
    paint();
  } catch {
    // the list stays as it was; saving asks the server again
  }
};
form.addEventListener("change", (event) => {
  const name = event.target.name;
  if (["kinds", "held_on", "group"].includes(name)) follow(name);
  else if (event.target.closest("#roll")) paint();
});

// Fields that only some kinds need are shown with them, or where something stands in them.
const show = () => {
  const kinds = all("[name=kinds]:checked").map((box) => box.value);
  for (const part of all("[data-kinds]")) {
    const wanted = part.dataset.kinds.split(" ").some((kind) => kinds.includes(kind));
    const filled = one("input, select", part).value !== "" && part.matches(".has-error");
    part.hidden = !wanted && !filled;
  }
};

// --- agenda -----------------------------------------------------------------------------------
const renumber = () => {
  const items = all("[data-item]");
  items.forEach((item, place) => {
    for (const control of item.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
      for (const key of ["name", "id", "for", "aria-describedby"]) {
        const old = control.getAttribute(key);
        if (old) control.setAttribute(key, old.replace(/agenda-(\d+|__prefix__)-/g, `agenda-${place}-`));
      }
    }
    for (const number of item.querySelectorAll("[data-number]")) write(number, String(place + 1));
    one("[data-up]", item).value = `up-${place}`;
    one("[data-up]", item).hidden = place === 0;
    one("[data-more]", item).value = `line-${place}`;
  });
  document.getElementById("agenda-total").value = String(items.length);
};
const copy = (template, mark, number) => {
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll(mark, String(number));
  return holder.firstElementChild;
};
const acts = {
  add() {
    const item = copy(document.getElementById("blank-item"), "__prefix__", all("[data-item]").length);
    one("#agenda").append(item);
    renumber();
    paint();
    one("input[type=text]", item).focus();
  },
  up(item) {
    item.previousElementSibling.before(item);
    renumber();
    one("[data-up]", item).focus();
  },
  drop(item) {
    const written = all("textarea, input[type=text]", item).some((box) => box.value);
    if (written && !window.confirm("删除这项议题和已填写的内容？")) return;
    item.remove();
    renumber();
    one("#agenda").focus();
  },
  more(item) {
    const lines = one("[name$=-lines]", item);
    const place = item.querySelector("[data-number]").textContent - 1;
    const line = copy(one("[data-blank-line]", item), "__line__", Number(lines.value));
    line.innerHTML = line.innerHTML.replace(/agenda-(\d+|__prefix__)-/g, `agenda-${place}-`);
    one("[data-lines]", item).append(line);
    line.classList.remove("bare");
    lines.value = String(Number(lines.value) + 1);
    one("textarea", line).focus();
  },
};
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add], [data-up], [data-drop], [data-more]");
  if (!button) return;
  event.preventDefault();
  const [act] = Object.keys(acts).filter((name) => name in button.dataset);
  acts[act](button.closest("[data-item]"));
  typed();
});

// Whether a vote carries, by the number the clause asks for; the check-up has the last word.
const judge = (item) => {
  const place = one("[data-verdict]", item);
  const number = (name) => Number(one(`[name$="-${name}"]`, item).value || 0);
  const needs = JSON.parse(one("#roll").dataset.majority || "{}");
  const need = needs[one("[name$=-topic]", item).value];
  const counted = one("[name$=-in_favour]", item).value !== "";
  place.hidden = !need || !counted;
  const favour = number("in_favour") + number("written_in_favour");
  const cast = ["in_favour", "against", "abstain", "void"].map(number).reduce((sum, n) => sum + n);
  const result = favour >= need ? "达到通过票数" : "未达到通过票数";
  write(place, `赞成 ${favour} 票，须至少 ${need} 票，${result}；各项合计 ${cast} 票。`);
};
// Who answers for a decision and until when is asked as soon as there is one.
const ask = (item) => {
  for (const line of all("[data-line]", item)) {
    line.classList.toggle("bare", all("textarea, input", line).every((box) => !box.value));
  }
  one("[data-more]", item).hidden = Boolean(one(".line.bare", item));
};
form.addEventListener("input", (event) => {
  const item = event.target.closest("[data-item]");
  if (!item) return;
  judge(item);
  ask(item);
});

// --- drafts: findings after each save, two editors ------------------------------------------------
form.addEventListener("draft:saved", async (event) => {
  const { findings } = event.detail;
  if (findings) form.dataset.findings = findings;
  one("[data-saved]").classList.remove("bad");
  const answer = await fetch(form.dataset.findings).catch(() => null);
  if (!answer || !answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("checked");
  if (fresh) document.getElementById("checked").replaceWith(fresh);
});
form.addEventListener("draft:refused", (event) => {
  one("[data-saved]").classList.add("bad");
  one("[data-compare]").hidden = !event.detail.conflict;
});

// --- comforts --------------------------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "Enter") return;
  event.preventDefault();
  one(".dock .btn-primary").click();
});

// On a phone the basics that are filled in already fold to a summary.
const fold = () => {
  const filled = ["held_on", "chair", "recorder"].every((name) => form.elements[name].value);
  if (!phone.matches || !filled || one("[data-folded] .has-error") || !chips().length) return;
  const label = (name) => form.elements[name].selectedOptions[0].textContent;
  const kinds = all("[name=kinds]:checked").map((box) => box.nextElementSibling.textContent);
  const day = new Date(`${form.elements.held_on.value}T00:00:00`);
  const when = `${day.getMonth() + 1}月${day.getDate()}日 周${"日一二三四五六"[day.getDay()]}`;
  const hours = [form.elements.starts_at.value, form.elements.ends_at.value].filter(Boolean).join("–");
  const first = [kinds.join("、"), when, hours, form.elements.place.value].filter(Boolean).join(" · ");
  write(one("[data-sum-text]"), `${first}\n主持 ${label("chair")} · 记录 ${label("recorder")}`);
  one("[data-sum]").hidden = false;
  one("[data-folded]").hidden = true;
};
one("[data-unfold]").addEventListener("click", () => {
  one("[data-sum]").hidden = true;
  one("[data-folded]").hidden = false;
  one("[name=kinds]:checked").focus();
});

show();
renumber();
paint();
fold();
