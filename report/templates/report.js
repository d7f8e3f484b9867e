"use strict";
// Hover values at once instead of after the browser's pause, and the theme. Without this script everything still reads.
(() => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  const tip = document.body.appendChild(document.createElement("div"));
  tip.className = "tip";
  tip.setAttribute("aria-hidden", "true");
  for (const area of document.querySelectorAll("svg .notes rect")) {
    const title = area.querySelector("title");
    const [first, ...rest] = title.textContent.split("\n");
    title.remove();
    area.addEventListener("pointermove", (event) => {
      tip.replaceChildren(Object.assign(document.createElement("b"), { textContent: first }), rest.join("\n"));
      tip.style.display = "block";
      const beside = event.clientX + 16 + tip.offsetWidth > innerWidth ? -tip.offsetWidth - 12 : 16;
      tip.style.left = `${Math.max(4, event.clientX + beside)}px`;
      tip.style.top = `${Math.max(4, Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 8))}px`;
    });
    area.addEventListener("pointerleave", () => { tip.style.display = "none"; });
  }

  // Paper shows everything.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((d) => { d.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((d) => { d.open = false; }));
})();
