"use strict";
// Frames, axes and panels.
Landau.plot = (() => {
  const { format } = Landau.numbers;

  // A D3 scale; logarithmic only where the domain allows it.
  const scale = (domain, range, log) => {
    let [low, high] = domain;
    if (!(high > low)) { const half = Math.abs(low) / 2 || 1; low -= half; high += half; }
    return (log && low > 0 ? d3.scaleLog() : d3.scaleLinear()).domain([low, high]).range(range);
  };

  const isLog = (s) => typeof s.base === "function";

  const ticks = (s, count, whole) => {
    if (whole) return s.ticks(Math.min(count, s.domain()[1] - s.domain()[0])).filter(Number.isInteger);
    if (!isLog(s)) return s.ticks(count);
    const all = s.ticks(count);
    if (all.length <= count) return all;
    const lead = (x) => Math.round(x / 10 ** Math.floor(Math.log10(x) + 1e-9));
    for (const leads of [[1, 2, 5], [1, 3], [1]]) {
      const kept = all.filter((x) => leads.includes(lead(x)));
      if (kept.length <= count + 1 && kept.length > 1) return kept;
    }
    const tens = all.filter((x) => lead(x) === 1);
    const step = Math.max(1, Math.ceil(tens.length / count));
    return tens.length > 1 ? tens.filter((_, i) => i % step === 0) : all.filter((_, i) => i % Math.ceil(all.length / count) === 0);
  };

  const frame = (width, height, { left = 58, right = 14, top = 22, bottom = 40 } = {}) => ({
    left, top, width: Math.max(width - left - right, 40), height: Math.max(height - top - bottom, 40),
    get right() { return this.left + this.width; }, get bottom() { return this.top + this.height; },
  });

  // Ticks, their numbers and the names of both axes. `rows` names places on the y axis instead of numbers.
  const axes = (surface, f, x, y, { xLabel, yLabel, xWhole, yWhole, rows, columns }) => {
    const c = Landau.colours.theme();
    surface.rect(f.left, f.top, f.width, f.height, { stroke: c.line });
    const xs = columns || ticks(x, Math.max(2, Math.floor(f.width / 70)), xWhole).map((v) => ({ value: v, words: format(v, 4) }));
    for (const { value, words } of xs) {
      const px = x(value);
      if (px < f.left - 1 || px > f.right + 1) continue;
      surface.line([[px, f.bottom], [px, f.bottom + 4]], { stroke: c.quiet });
      surface.text(words, px, f.bottom + 16, { fill: c.quiet, anchor: "middle", size: 11 });
    }
    const ys = rows || ticks(y, Math.max(2, Math.floor(f.height / 45)), yWhole).map((v) => ({ value: v, words: format(v, 4) }));
    for (const { value, words } of ys) {
      const py = y(value);
      if (py < f.top - 1 || py > f.bottom + 1) continue;
      surface.line([[f.left - 4, py], [f.left, py]], { stroke: c.quiet });
      surface.text(words.length > Math.floor(f.left / 6.6) ? words.slice(0, Math.floor(f.left / 6.6) - 1) + "…" : words, f.left - 7, py, { fill: c.quiet, anchor: "end", size: 11, baseline: "middle" });
    }
    surface.text(xLabel, f.left + f.width / 2, f.bottom + 33, { fill: c.ink, anchor: "middle", size: 12 });
    surface.text(yLabel, f.left, f.top - 8, { fill: c.ink, size: 12 });
  };

  // The domain zoomed by a factor about a place given in pixels.
  const zoomed = (s, factor, pixel) => {
    const [a, b] = s.range();
    return [s.invert(pixel + (a - pixel) * factor), s.invert(pixel + (b - pixel) * factor)];
  };

  // Ends of the numbers with a little room; a few stray ones do not decide where most lie closer together.
  const extent = (values, room = 0.06) => {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    if (!sorted.length) return [0, 1];
    let [low, high] = [sorted[0], sorted[sorted.length - 1]];
    if (sorted.length > 40) {
      const [a, b] = [d3.quantile(sorted, 0.02), d3.quantile(sorted, 0.98)];
      if (high - low > 8 * (b - a) && b > a) [low, high] = [Math.max(low, a - (b - a)), Math.min(high, b + (b - a))];
    }
    const span = high - low;
    const margin = span > 1e-9 * Math.max(Math.abs(low), Math.abs(high)) ? room * span : (Math.abs(low) || 1) * room;
    return [low - margin, high + margin];
  };

  // A panel: a heading, its choices, and two canvases, of which the upper one is redrawn at every move.
  const panel = ({ id, title, height = 340, draw, overlay, key, csv, tools = [] }) => {
    const element = Landau.element;
    const still = element("canvas", { "aria-hidden": "true" });
    const moving = element("canvas", { "aria-hidden": "true" });
    const note = element("p", { class: "note", role: "status", id: id + "-note" });
    const stage = element("div", { class: "stage", tabindex: "0", role: "application", id: id + "-stage",
      "aria-label": title + ": arrow keys move the cursor, s saves the picture, c its numbers", "aria-describedby": id + "-note" }, still, moving);
    const toolbar = element("div", { class: "tools" }, tools);
    const heading = element("h2", { text: title });
    const self = { id, draw, overlay, csv, stage, note, toolbar, heading, size: [0, 0] };
    self.section = element("section", { class: "panel", id }, element("header", {}, heading, toolbar), stage, note);
    let last = null;
    self.render = () => {
      const width = stage.clientWidth;
      const tall = typeof height === "function" ? height(width) : height;
      if (!width) return;
      const ratio = window.devicePixelRatio || 1;
      if (self.size[0] !== width || self.size[1] !== tall || self.ratio !== ratio) {
        stage.style.height = tall + "px";
        for (const canvas of [still, moving]) {
          canvas.width = Math.round(width * ratio);
          canvas.height = Math.round(tall * ratio);
          canvas.style.width = width + "px";
          canvas.style.height = tall + "px";
        }
        self.size = [width, tall];
        self.ratio = ratio;
        last = null;
      }
      const paint = (canvas, action) => {
        const context = canvas.getContext("2d");
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.clearRect(0, 0, width, tall);
        action(Landau.canvasSurface(context), width, tall);
      };
      const now = key() + Landau.colours.version;
      if (now !== last) paint(still, draw);
      last = now;
      if (overlay) paint(moving, overlay);
    };
    return self;
  };

  return { scale, isLog, ticks, frame, axes, zoomed, extent, panel };
})();
