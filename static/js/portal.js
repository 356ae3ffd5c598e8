// Small comforts of the frame; every page works without them.

document.documentElement.classList.add("js"); // .no-js goes, .js-only comes

// Font size and contrast at once; the server keeps the same cookie for the next page.
const display = document.querySelector("form[data-display]");
if (display) {
  display.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    const root = document.documentElement;
    if (button.name === "size") {
      root.classList.remove("size-0", "size-1", "size-2");
      root.classList.add(`size-${button.value}`);
      for (const other of display.querySelectorAll("[name=size]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
    } else {
      button.setAttribute("aria-pressed", String(root.classList.toggle("contrast")));
    }
    const size = ["2", "1", "0"].find((value) => root.classList.contains(`size-${value}`));
    const kept = `${size}${root.classList.contains("contrast") ? "c" : ""}`;
    document.cookie = `display=${kept}; path=/; max-age=31536000; samesite=lax`;
  });
}

// Panels close on Escape and on a press outside; focus goes back to what opened them.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const panel of document.querySelectorAll("details.drop[open]")) {
    panel.open = false;
    panel.querySelector("summary").focus();
  }
  if (location.hash === "#menu") closeMenu();
});
document.addEventListener("click", (event) => {
  for (const panel of document.querySelectorAll("details.drop[open]")) {
    if (!panel.contains(event.target)) panel.open = false;
  }
});

// The menu on a phone opens by its address (#menu); here only the focus is moved.
const burger = document.querySelector(".burger");
function closeMenu() {
  location.hash = "main";
  if (burger) burger.focus();
}
window.addEventListener("hashchange", () => {
  if (location.hash === "#menu") document.querySelector(".menu-close").focus();
});

// A select that acts at once hides the button beside it.
for (const select of document.querySelectorAll("select[data-submit]")) {
  const button = select.form.querySelector("button");
  if (button) button.hidden = true;
  select.addEventListener("change", () => select.form.submit());
}

// On a phone a filter that nothing is chosen in folds away; on a desk it cannot be closed.
const phone = matchMedia("(max-width: 767px)");
function foldFilters() {
  for (const box of document.querySelectorAll(".filter-box")) {
    box.open = !(phone.matches && "fold" in box.dataset);
  }
}
foldFilters();
phone.addEventListener("change", foldFilters);

// A wide strip opens at the current month instead of January.
for (const now of document.querySelectorAll(".scroll thead .now")) {
  const box = now.closest(".scroll");
  if (box.scrollWidth > box.clientWidth) {
    box.scrollLeft = now.offsetLeft + now.offsetWidth / 2 - box.clientWidth * 0.62;
  }
}

// So does a row of months.
for (const on of document.querySelectorAll(".months .on")) {
  const box = on.parentElement;
  box.scrollLeft = on.offsetLeft - box.offsetLeft - box.clientWidth / 2 + on.offsetWidth / 2;
}

// The error summary takes the focus, so that it is read first.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();
document.addEventListener("click", (event) => {
  const link = event.target.closest(".errors a[href^='#']");
  const control = link && document.getElementById(link.hash.slice(1));
  if (control) {
    event.preventDefault();
    control.scrollIntoView({ block: "center" });
    control.focus({ preventScroll: true });
  }
});

// Print buttons: <button type="button" data-print>.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// Progress is read aloud once a quarter, not every second.
const live = document.createElement("div");
live.className = "visually-hidden";
live.setAttribute("aria-live", "polite");
document.body.append(live);
let quarter = 0;
document.addEventListener("htmx:afterSwap", () => {
  const bar = document.querySelector(".job progress");
  if (!bar) return;
  const reached = Math.floor((4 * bar.value) / bar.max);
  if (reached !== quarter) live.textContent = `已完成百分之${reached * 25}`;
  quarter = reached;
});
