// Drawings that are wider than the screen: what belongs to them stays in sight.
"use strict";
(() => {
  // What stands left of a drawing's axis does not move with it.
  function label(box, drawing) {
    const [, , across, down] = drawing.getAttribute("viewBox").split(" ").map(Number);
    const labels = [...drawing.querySelectorAll('text[text-anchor="end"]')].filter((label) => Number(label.getAttribute("x")) < across / 7);
    if (!labels.length) return 0;
    const right = Math.max(...labels.map((label) => Number(label.getAttribute("x")))) + across / 200;
    const beside = drawing.cloneNode(false), width = drawing.clientWidth * right / across;
    beside.replaceChildren(...labels.map((label) => label.cloneNode(true)));
    for (const [name, value] of [["viewBox", `0 0 ${right} ${down}`], ["class", "beside"], ["aria-hidden", "true"]]) beside.setAttribute(name, value);
    Object.assign(beside.style, { width: width + "px", marginRight: -width + "px" });
    box.classList.add("labelled");
    box.prepend(beside);
    return width;
  }

  // A drawing with marks begins at them, and at those of their texts for which there is room: first the uppermost, which says what was
  // measured, and goes before a mark; then the nearest.
  function begin(box, drawing, labels) {
    const place = (part) => part.getBoundingClientRect(), room = box.clientWidth - labels;
    const marks = [...drawing.querySelectorAll('[stroke-dasharray="6 10"]')].filter((mark) => place(mark).width < place(mark).height);
    if (!marks.length) return;
    let from = Math.min(...marks.map((mark) => place(mark).left)), to = Math.max(...marks.map((mark) => place(mark).right));
    const middle = (from + to) / 2, away = (text) => Math.abs((text.left + text.right) / 2 - middle);
    const texts = [...drawing.querySelectorAll(`text[fill="${marks[0].getAttribute("stroke")}"]`)].map(place);
    const [said] = texts.toSorted((a, b) => a.top - b.top);
    for (const text of texts.sort((a, b) => (b === said) - (a === said) || away(a) - away(b))) {
      const left = Math.min(from, text.left), right = Math.max(to, text.right);
      if (right - left <= room) [from, to] = [left, right];
      else if (text === said && to - from < room) {
        from = text.left < from ? text.left : Math.min(text.left, text.right - room);
        to = from + room;
      }
    }
    box.scrollLeft = (from + to - labels - box.clientWidth) / 2 - place(box).left;
  }

  // Those that are shown, once each.
  function arrange(part) {
    for (const box of part.querySelectorAll("figure .scroll:not(.arranged)")) {
      const drawing = box.querySelector("svg");
      if (!drawing || !box.clientWidth) continue;
      box.classList.add("arranged");
      if (box.scrollWidth > box.clientWidth) begin(box, drawing, label(box, drawing));
    }
  }
  arrange(document);
  document.addEventListener("toggle", (event) => arrange(event.target), true);
})();
