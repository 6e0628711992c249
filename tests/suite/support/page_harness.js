// Put at the end of a copy of a report: does what a reader's hands would do, and leaves what it saw in the page.
//
// All of it happens before the page is loaded, which is when the browser is asked for the page: the copy's
// requestAnimationFrame (see pages.rs) draws at once.
(() => {
  const root = document.getElementById("viewer"), canvas = root.querySelector("canvas"), context = canvas.getContext("2d");
  const seen = { steps: {}, width: canvas.clientWidth };
  const state = () => ({ from: Number(root.dataset.from), to: Number(root.dataset.to), a: root.dataset.a, b: root.dataset.b,
    place: Number(root.dataset.place), said: root.querySelector("output").textContent });
  const box = () => canvas.getBoundingClientRect();
  // The middle of the lanes, at this share of the canvas's width.
  const at = (share) => ({ clientX: box().left + box().width * share, clientY: box().top + 60, bubbles: true, cancelable: true });
  const pointer = (type, share, more) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, ...at(share), ...more }));
  const key = (name, more) => canvas.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
  const button = (act) => root.querySelector(`[data-act="${act}"]`).click();
  const step = (name, act) => { act(); seen.steps[name] = state(); };

  function hands() {
    step("start", () => {});
    const pixels = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    seen.drawn = pixels.some((pixel) => pixel !== pixels[0]);
    seen.stillHidden = getComputedStyle(document.querySelector(".still")).display === "none";
    step("whole", () => button("whole"));
    step("wheelIn", () => canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: -200, ...at(0.5) })));
    step("wheelOut", () => canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: 100, ...at(0.5) })));
    step("keyIn", () => key("+"));
    step("drag", () => { pointer("pointerdown", 0.6); pointer("pointermove", 0.5); pointer("pointermove", 0.4); pointer("pointerup", 0.4); });
    step("keyRight", () => key("ArrowRight"));
    step("keyHome", () => key("Home"));
    step("keyEnd", () => key("End"));
    step("clear", () => key("Escape"));
    step("jump", () => button("next"));
    step("jumpAgain", () => key("n"));
    step("jumpBack", () => key("p"));
    step("select", () => { const list = root.querySelector("select"); list.value = "1"; list.dispatchEvent(new Event("change")); });
    step("cursorKeys", () => { key("Escape"); key("a"); });
    step("nextEdge", () => key("ArrowRight", { shiftKey: true }));
    step("clickA", () => { key("Escape"); pointer("pointerdown", 0.4); pointer("pointerup", 0.4); });
    step("clickB", () => { pointer("pointerdown", 0.7); pointer("pointerup", 0.7); });
step("dragCursor", () => { const x = 0.7; pointer("pointerdown", x); pointer("pointermove", x - 0.1); pointer("pointermove", x - 0.2); pointer("pointerup", x - 0.2); });
    step("hover", () => { key("Escape"); pointer("pointermove", 0.5); });
    step("nWithoutFocus", () => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true, cancelable: true })));
    step("pWithoutFocus", () => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "p", bubbles: true, cancelable: true })));
    step("head", () => document.querySelector("header a[data-from]")?.click());
        step("row", () => document.querySelector("tr[data-from] a")?.click());
  }

  // How long redraws take, rasterised: the whole capture, then ever closer, then along it.
  function redraws() {
    const times = [];
    const draw = (act) => {
      const began = performance.now();
      act();
      context.getImageData(0, 0, 1, 1); // waits for the picture
      times.push(performance.now() - began);
    };
    draw(() => key("0"));
    for (let i = 0; i < 24; i++) draw(() => key("+"));
    draw(() => key("0"));
    for (let i = 0; i < 4; i++) draw(() => key("+"));
    for (let i = 0; i < 20; i++) draw(() => key("ArrowRight"));
    times.sort((a, b) => a - b);
    return { count: times.length, longest: times[times.length - 1], median: times[times.length >> 1] };
  }

  try {
    hands();
    seen.redraws = redraws();
    seen.ready = Number(root.dataset.ready);
  } catch (error) {
    seen.failed = String(error);
  }
  seen.errors = window.pageErrors;
  seen.requests = performance.getEntriesByType("resource").map((entry) => entry.name);
  document.body.append(Object.assign(document.createElement("pre"), { id: "seen", textContent: JSON.stringify(seen) }));
})();
