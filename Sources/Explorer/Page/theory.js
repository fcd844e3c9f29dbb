"use strict";
// Live theory of deep linear nets: sliders move the exact curves and the wells at once.
Landau.theory = (start) => {
  const { values, set } = Landau.state;
  const { plot, colours, numbers } = Landau;
  const { format } = numbers;
  const element = Landau.element;

  const controls = [
    { name: "depth", words: "hidden layers D", min: 0, max: 6, step: 1 },
    { name: "noise", words: "noise σ²", min: 0, max: 4, step: 0.05 },
    { name: "width", words: "width", min: 1, max: 64, step: 1 },
    { name: "signal", words: "signal ‖g‖", min: 0.2, max: 3, step: 0.02 },
    { name: "gamma", words: "weight decay γ", min: 0.001, max: 1, step: 0.001 },
  ];
  const strength = Math.sqrt(start.modes.reduce((s, m) => s + m[1], 0));
  const first = [start.depth, start.noise, start.width, strength, start.gamma];
  const now = () => (values.t && values.t.length === 5 ? values.t : first).slice();

  // Everything that the sliders decide but γ, made once for each setting.
  let [made, setting] = ["", null];
  const model = () => {
    const [depth, noise, width, signal] = now();
    const key = [depth, noise, width, signal].join();
    if (key !== made) {
      const kappa = (1 + noise / width) ** depth;
      const factor = (signal / strength) ** 2;
      const explained = start.modes.reduce((s, [a, w]) => s + factor * w / a, 0);
      const path = Landau.ridge.path({ depth, alphas: start.modes.map((m) => m[0] * kappa), weights: start.modes.map((m) => m[1] * factor), target: explained + start.rest });
      const reach = path.transition ? Math.max(path.transition.spinodal, signal * 0.4) * 1.35 : signal * 1.35;
      setting = { path, low: reach / 400, high: reach, branches: path.branches(reach / 400, reach) };
      made = key;
    }
    return setting;
  };
  const gamma = () => Math.min(Math.max(now()[4], model().low), model().high);
  const change = (index, value) => { const t = now(); t[index] = value; set({ t }); };

  let shown = "squaredNorm";
  let view = null;
  const value = (p) => (shown === "loss" ? p.loss : p.slope);
  const draw = (surface, width, height) => {
    const { path, low, high, branches } = model();
    const c = colours.theme();
    const frame = plot.frame(width, height, { left: 58 });
    const x = plot.scale([0, high], [frame.left, frame.right], false);
    const zero = shown === "loss" ? path.target : 0;
    const tops = branches.filter((b) => b.stable).flatMap((b) => b.points).filter((p) => p.decay > (shown === "loss" ? 0 : 0.12 * high)).map(value);
    const y = plot.scale([0, 1.15 * Math.max(zero, d3.max(tops) || 0, 1e-9)], [frame.bottom, frame.top], false);
    view = { frame, x };
    surface.clipped(frame.left, frame.top, frame.width, frame.height, () => {
      const edge = path.depth === 0 ? 0 : path.depth === 1 ? Math.min(path.transition ? path.transition.decay : 0, high) : 0;
      const t = path.transition;
      if (t && t.spinodal > t.decay) surface.rect(x(t.decay), frame.top, x(t.spinodal) - x(t.decay), frame.height, { fill: colours.order("first"), opacity: 0.09 });
      if (t) surface.line([[x(t.decay), frame.top], [x(t.decay), frame.bottom]], { stroke: colours.order(t.order), width: 1.5 });
      if (path.depth > 0) {
        surface.line([[x(0), y(zero)], [x(edge), y(zero)]], { stroke: c.quiet, width: 1.3, dash: [2, 3] });
        surface.line([[x(edge), y(zero)], [x(high), y(zero)]], { stroke: c.quiet, width: 1.3, dash: [7, 4] });
      }
      for (const b of branches) surface.line(b.points.map((p) => [x(p.decay), y(value(p))]), { stroke: colours.category(b.stable ? 0 : 3), width: 1.3, dash: b.stable ? [7, 4] : [2, 3] });
      // The global phase, in pieces between its jumps.
      let piece = [];
      let before = null;
      for (let i = 0; i <= 300; i += 1) {
        const decay = low + (high - low) * i / 300;
        const p = path.minimum(decay);
        const w = p ? value(p) : zero;
        if (before !== null && shown !== "loss" && Math.abs(w - before) > 0.2 * (y.domain()[1])) { surface.line(piece, { stroke: colours.category(0), width: 3 }); piece = []; }
        piece.push([x(decay), y(w)]);
        before = w;
      }
      surface.line(piece, { stroke: colours.category(0), width: 3 });
    });
    plot.axes(surface, frame, x, y, { xLabel: "weight decay γ", yLabel: shown === "loss" ? "loss F" : "squared norm Σ‖W‖² = F′" });
  };
  const overlay = (surface) => {
    const { frame, x } = view;
    const p = model().path.minimum(gamma());
    surface.line([[x(gamma()), frame.top], [x(gamma()), frame.bottom]], { stroke: colours.theme().accent, width: 2 });
    if (!p) return;
  };
  const move = (px) => change(4, Math.min(model().high, Math.max(model().low, view.x.invert(px))));

  const curve = plot.panel({
    id: "theory-curve", title: "Exact curves", height: 330, draw, overlay, key: () => now().slice(0, 4).join() + shown,
    tools: [Landau.select("show", [["squaredNorm", "squared norm Σ‖W‖²"], ["loss", "loss F"]], shown, (name) => { shown = name; Landau.state.announce(); })],
    csv: () => [["gamma", "F", "squaredNorm", "stable"], ...model().branches.flatMap((b) => b.points.map((p) => [p.decay, p.loss, p.slope, b.stable ? 1 : 0]))],
  });
  Object.assign(curve, { move, say: () => {
    const { path } = model();
    const t = path.transition;
    if (!t) return path.depth === 0 ? "D = 0: F is smooth. Without a hidden layer there is no transition." : "no transition";
    return t.order === "second" ? "D = 1: the norm vanishes continuously at γ* = ‖g‖ = " + format(t.decay) + ". The order is second, whatever noise and width."
      : "D = " + path.depth + ": the norm jumps by " + format(t.jump, 3) + " at γ* = " + format(t.decay) + ". The order is first; up to γ = " + format(t.spinodal) + " the trained phase is metastable.";
  } });
  let words = "";
  const wells = plot.panel({
    id: "theory-wells", title: "Wells at γ", height: 330, key: () => now().join(),
    draw: (surface, width, height) => { words = Landau.wells(surface, width, height, model().path, gamma(), "γ"); },
    csv: () => [["layerNorm", "effectiveLoss"], ...Landau.wellPoints(model().path, gamma())],
  });
  Object.assign(wells, { say: () => words });

  const inputs = controls.map((control, index) => {
    const output = element("output");
    const input = element("input", { type: "range", id: "theory-" + control.name, min: control.min, max: control.max, step: control.step, oninput: (event) => change(index, Number(event.target.value)) });
    return { control, input, output, label: element("label", { class: "slider" }, element("span", { text: control.words }), input, output) };
  });
  const sliders = element("div", { class: "sliders" }, inputs.map((i) => i.label), element("button", { type: "button", text: "as at first", onclick: () => set({ t: null }) }));
  const render = () => {
    const t = now();
    const { low, high } = model();
    Object.assign(inputs[4].input, { min: low, max: high, step: high / 1000 });
    t[4] = gamma();
    inputs.forEach(({ input, output }, i) => { if (Number(input.value) !== t[i]) input.value = t[i]; output.textContent = format(t[i], 4); });
    for (const panel of [curve, wells]) { panel.render(); panel.note.textContent = panel.say(); }
  };
  return { panels: [curve, wells], sliders, render };
};

// The words of the page that is theory alone.
Landau.theory.lesson = [
  "Linear nets with D hidden layers minimise E(f − y)² + γ Σ‖W‖². E averages over data and over multiplicative noise of the hidden neurons with variance σ².",
  "All stationary points lie on one line. Move γ: the right panel is the loss at the best predictor for each layer norm B. Where two wells are equally deep the lowest loss F has a kink, and its slope F′ = Σ‖W‖² jumps: a transition of first order.",
  "Try D = 0: one well, no transition. D = 1: the well slides into 0, second order. D = 2 and more: the zero net is always a minimum, and the wells cross. More noise moves γ* for D ≥ 2, and never for D = 1.",
];
