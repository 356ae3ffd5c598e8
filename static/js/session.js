// Two minutes before the session ends: a banner that keeps it open. Drafts are safe either way.

const idle = Number(document.body.dataset.idle || 0);
const WARN = 120;

if (idle > WARN) {
  const banner = document.createElement("div");
  banner.className = "expiry";
  banner.setAttribute("role", "alert");
  banner.hidden = true;
  const words = document.createElement("span");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-line btn-sm";
  button.textContent = "继续使用";
  banner.append(words, button);
  document.body.append(banner);

  let last = Date.now();
  const renew = async () => {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    if (answer.ok && !answer.redirected) {
      last = Date.now();
      banner.hidden = true;
    }
  };
  const look = () => {
    const left = idle - (Date.now() - last) / 1000;
    if (left <= 0) {
      words.textContent = "登录已超时。已保存的草稿不受影响，请刷新页面重新登录。";
      button.hidden = true;
      banner.hidden = false;
    } else if (left <= WARN) {
      words.textContent = `${Math.max(1, Math.round(left / 60))} 分钟后将自动退出登录。`;
      banner.hidden = false;
    }
  };
  button.addEventListener("click", renew);
  document.addEventListener("htmx:afterRequest", () => {
    last = Date.now();
  });
  setInterval(look, 15000);
}
