// Shows the captures of an index whose verdict and words a reader asks for. Without scripts all of them are shown.
"use strict";
(() => {
  const tools = document.getElementById("filter"), words = tools.querySelector("input"), told = tools.querySelector("output");
  const rows = [...document.querySelectorAll("table.checks tbody tr")], buttons = [...tools.querySelectorAll("button")];
  function show() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kinds = buttons.filter((button) => button.getAttribute("aria-pressed") === "true").map((button) => button.dataset.kind);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = (kinds.length > 0 && !kinds.includes(row.dataset.kind)) || !wanted.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    told.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} shown`;
  }
  for (const button of buttons) {
    button.addEventListener("click", () => { button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true")); show(); });
  }
  words.addEventListener("input", show);
  tools.hidden = false;
})();
