// The waveform viewer of a report: it takes the place of the still drawing where scripts run, and needs nothing else.
//
// Samples are numbers of the capture as judged; "place" is something to jump to; the window is what is shown.
// What it shows stands in data attributes of #viewer, where tests read it.
"use strict";
(() => {
  const root = document.getElementById("viewer");
  const canvas = root.querySelector("canvas");
  const readout = root.querySelector("output");
  const spoken = root.querySelector(".spoken");
  const select = root.querySelector("select");
  const context = canvas.getContext("2d");
  const data = JSON.parse(document.getElementById("waves").textContent);

  // ---------------------------------------------------------------- what was recorded

  // Increasing numbers, written as differences, seven bits a byte, the lowest first, in base64.
  function numbers(packed) {
    const bytes = atob(packed.bytes), found = new Float64Array(packed.count);
    let sum = 0, next = 0;
    for (let i = 0; i < found.length; i++) {
      let byte, weight = 1;
      do {
        byte = bytes.charCodeAt(next++);
        sum += (byte & 127) * weight;
        weight *= 128;
      } while (byte > 127);
      found[i] = sum;
    }
    return found;
  }

  // How many of the sorted numbers are below this one.
  function below(sorted, number) {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle] < number) low = middle + 1; else high = middle;
    }
    return low;
  }

  // The least and the greatest of any run of values: each floor holds those of pairs of the floor below it.
  class Pyramid {
    constructor(values) {
      this.floors = [{ least: values, greatest: values }];
      for (let floor = this.floors[0]; floor.least.length > 1; floor = this.floors[this.floors.length - 1]) {
        const size = floor.least.length, half = (size + 1) >> 1;
        const least = new Float64Array(half), greatest = new Float64Array(half);
        for (let i = 0; i < half; i++) {
          const other = Math.min(2 * i + 1, size - 1);
          least[i] = Math.min(floor.least[2 * i], floor.least[other]);
          greatest[i] = Math.max(floor.greatest[2 * i], floor.greatest[other]);
        }
        this.floors.push({ least, greatest });
      }
    }

    // Of the values from one place up to, but without, another; null where there are none.
    range(from, to) {
      if (from >= to) return null;
      let least = Infinity, greatest = -Infinity;
      for (let floor = 0; from < to; floor++, from >>= 1, to >>= 1) {
        const { least: l, greatest: g } = this.floors[floor];
        if (from & 1) { least = Math.min(least, l[from]); greatest = Math.max(greatest, g[from]); from++; }
        if (to & 1) { to--; least = Math.min(least, l[to]); greatest = Math.max(greatest, g[to]); }
      }
      return [least, greatest];
    }
  }

  // Stretches [start, end) in order, and their lengths.
  function stretches(starts, ends) {
    const lengths = ends.map((end, i) => end - starts[i]);
    const pyramid = new Pyramid(lengths);
    const whole = pyramid.range(0, lengths.length);
    return { starts, ends, pyramid, longest: whole ? whole[1] : 1 };
  }

  function readLine(line) {
    if (!line.changes) return line;
    const changes = numbers(line.changes);
    const trace = line.trace && { ...line.trace, values: Uint8Array.from(atob(line.trace.columns), (c) => c.charCodeAt(0)) };
    const first = line.activeAtStart ? 1 : 0, count = (changes.length - first) >> 1;
    const pick = (offset) => Float64Array.from({ length: count }, (_, i) => changes[first + offset + 2 * i]);
    return { ...line, changes, trace, active: stretches(pick(0), pick(1)) };
  }

  function readCamera(camera) {
    const edges = numbers(camera.edges), numbered = numbers(camera.numbers);
    return { ...camera, edges, numbered, frames: stretches(edges.slice(0, -1), edges.slice(1)) };
  }

  const lines = data.lines.map(readLine);
  const cameras = data.cameras.map(readCamera).filter((camera) => camera.edges.length > 1);
  const lost = numbers(data.lost);
  const timestamps = data.marks.map((row) => ({ ...row, at: numbers(row.at) }));
  const length = Math.max(data.samples, 1);

  // ---------------------------------------------------------------- words

  const UNITS = [["s", 1], ["ms", 1e-3], ["µs", 1e-6], ["ns", 1e-9]];
  const unitOf = (seconds) => UNITS.find(([, size]) => Math.abs(seconds) >= size * 0.9999999) || UNITS[3];

  // Seconds as a text that tells steps of this size apart.
  function timeText(seconds, step) {
    if (seconds === 0) return "0 s";
    const [symbol, size] = unitOf(seconds);
    const places = Math.min(9, Math.max(0, Math.ceil(Math.log10(size / step) - 1e-9)));
    return (seconds / size).toFixed(places) + " " + symbol;
  }
  const period = 1 / data.rate;
  const spanText = (samples) => timeText(samples * period, period);
  const instant = (sample) => `${timeText(sample * period, period)} (sample ${sample})`;

  // ---------------------------------------------------------------- state

  const LEAST_WINDOW = 8;
  const view = { from: 0, to: length, cursors: { A: null, B: null }, next: "A", place: -1, hover: null };
  let size = { width: 0, height: 0, left: 0, right: 0 }, colors = {}, pending = false;

  function show(from, to) {
    const span = Math.min(length, Math.max(LEAST_WINDOW, to - from));
    view.from = Math.min(Math.max(0, from), length - span);
    view.to = view.from + span;
    redraw();
  }

  function zoom(factor, at = (view.from + view.to) / 2) {
    const span = Math.min(length, Math.max(LEAST_WINDOW, (view.to - view.from) * factor));
    const from = at - (at - view.from) * (span / (view.to - view.from));
    show(from, from + span);
  }

  const pan = (share) => show(view.from + share * (view.to - view.from), view.to + share * (view.to - view.from));

  // Places that begin within the same moment are one stop: the checks that one event breaks.
  const stops = [];
  let reached = -Infinity;
  data.places.forEach((place, index) => {
    if (place.from > reached) stops.push(index);
    reached = Math.max(reached, place.to, place.from + data.around / 4);
  });
  const stopOf = (index) => below(stops, index + 1) - 1;

  function step(direction) {
    const at = view.place < 0 ? (direction > 0 ? -1 : 0) : stopOf(view.place);
    jump(stops[(at + direction + stops.length) % stops.length]);
  }

  function jump(index) {
    if (!(index >= 0 && index < data.places.length)) return;
    view.place = index;
    const { from, to } = data.places[view.place];
    select.value = String(view.place);
    look(from, to);
  }

  // Shows a stretch with its surroundings, a cursor on each end.
  function look(from, to) {
    const around = Math.max(to - from, data.around);
    Object.assign(view.cursors, { A: from, B: to > from ? to : null });
    show(from - around, to + around);
  }

  // The edge of any line that is nearest to a sample, within this many samples; else the sample itself.
  function nearEdge(sample, reach) {
    let best = Math.round(sample), distance = reach;
    for (const line of lines) {
      if (!line.active) continue;
      const next = below(line.changes, sample);
      for (const edge of [line.changes[next - 1], line.changes[next]]) {
        if (edge !== undefined && Math.abs(edge - sample) < distance) [best, distance] = [edge, Math.abs(edge - sample)];
      }
    }
    return Math.min(Math.max(0, best), length);
  }

  // The next edge of any line after a sample, or the one before it.
  function nextEdge(sample, direction) {
    let best = null;
    for (const line of lines) {
      if (!line.active) continue;
      const edge = direction > 0 ? line.changes[below(line.changes, sample + 1)] : line.changes[below(line.changes, sample) - 1];
      if (edge !== undefined && (best === null || (edge - best) * direction < 0)) best = edge;
    }
    return best === null ? sample : best;
  }

  function setCursor(name, sample) {
    view.cursors[name] = sample;
    view.next = name === "A" ? "B" : "A";
    redraw();
  }

  function moveCursor(direction) {
    const name = view.next === "A" ? "B" : "A"; // the one that was set last
    const at = view.cursors[name] ?? Math.round((view.from + view.to) / 2);
    const edge = nextEdge(at, direction);
    setCursor(name, edge);
    if (edge < view.from || edge > view.to) show(edge - (view.to - view.from) / 2, edge + (view.to - view.from) / 2);
  }

  // ---------------------------------------------------------------- drawing

  const FRAME_LANE = 26, LINE_LANE = 48, MARK_LANE = 24, AXIS = 36, OVERVIEW = 22, TOP = 18;
  const x = (sample) => size.left + (sample - view.from) / (view.to - view.from) * (size.right - size.left);
  const sampleAt = (px) => view.from + (px - size.left) / (size.right - size.left) * (view.to - view.from);
  const inside = (px) => Math.min(Math.max(px, size.left), size.right);

  function text(words, at, y, color, align = "left", room = Infinity) {
    context.fillStyle = color;
    context.textAlign = align;
    while (context.measureText(words).width > room && words.length > 1) words = words.slice(0, -2).trimEnd() + "…";
    context.fillText(words, at, y);
  }

  // A text in the middle of a stretch, if it fits.
  function textInside(words, from, to, y, color) {
    const [left, right] = [inside(from), inside(to)];
    if (right - left > 24 && context.measureText(words).width + 8 < right - left) text(words, (left + right) / 2, y, color, "center");
  }

  // Lengths of stretches too narrow to draw, as a band from the least to the greatest per column of px.
  function band({ starts, pyramid, longest }, top, bottom, color) {
    const y = (value) => bottom - value / longest * (bottom - top);
    let upper = [], lower = [];
    let from = below(starts, view.from);
    // Neighbouring columns are one band; where there is none, it ends.
    const end = () => {
      context.fillStyle = color;
      context.beginPath();
      for (const [px, at] of upper) { context.lineTo(px, at); context.lineTo(px + 1, at); }
      for (const [px, at] of lower.reverse()) { context.lineTo(px + 1, at); context.lineTo(px, at); }
      context.fill();
      [upper, lower] = [[], []];
    };
    let last = -Infinity;
    for (let px = size.left; px < size.right; px++) {
      const to = below(starts, sampleAt(px + 1)), range = pyramid.range(from, to);
      from = to;
      if (!range) continue;
      if (px - last > 3) end();
      last = px;
      upper.push([px, y(range[1]) - 0.75]);
      lower.push([px, y(range[0]) + 0.75]);
    }
    end();
  }

  function drawFrames(camera, top) {
    const { edges, numbered, frames } = camera, y = top + FRAME_LANE / 2;
    const from = Math.max(0, below(edges, view.from) - 1), to = Math.min(edges.length - 1, below(edges, view.to) + 1);
    text(camera.name, size.left - 10, y, colors.muted, "right", size.left - 14);
    if ((to - from) * 4 > size.right - size.left) return band(frames, top + 3, top + FRAME_LANE - 3, colors.value);
    context.fillStyle = colors.muted;
    for (let i = from; i <= to; i++) {
      const at = x(edges[i]);
      if (at >= size.left && at <= size.right) context.fillRect(at - 0.5, top + 4, 1, FRAME_LANE - 8);
      if (i === to) break;
      const apart = edges[i + 1] - edges[i], missing = numbered[i + 1] - numbered[i] - 1;
      const label = missing > 0 ? `${missing} missing · ${spanText(apart)}` : `${numbered[i] + camera.first} · ${spanText(apart)}`;
      const width = inside(x(edges[i + 1])) - inside(at);
      if (width < 24) continue;
      const shown = context.measureText(label).width + 12 < width ? label : String(numbered[i] + camera.first);
      textInside(shown, at, x(edges[i + 1]), y, missing > 0 ? colors.fail : colors.text);
      context.fillStyle = colors.muted;
    }
  }

  function drawLine(line, top) {
    const high = top + 8, low = top + LINE_LANE - 10, right = size.left - 10;
    text(line.name, right, top + 17, colors.text, "right", right - 4);
    text(line.detail, right, top + 33, colors.muted, "right", right - 4);
    if (!line.active) return text(line.absent, size.left + 8, (high + low) / 2, colors.muted, "left", size.right - size.left);
    const { changes } = line, from = below(changes, view.from), to = below(changes, view.to);
    const isActive = (index) => (index % 2 === 0) === line.activeAtStart; // after this many changes
    if (to - from > 0.6 * (size.right - size.left)) return drawDense(line, high, low, isActive);
    context.fillStyle = colors.active;
    for (let i = from; i <= to; i++) {
      if (!isActive(i)) continue;
      const [start, end] = [i > 0 ? changes[i - 1] : 0, i < changes.length ? changes[i] : length];
      const [left, right] = [inside(x(start)), inside(x(end))];
      context.fillStyle = colors.active;
      context.fillRect(left, high, right - left, low - high);
      if (i > 0 && i < changes.length) textInside(spanText(end - start), left, right, (high + low) / 2, colors.text);
    }
    if (line.trace) drawTrace(line.trace, high + 4, low - 4);
    context.strokeStyle = colors.signal;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(size.left, isActive(from) ? high : low);
    for (let i = from; i < to; i++) {
      const at = x(changes[i]);
      context.lineTo(at, isActive(i) ? high : low);
      context.lineTo(at, isActive(i + 1) ? high : low);
    }
    context.lineTo(inside(x(length)), isActive(to) ? high : low);
    context.stroke();
  }

  // The analog channel that a line is read from: from its least to its greatest value in each column.
  function drawTrace({ perColumn, before, values }, high, low) {
    const column = (px) => Math.floor((sampleAt(px) + before) / perColumn), y = (value) => low - (value / 255) * (low - high);
    context.fillStyle = colors.muted;
    for (let px = size.left; px < size.right; px++) {
      let [least, greatest] = [255, -1];
      for (let i = column(px), last = Math.max(i, column(px + 1) - 1); i <= last; i++) {
        if (!(values[2 * i] <= values[2 * i + 1])) continue; // none here
        [least, greatest] = [Math.min(least, values[2 * i]), Math.max(greatest, values[2 * i + 1])];
      }
      if (greatest >= 0) context.fillRect(px, y(greatest) - 0.5, 1, y(least) - y(greatest) + 1);
    }
  }

  // Columns that hold an edge show both levels; how long the active stretches are lies over them as a band.
  function drawDense(line, high, low, isActive) {
    let from = below(line.changes, view.from), begun = size.left, kind = null;
    // Neighbouring columns of one kind are one rectangle.
    const end = (px) => {
      if (kind === "both") { context.fillStyle = colors.active; context.fillRect(begun, high, px - begun, low - high); }
      if (kind === "high" || kind === "low") { context.fillStyle = colors.signal; context.fillRect(begun, kind === "high" ? high : low - 1.5, px - begun, 1.5); }
      begun = px;
    };
    for (let px = size.left; px < size.right; px++) {
      const to = below(line.changes, sampleAt(px + 1)), found = to > from ? "both" : isActive(from) ? "high" : "low";
      from = to;
      if (found === kind) continue;
      end(px);
      kind = found;
    }
    end(size.right);
    band(line.active, high, low, colors.value);
    const shown = line.active.pyramid.range(below(line.active.starts, view.from), below(line.active.starts, view.to));
    if (!shown) return;
    const [least, most] = shown.map(spanText), words = least === most ? `active for ${most}` : `active for ${least} to ${most}`;
    context.fillStyle = colors.page;
    context.fillRect(size.left + 4, high + 3, context.measureText(words).width + 10, 18);
    text(words, size.left + 9, high + 12, colors.text);
  }

  function drawMarks(row, top) {
    const y = top + MARK_LANE / 2;
    text(row.name, size.left - 10, y, colors.muted, "right", size.left - 14);
    context.fillStyle = colors.value;
    let last = -Infinity;
    for (let i = below(row.at, view.from); i < row.at.length && row.at[i] <= view.to; i++) {
      const at = x(row.at[i]);
      if (at - last < 1) { i = below(row.at, sampleAt(last + 1)) - 1; last += 1; continue; }
      last = at;
      context.fillRect(at - 1, top + 5, 2, MARK_LANE - 10);
    }
  }

  function drawLost(top, bottom) {
    for (let i = 0; i < lost.length; i += 2) {
      if (lost[i + 1] < view.from || lost[i] > view.to) continue;
      const left = inside(x(lost[i])), right = Math.max(left + 2, inside(x(lost[i + 1])));
      context.strokeStyle = colors.muted;
      context.save();
      context.beginPath();
      context.rect(left, top, right - left, bottom - top);
      context.clip();
      context.fillStyle = colors.page; // nothing is known of the lines here
      context.fillRect(left, top, right - left, bottom - top);
      context.beginPath();
      for (let at = left - (bottom - top); at < right; at += 8) { context.moveTo(at, bottom); context.lineTo(at + bottom - top, top); }
      context.stroke();
      context.restore();
      textInside("lost", left, right, top + 10, colors.text);
    }
  }

  // What is outside, or open: a band over all lanes, its name above.
  function drawPlaces(bottom) {
    let end = -Infinity;
    data.places.forEach((place, index) => {
      if (place.to < view.from || place.from > view.to) return;
      const left = inside(x(place.from)), right = Math.max(left + 2, inside(x(place.to)));
      const chosen = index === view.place;
      context.fillStyle = place.kind === "fail" ? colors.failSoft : colors.openSoft;
      context.fillRect(left, TOP, right - left, bottom - TOP);
      context.strokeStyle = place.kind === "fail" ? colors.fail : colors.open;
      context.lineWidth = chosen ? 2 : 1;
      context.setLineDash(chosen ? [] : [5, 3]);
      context.strokeRect(left, TOP, right - left, bottom - TOP);
      context.setLineDash([]);
      const label = `${place.kind === "fail" ? "✗" : "?"} ${place.name}`, width = context.measureText(label).width;
      const start = Math.min(Math.max(left, end + 12), size.right - width);
      if (start < end + 8 || start > right + 120) return;
      text(label, start, TOP / 2, place.kind === "fail" ? colors.fail : colors.open);
      end = start + width;
    });
  }

  function drawAxis(top) {
    const [from, to] = [view.from * period, view.to * period], [symbol, unit] = unitOf(to);
    context.strokeStyle = colors.muted;
    context.lineWidth = 1;
    context.fillStyle = colors.muted;
    context.fillRect(size.left, top, size.right - size.left, 1);
    const wanted = (to - from) / Math.max(2, (size.right - size.left) / 90), power = 10 ** Math.floor(Math.log10(wanted));
    const step = power * [1, 2, 5, 10].find((multiple) => multiple * power >= wanted * 0.999999);
    const places = Math.max(0, Math.ceil(Math.log10(unit / step) - 1e-9));
    text(`time, ${symbol}`, size.left - 10, top + 13, colors.muted, "right", size.left - 12);
    text("sample", size.left - 10, top + 27, colors.muted, "right", size.left - 12);
    for (let i = Math.ceil(from / step - 1e-9); i * step <= to * (1 + 1e-12); i++) {
      const sample = i * step / period, at = x(sample);
      context.fillRect(at - 0.5, top, 1, 5);
      if (at > size.right - 8) continue;
      text((i * step / unit).toFixed(places), at, top + 13, colors.text, "center");
      text(String(Math.round(sample)), at, top + 27, colors.muted, "center");
      context.fillStyle = colors.muted;
    }
  }

  function drawCursors(bottom) {
    const cursor = (sample, name, color, dash) => {
      if (sample === null || sample < view.from || sample > view.to) return;
      const at = x(sample);
      context.strokeStyle = color;
      context.lineWidth = name ? 1.5 : 1;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(at, TOP);
      context.lineTo(at, bottom);
      context.stroke();
      context.setLineDash([]);
      if (!name) return;
      context.fillStyle = color;
      context.fillRect(at - 8, bottom - 16, 16, 16);
      text(name, at, bottom - 8, colors.page, "center");
    };
    cursor(view.hover, "", colors.muted, [2, 3]);
    cursor(view.cursors.A, "A", colors.value, []);
    cursor(view.cursors.B, "B", colors.value, [7, 3]);
  }

  // The whole capture as a strip: where something is outside, and which part is shown above.
  function drawOverview(top) {
    const at = (sample) => size.left + sample / length * (size.right - size.left);
    text("whole capture", size.left - 10, top + 12, colors.muted, "right", size.left - 12);
    context.fillStyle = colors.soft;
    context.fillRect(size.left, top + 4, size.right - size.left, OVERVIEW - 6);
    context.fillStyle = colors.muted;
    for (let i = 0; i < lost.length; i += 2) context.fillRect(at(lost[i]), top + 4, Math.max(1, at(lost[i + 1]) - at(lost[i])), 4);
    const mark = (from, to, isFail) => {
      context.fillStyle = isFail ? colors.fail : colors.open;
      context.fillRect(from - 1, top + (isFail ? 4 : 12), Math.max(2.5, to - from), OVERVIEW - 6 - (isFail ? 0 : 8));
    };
    for (const place of data.places) mark(at(place.from), at(place.from), place.kind === "fail");
    const parts = data.strip.length;
    for (let i = 0; i < parts; i++) if (data.strip[i] !== "0") mark(at(i / parts * length), at((i + 1) / parts * length), data.strip[i] === "2");
    context.strokeStyle = colors.value;
    context.lineWidth = 2;
    const left = at(view.from), right = Math.max(at(view.to), left + 4);
    context.strokeRect(left, top + 3, right - left, OVERVIEW - 4);
  }

  function draw() {
    pending = false;
    const began = performance.now();
    const scale = window.devicePixelRatio || 1;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    context.font = `12px ${colors.font}`;
    context.textBaseline = "middle";
    const bottom = size.height - AXIS - OVERVIEW;
    drawPlaces(bottom);
    let top = TOP;
    for (const camera of cameras) { drawFrames(camera, top); top += FRAME_LANE; }
    for (const line of lines) { drawLine(line, top); top += LINE_LANE; }
    for (const row of timestamps) { drawMarks(row, top); top += MARK_LANE; }
    drawLost(TOP, bottom);
    drawCursors(bottom);
    drawAxis(bottom);
    drawOverview(size.height - OVERVIEW);
    say();
    root.dataset.drawMs = (performance.now() - began).toFixed(2);
  }

  function redraw() {
    if (!pending) { pending = true; requestAnimationFrame(draw); }
  }

  // ---------------------------------------------------------------- telling

  // What a line does at a sample: its level since when, and of a pulse its period and duty.
  function levelAt(line, sample) {
    const { starts, ends } = line.active, i = below(starts, sample + 1) - 1;
    if (i >= 0 && sample < ends[i]) {
      const width = ends[i] - starts[i], next = starts[i + 1];
      const rest = next === undefined ? "" : `, period ${spanText(next - starts[i])}, duty ${(100 * width / (next - starts[i])).toFixed(2)} %`;
      return `active for ${spanText(width)}${rest}`;
    }
    return i >= 0 && starts[i + 1] !== undefined ? `idle for ${spanText(starts[i + 1] - ends[i])}` : "idle";
  }

  // How many pulses begin in a stretch, and how long they and their periods are in the mean.
  function pulsesBetween(line, from, to) {
    const { starts, ends } = line.active, first = below(starts, from), last = below(starts, to);
    const count = last - first;
    if (count < 1) return "no pulse";
    let active = 0;
    for (let i = first; i < last; i++) active += ends[i] - starts[i];
    const whole = active - (ends[last - 1] - starts[last - 1]); // of the whole periods
    const words = [`${count} ${count === 1 ? "pulse" : "pulses"} of ${spanText(active / count)}`];
    if (count > 1) {
      const apart = (starts[last - 1] - starts[first]) / (count - 1);
      words.push(`period ${spanText(apart)}`, `duty ${(100 * whole / (count - 1) / apart).toFixed(2)} %`);
    }
    return words.join(", ");
  }

  let speech = 0;
  function say() {
    const { A, B } = view.cursors, words = [`${timeText(view.from * period, period)} to ${timeText(view.to * period, period)}`];
    if (A !== null) words.push(`A ${instant(A)}`);
    if (B !== null) words.push(`B ${instant(B)}`);
    if (A !== null && B !== null) {
      const apart = Math.abs(B - A);
      words.push(`Δt ${spanText(apart)} = ${apart} samples` + (apart ? `, 1/Δt ${(1 / (apart * period)).toPrecision(6)} Hz` : ""));
    }
    if (A !== null && B !== null) words.push(...lines.filter((line) => line.active).map((line) => `${line.name} ${pulsesBetween(line, Math.min(A, B), Math.max(A, B))}`));
    else if (view.hover !== null) words.push(...lines.filter((line) => line.active).map((line) => `${line.name} ${levelAt(line, view.hover)}`));
    const event = view.place < 0 ? [] : data.places.slice(stops[stopOf(view.place)], stops[stopOf(view.place) + 1]);
    if (event.length && event.some((place) => place.to >= view.from && place.from <= view.to)) {
      words.push(data.places[view.place].text);
      const others = [...new Set(event.map((place) => place.name))].filter((name) => name !== data.places[view.place].name);
      if (others.length) words.push(`with it ${others.join(", ")}`);
    }
    readout.textContent = words.join("  ·  ");
    Object.assign(root.dataset, { from: view.from, to: view.to, a: A ?? "", b: B ?? "", place: view.place });
    clearTimeout(speech);
    speech = setTimeout(() => { spoken.textContent = readout.textContent; }, 400);
  }

  // ---------------------------------------------------------------- hands

  const actions = {
    in: () => zoom(0.5), out: () => zoom(2), whole: () => show(0, length), left: () => pan(-0.2), right: () => pan(0.2),
    start: () => show(0, view.to - view.from), end: () => show(length - (view.to - view.from), length),
    next: () => step(1), previous: () => step(-1),
    a: () => setCursor("A", nearEdge((view.from + view.to) / 2, (view.to - view.from) / 4)),
    b: () => setCursor("B", nearEdge((view.from + view.to) / 2, (view.to - view.from) / 4)),
    edgeRight: () => moveCursor(1), edgeLeft: () => moveCursor(-1),
    clear: () => { Object.assign(view.cursors, { A: null, B: null }); view.next = "A"; redraw(); },
  };
  const keys = {
    "+": "in", "=": "in", ArrowUp: "in", "-": "out", ArrowDown: "out", 0: "whole", ArrowLeft: "left", ArrowRight: "right",
    Home: "start", End: "end", n: "next", p: "previous", a: "a", b: "b", Escape: "clear",
    "Shift+ArrowRight": "edgeRight", "Shift+ArrowLeft": "edgeLeft",
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actions[keys[(event.shiftKey && event.key.startsWith("Arrow") ? "Shift+" : "") + event.key]];
    if (!action) return;
    event.preventDefault();
    action();
  });
  // N and P work wherever the reader is, but for where text is chosen or typed.
  document.addEventListener("keydown", (event) => {
    const isBusy = event.target === canvas || event.target.closest?.("input, select, textarea");
    if (isBusy || event.ctrlKey || event.metaKey || event.altKey || !"np".includes(event.key)) return;
    event.preventDefault();
    actions[keys[event.key]]();
    root.scrollIntoView({ block: "nearest" });
  });
  for (const button of root.querySelectorAll("button")) button.addEventListener("click", () => actions[button.dataset.act]());
  select.addEventListener("change", () => jump(Number(select.value)));

  const pxOf = (event) => event.clientX - canvas.getBoundingClientRect().left;
  const inOverview = (event) => event.clientY - canvas.getBoundingClientRect().top > size.height - OVERVIEW;

  // The wheel zooms, except where the page is being scrolled past, or where there is nothing more to see.
  let scrolled = -Infinity;
  window.addEventListener("scroll", () => { scrolled = performance.now(); }, { passive: true });
  canvas.addEventListener("wheel", (event) => {
    const isPan = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const isAllShown = view.to - view.from >= length;
    if (performance.now() - scrolled < 250 || (isAllShown && (isPan || event.deltaY > 0))) return;
    event.preventDefault();
    const by = (event.deltaX || 0) + (event.deltaY || 0);
    if (isPan) pan(by / 1000); else zoom(Math.exp(Math.max(-1, Math.min(1, event.deltaY / 400))), sampleAt(pxOf(event)));
  }, { passive: false });

  // One pointer drags, two pinch; a click without a drag sets a cursor.
  const pointers = new Map();
  let dragged = 0, held = null; // the cursor that is dragged
  canvas.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, pxOf(event));
    dragged = pointers.size > 1 ? Infinity : 0;
    const isNear = (name) => view.cursors[name] !== null && Math.abs(x(view.cursors[name]) - pxOf(event)) <= 6;
    held = pointers.size > 1 || inOverview(event) ? null : ["A", "B"].find(isNear) ?? null;
    if (event.isTrusted) canvas.setPointerCapture(event.pointerId);
    if (inOverview(event)) { dragged = NaN; center(event); }
  });
  function center(event) {
    const at = (pxOf(event) - size.left) / (size.right - size.left) * length, half = (view.to - view.from) / 2;
    show(at - half, at + half);
  }
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId), now = pxOf(event), others = [...pointers.entries()].filter(([id]) => id !== event.pointerId);
    view.hover = before === undefined && now >= size.left && now <= size.right ? Math.round(sampleAt(now)) : null;
    if (before === undefined) return redraw();
    pointers.set(event.pointerId, now);
    if (Number.isNaN(dragged)) return center(event);
    const perPx = (view.to - view.from) / (size.right - size.left);
    if (others.length) {
      const other = others[0][1];
      if (Math.abs(now - other) > 8) zoom(Math.abs(before - other) / Math.abs(now - other), sampleAt(other));
    } else {
      dragged += Math.abs(now - before);
      if (dragged > 3 && held) { view.cursors[held] = nearEdge(sampleAt(now), 8 * perPx); redraw(); }
      else if (dragged > 3) show(view.from - (now - before) * perPx, view.to - (now - before) * perPx);
    }
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!pointers.delete(event.pointerId) || !(dragged <= 3)) return;
    const perPx = (view.to - view.from) / (size.right - size.left);
    setCursor(event.shiftKey ? "B" : view.next, nearEdge(sampleAt(pxOf(event)), 8 * perPx));
  });
  canvas.addEventListener("pointercancel", (event) => pointers.delete(event.pointerId));
  canvas.addEventListener("pointerleave", () => { view.hover = null; redraw(); });

  // Values in the tables below lead to where they were taken.
  for (const row of document.querySelectorAll("tr[data-from]")) {
    const cell = row.querySelector("td"), link = document.createElement("a");
    link.href = "#viewer";
    link.textContent = cell.textContent;
    link.addEventListener("click", () => { view.place = -1; look(Number(row.dataset.from), Number(row.dataset.to)); });
    cell.replaceChildren(link);
  }

  // So does the head of the page.
  for (const link of document.querySelectorAll("a[data-from]")) {
    link.addEventListener("click", () => {
      view.place = -1;
      look(Number(link.dataset.from), Number(link.dataset.to));
    });
  }

  // ---------------------------------------------------------------- beginning

  function restyle() {
    const style = getComputedStyle(root), color = (name) => style.getPropertyValue("--" + name).trim();
    colors = {
      page: color("page"), text: color("text"), muted: color("muted"), soft: color("line"), signal: color("signal"), active: color("active"),
      value: color("link"), fail: color("fail"), failSoft: color("fail-soft"), open: color("open"), openSoft: color("open-soft"), font: style.fontFamily,
    };
    redraw();
  }

  function resize() {
    const scale = window.devicePixelRatio || 1, width = root.clientWidth;
    const height = TOP + cameras.length * FRAME_LANE + lines.length * LINE_LANE + timestamps.length * MARK_LANE + AXIS + OVERVIEW;
    const left = width < 600 ? 92 : 132;
    size = { width, height, left, right: width - 12 };
    Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
    canvas.style.height = height + "px";
    draw(); // a canvas that changes its size is blank
  }

  select.replaceChildren(...[["-1", data.places.length ? (data.placesOf > data.places.length ? `go to … (${data.places.length} of ${data.placesOf} shown)` : "go to …") : "nothing is outside"], ...data.places.map((place, i) => [String(i), place.text])]
    .map(([value, label]) => Object.assign(document.createElement("option"), { value, textContent: label })));
  select.disabled = !data.places.length;
  for (const button of root.querySelectorAll('[data-act="next"], [data-act="previous"]')) button.disabled = !data.places.length;
  root.hidden = false;
  document.documentElement.classList.add("scripted");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
  restyle();
  show(data.window.from, data.window.to);
  resize();
  new ResizeObserver(() => { if (root.clientWidth !== size.width) resize(); }).observe(root);
  root.dataset.ready = performance.now().toFixed(0);
})();
