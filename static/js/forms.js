// Forms: one press only, a warning before unsaved work is lost, Chinese dates beside native ones, drafts.

const clean = new Set();

// The button rests after the first press; the one-time token stops what slips through.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  clean.add(form);
  if (form.dataset.pressed) {
    event.preventDefault();
    return;
  }
  form.dataset.pressed = "1";
  const button = event.submitter;
  setTimeout(() => {
    if (button) button.setAttribute("aria-disabled", "true");
    form.setAttribute("aria-busy", "true");
  });
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-pressed]")) {
    delete form.dataset.pressed;
    form.removeAttribute("aria-busy");
  }
});

// <form data-guard>: asks before leaving with changes that are not saved.
const touched = new Set();
for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("input", () => {
    touched.add(form);
    clean.delete(form);
  });
}
window.addEventListener("beforeunload", (event) => {
  const open = [...touched].some((form) => form.isConnected && !clean.has(form));
  if (open) {
    event.preventDefault();
    event.returnValue = "";
  }
});

// <form data-draft="URL">: posts the form there 2 s after the last change; the answer is JSON {saved, error}.
// A draft that this begins answers {draft, page, token} as well: the page goes on as the page of that draft.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const place = document.querySelector("[data-saved]");
  let waiting = 0;
  let running = null;
  let changes = 0;
  const say = (text) => {
    if (place) place.textContent = text;
  };
  const later = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(save, delay);
  };
  const adopt = (body) => {
    if (body.version) form.elements.version.value = body.version;
    if (body.token) form.elements.token.value = body.token;
    if (body.draft) form.dataset.draft = body.draft;
    if (!body.page) return;
    history.replaceState(null, "", body.page);
    form.action = body.page;
  };
  const send = async () => {
    const sent = changes;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json", "X-Requested-With": "fetch" },
      });
      const body = await answer.json();
      if (answer.ok) {
        adopt(body);
        if (sent === changes) clean.add(form);
        else later(2000);
      }
      say(answer.ok ? body.saved : body.error);
      const news = answer.ok ? "draft:saved" : "draft:refused";
      form.dispatchEvent(new CustomEvent(news, { detail: body }));
    } catch {
      say("暂时无法保存草稿，网络恢复后自动重试");
      later(10000);
    }
    running = null;
  };
  const save = () => {
    clearTimeout(waiting);
    if (running) later(500);
    else if (!form.dataset.pressed) running = send();
  };
  form.addEventListener("input", () => {
    changes += 1;
    later(2000);
  });
  // A save under way ends before the form is sent: otherwise the form would meet itself as somebody else.
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    if (!running) return;
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    running.then(() => form.requestSubmit(button));
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      save();
    }
  });
}

// Native date fields speak the browser's language: the Chinese date is echoed under them.
const echo = (input) => {
  const place = document.getElementById(`${input.id}_echo`) || makeEcho(input);
  const day = input.value ? new Date(`${input.value.slice(0, 10)}T00:00:00`) : null;
  const known = day && !Number.isNaN(day.getTime());
  place.textContent = known
    ? `${day.getFullYear()}年${day.getMonth() + 1}月${day.getDate()}日 周${"日一二三四五六"[day.getDay()]}`
    : "";
};
const makeEcho = (input) => {
  const place = document.createElement("p");
  place.className = "hint hint-after";
  place.id = `${input.id}_echo`;
  input.insertAdjacentElement("afterend", place);
  return place;
};
for (const input of document.querySelectorAll("input[type=date], input[type=datetime-local]")) {
  if (!input.id || input.closest(".filters")) continue;
  echo(input);
  input.addEventListener("input", () => echo(input));
}

// <textarea data-paste>: text from Word or WPS keeps its paragraphs and numbers, and nothing else.
for (const area of document.querySelectorAll("textarea[data-paste]")) {
  area.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!text) return;
    event.preventDefault();
    const plain = text
      .replace(/\r\n?/g, "\n")
      .replace(/[\u00a0\u3000\t ]+$/gm, "")
      .replace(/\u00a0/g, " ")
      .replace(/[\u0000\u200b\ufeff]/g, "")
      .replace(/\n{3,}/g, "\n\n");
    area.setRangeText(plain, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
