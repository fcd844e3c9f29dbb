"use strict";
// Puts the page together and keeps all panels on one state.
Landau.main = (() => {
  const { element, state } = Landau;
  const { values, set } = state;
  const json = JSON.parse(document.getElementById("landau-data").textContent);
  Landau.numbers.use(json.blobs);
  const page = document.getElementById("page");
  const sweeps = json.sweeps.map((s) => Landau.data.sweep(s));
  const memory = new Map();
  let panels = [];
  let renderers = [];

  const saving = (panel) => panel.toolbar.append(
    element("button", { type: "button", class: "small", text: "SVG", title: "save the picture (key s)", onclick: () => Landau.save.picture(panel) }),
    panel.csv ? element("button", { type: "button", class: "small", text: "CSV", title: "save the numbers (key c)", onclick: () => Landau.save.table(panel) }) : "");

  // A row that answers something: one with a first-order transition, else any with a transition.
  const startingCurve = (sweep) => {
    const has = (test) => sweep.curves.findIndex((c) => c.verdict.transitions.some(test));
    return Math.max(0, has((t) => t.order === "first") >= 0 ? has((t) => t.order === "first") : has((t) => t.location !== null));
  };
  // What the address does not say, or says of another sweep.
  const complete = (sweep) => {
    const patch = {};
    const fits = values.at.length === sweep.dimensions.length && sweep.curveAt(values.at) >= 0;
    if (!fits) patch.at = sweep.curves.length ? sweep.curves[startingCurve(sweep)].at.slice() : [];
    const curve = sweep.curves[sweep.curveAt(fits ? values.at : patch.at)];
    const xs = sweep.axis.values;
    if (values.x === null || !xs.length || values.x < xs[0] || values.x > xs[xs.length - 1]) {
      const located = curve ? curve.verdict.transitions.filter((t) => t.location !== null).map((t) => t.location) : [];
      patch.x = located.length ? located[located.length - 1] : xs[Math.floor(xs.length / 2)];
      if (patch.x === undefined) patch.x = null;
    }
    const has = (name) => sweep.places.names.includes(name);
    const usual = has(sweep.order) ? sweep.order : sweep.places.names[0];
    if (!has(values.y)) patch.y = usual || null;
    if (!Landau.colours.choices(sweep).some((c) => c[0] === values.c)) patch.c = usual || "outcome";
    if (values.p !== null && !(sweep.points && Number.isInteger(values.p) && values.p >= 0 && values.p < sweep.points.x.length)) patch.p = null;
    Object.assign(values, patch);
  };

  const rows = (sweep) => {
    const lists = sweep.dimensions.map((dimension, index) => {
      const output = element("output");
      const input = element("input", { type: "range", min: 0, max: dimension.values.length - 1, step: 1, "aria-label": dimension.label, "data-dimension": dimension.name,
        oninput: (event) => { const at = values.at.slice(); at[index] = Number(event.target.value); set({ at }); } });
      return { label: element("label", { class: "slider" }, element("span", { text: dimension.label, title: dimension.meaning }), input, output),
        render: () => { input.value = values.at[index]; output.textContent = Landau.data.words(dimension.values[values.at[index]]); input.setAttribute("aria-valuetext", output.textContent); } };
    });
    const { values: xs, log } = sweep.axis;
    if (xs.length > 1) {
      const to = (x) => (log ? Math.log(x / xs[0]) / Math.log(xs[xs.length - 1] / xs[0]) : (x - xs[0]) / (xs[xs.length - 1] - xs[0])) * 1000;
      const from = (u) => (log ? xs[0] * (xs[xs.length - 1] / xs[0]) ** (u / 1000) : xs[0] + (xs[xs.length - 1] - xs[0]) * u / 1000);
      const output = element("output");
      const input = element("input", { type: "range", min: 0, max: 1000, step: 1, id: "cursor", "aria-label": sweep.axis.label, oninput: (event) => set({ x: from(Number(event.target.value)) }) });
      lists.push({ label: element("label", { class: "slider" }, element("span", { text: sweep.axis.label, title: sweep.axis.meaning }), input, output),
        render: () => { input.value = to(values.x); output.textContent = Landau.numbers.format(values.x); input.setAttribute("aria-valuetext", output.textContent); } });
    }
    return { node: element("div", { class: "sliders", id: "rows" }, lists.map((l) => l.label)), render: () => lists.forEach((l) => l.render()) };
  };

  const boxCommand = (sweep) => {
    const points = element("input", { type: "number", min: 2, max: 100000, value: 48, "aria-label": "points along the axis", oninput: () => show() });
    const replicas = element("input", { type: "number", min: 1, max: 100000, value: sweep.replicas, "aria-label": "replicas", oninput: () => show() });
    const out = element("div");
    const section = element("section", { class: "panel wide", id: "box-command", hidden: true }, element("h2", { text: "Train in the box" }),
      element("p", {}, element("label", {}, "points ", points), " ", element("label", {}, "replicas ", replicas)), out);
    let box = null;
    const whole = (input, least) => Math.max(least, Math.round(Number(input.value)) || least);
    const show = () => {
      if (!box) return;
      section.hidden = false;
      out.replaceChildren(Landau.command.show(() => Landau.command.box(sweep, { ...box, points: whole(points, 2), replicas: whole(replicas, 1) }), "in the folder where this sweep was run:"));
    };
    return { section, use: (next) => { box = next; show(); section.scrollIntoView({ block: "nearest" }); } };
  };

  const build = () => {
    values.s = Math.max(0, Math.min(sweeps.length - 1, Math.round(values.s)));
    const sweep = sweeps[values.s];
    if (!sweep.curves.length) {
      page.replaceChildren(heading(sweep), element("p", { text: "No point of this sweep is there yet." }));
      [panels, renderers] = [[], []];
      return;
    }
    complete(sweep);
    const [map, cut, landscape, run] = [Landau.map, Landau.cut, Landau.landscape, Landau.run].map((make) => make(sweep));
    const strip = Landau.strip(sweep);
    const sliders = rows(sweep);
    const command = boxCommand(sweep);
    panels = [map, cut, landscape, run];
    for (const panel of panels) { Landau.gestures.attach(panel, sweep, command.use); saving(panel); }
    const isTrajectory = sweep.axis.values.length < 2;
    const boxButton = element("button", { type: "button", id: "box-mode", "aria-pressed": "false", text: "draw a box", title: "or hold Shift: the box gives the command that trains there",
      onclick: () => Landau.gestures.setBoxing(!Landau.gestures.isBoxing()) });
    const help = element("p", { class: "note", text: "Drag along the axis: everything follows. Click a point for its numbers. Wheel or pinch zooms, double click shows all. Keys: arrows step, s saves the picture, c its numbers, b gives the command for what is shown." });
    if (isTrajectory) run.section.classList.add("whole");
    const grid = element("div", { class: "grid" }, (isTrajectory ? [run, landscape, cut, ...(sweep.dimensions.length > 1 ? [map] : [])] : sweep.dimensions.length ? [map, cut, landscape, run] : [cut, landscape, map, run]).map((p) => p.section));
    const live = theoryOf(sweep);
    page.replaceChildren(heading(sweep), strip.section, element("div", { class: "bar" }, sliders.node, isTrajectory ? "" : boxButton), grid, command.section, live ? live.node : "",
      element("footer", {}, help, sweep.notes.map((text) => element("p", { class: "note", text }))));
    renderers = [strip.render, sliders.render, ...panels.map((p) => () => { p.render(); p.note.textContent = p.say ? p.say() : ""; })];
    if (live) renderers.push(live.render);
  };

  // The theory of the same nets, with sliders, below a sweep of linear nets.
  const theoryOf = (sweep) => {
    const k = sweep.curves.findIndex((c) => c.theory.modes && c.depth !== null && c.depth >= 2);
    const index = k >= 0 ? k : sweep.curves.findIndex((c) => c.theory.modes && c.depth !== null);
    if (index < 0) return null;
    const curve = sweep.curves[index];
    const [noise, width] = [curve.noise === null ? 0 : curve.noise, curve.width === null ? 1 : curve.width];
    const kappa = (1 + noise / width) ** curve.depth;
    const modes = curve.theory.modes.map((m) => [m[0] / kappa, m[1]]);
    const rest = Math.max(0, curve.theory.modes[0][2] - modes.reduce((s, [a, w]) => s + w / a, 0));
    const theory = Landau.theory({ depth: curve.depth, noise, width, modes, rest, gamma: values.x || 0.1 });
    panels.push(...theory.panels);
    for (const panel of theory.panels) { Landau.gestures.attach(panel, null, () => {}); saving(panel); }
    const node = element("details", { class: "live", id: "live", ontoggle: () => state.announce(), open: values.t !== null },
      element("summary", { text: "Theory of these nets, with sliders" }), element("p", { class: "note", text: "Exact curves for the first replica's data" + (curve.label ? " at " + curve.label : "") + "." }),
      theory.sliders, element("div", { class: "grid" }, theory.panels.map((p) => p.section)));
    return { node, render: () => { if (node.open) theory.render(); } };
  };

  const heading = (sweep) => element("header", { class: "top" },
    element("h1", { text: sweep.title || sweep.name }), element("p", { class: "note" }, element("code", { text: sweep.path }), " · " + sweep.count.toLocaleString("en") + " points on " + sweep.curves.length + (sweep.curves.length === 1 ? " curve" : " curves")
      + (sweep.left ? " · " + sweep.left + " of " + sweep.planned + " points are not there yet" : "") + (json.reloads ? " · reloads every 5 s" : "")),
    sweeps.length < 2 ? "" : element("nav", { "aria-label": "sweeps" }, sweeps.map((other, index) =>
      element("button", { type: "button", "aria-pressed": String(index === values.s), text: other.title || other.name, onclick: () => change(index) }))));

  // Another sweep: the cursor stays where the axes agree.
  const change = (index) => {
    const [from, to] = [sweeps[values.s], sweeps[index]];
    memory.set(values.s, { ...values });
    const { x, y } = values;
    const before = memory.get(index) || { at: [], y: null, c: null, mx: null, my: null, zx: null, zy: null, p: null, x: null, t: null };
    Object.assign(values, before, { s: index });
    if (from.axis.name === to.axis.name) Object.assign(values, { x, y });
    build();
    set({});
  };

  const start = () => {
    state.read();
    if (json.theory) {
      const theory = Landau.theory({ depth: 2, noise: 0.5, width: 8, modes: [[1, 1]], rest: 0.1, gamma: 0.3 });
      panels = theory.panels;
      for (const panel of panels) { Landau.gestures.attach(panel, null, () => {}); saving(panel); }
      page.replaceChildren(element("header", { class: "top" }, element("h1", { text: json.title }), Landau.theory.lesson.map((text) => element("p", { text }))),
        theory.sliders, element("div", { class: "grid" }, panels.map((p) => p.section)),
        element("footer", {}, element("p", { class: "note", text: "One direction of the inputs carries the signal: E[x²] = 1, E[xy] = ‖g‖, E[y²] = ‖g‖² + 0.1. Full lines: minima, the lowest in bold; dashed: metastable; dotted: no minima. After Ziyin & Ueda, arXiv 2205.12510." })));
      renderers = [theory.render];
    } else build();
    state.listen(() => renderers.forEach((render) => render()));
    new ResizeObserver(() => state.announce()).observe(page);
    window.addEventListener("hashchange", () => { state.read(); if (!json.theory) build(); state.announce(); });
    if (json.reloads) setTimeout(() => { history.replaceState(null, "", state.address()); location.reload(); }, 5000);
    renderers.forEach((render) => render());
  };
  start();
  return { sweeps, panel: (id) => panels.find((p) => p.id === id) };
})();
