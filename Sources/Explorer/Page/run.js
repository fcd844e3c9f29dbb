"use strict";
// The run: what one point measured, its steps and its command; without a point, averages over the steps.
Landau.run = (sweep) => {
  const { values, set } = Landau.state;
  const { plot, colours, numbers } = Landau;
  const { format, column } = numbers;
  const element = Landau.element;
  const facts = element("div", { class: "facts" });
  let shown = null;

  const names = () => {
    const all = new Set();
    for (const s of sweep.series) for (const n of Object.keys(s.observables)) all.add(n);
    for (const r of sweep.runs.slice(0, 50)) for (const n of Object.keys(r.observables)) all.add(n);
    return [...all];
  };
  const hasSteps = sweep.series.length > 0 || sweep.runs.length > 0;
  const known = names();
  let observable = known.includes(sweep.order) ? sweep.order : known[0];

  const picked = () => {
    if (values.p === null || !sweep.points) return null;
    const curve = sweep.curveOfPoint(values.p);
    if (curve < 0) return null;
    return { curve, point: values.p, run: sweep.run(curve, sweep.points.x[values.p], sweep.points.replica[values.p], sweep.points.direction[values.p]) };
  };
  const lines = () => {
    const one = picked();
    if (one && one.run && one.run.observables[observable]) {
      const [x, y] = [column(one.run.steps), column(one.run.observables[observable])];
      return [{ label: "replica " + sweep.points.replica[one.point], points: Array.from(x, (v, i) => [v, y[i], NaN]), colour: 0, theory: false }];
    }
    return sweep.series.filter((s) => s.observables[observable]).map((s, k) => {
      const [x, y, e] = [column(s.steps), column(s.observables[observable].mean), column(s.observables[observable].error)];
      return { label: s.label || "exact", points: Array.from(x, (v, i) => [v, y[i], e[i]]), colour: s.of === null ? k : s.of, theory: s.theory };
    });
  };

  const draw = (surface, width, height) => {
    const c = colours.theme();
    const list = lines();
    const own = list.filter((l) => !l.theory);
    own.forEach((l, k) => { l.rank = k; });
    const rows = Math.ceil(own.length / 2);
    const frame = plot.frame(width, height, { left: 64, top: 24 + 16 * Math.min(rows, 4) });
    if (!list.length) { surface.text(hasSteps ? "no steps of this point are on the page" : "no steps were recorded", frame.left, frame.top + 20, { fill: c.quiet }); return; }
    const all = list.flatMap((l) => l.points);
    const steps = d3.extent(all, (p) => p[0]);
    const x = plot.scale(steps, [frame.left, frame.right], steps[1] > 2000 && steps[0] > 0);
    const y = plot.scale(plot.extent(all.flatMap((p) => (Number.isFinite(p[2]) ? [p[1] - 2 * p[2], p[1] + 2 * p[2]] : [p[1]]))), [frame.bottom, frame.top], false);
    surface.clipped(frame.left - 4, frame.top - 4, frame.width + 8, frame.height + 8, () => {
      for (const l of list) {
        const stroke = l.theory ? c.ink : colours.category(l.rank);
        const points = l.points.filter((p) => Number.isFinite(p[1]));
        surface.line(points.map(([a, b]) => [x(a), y(b)]), { stroke, width: l.theory ? 1.6 : 2, dash: l.theory ? [6, 4] : [] });
        if (!l.theory && points.length <= 40) {
          for (const [a, b, e] of points) {
            surface.dot(x(a), y(b), 3, { fill: stroke });
            if (Number.isFinite(e)) surface.line([[x(a), y(b - 1.96 * e)], [x(a), y(b + 1.96 * e)]], { stroke, width: 1.5 });
          }
        }
      }
    });
    own.slice(0, 8).forEach((l, k) => {
      const px = frame.left + (k % 2) * frame.width / 2;
      const py = 12 + 16 * Math.floor(k / 2);
      surface.dot(px + 4, py - 4, 4, { fill: colours.category(l.rank) });
      surface.text(l.label.slice(0, Math.floor(frame.width / 15)), px + 12, py, { fill: c.ink, size: 11 });
    });
    const o = sweep.observable(observable);
    plot.axes(surface, frame, x, y, { xLabel: "step", yLabel: o.label + (list.some((l) => l.theory) ? " (exact: dashed)" : "") });
  };

  const renderFacts = () => {
    const one = picked();
    const key = [values.p, sweep.name].join();
    if (key === shown) return;
    shown = key;
    self.heading.textContent = one ? "Run" : sweep.series.length ? "Steps, mean over replicas" : "Run";
    if (!one) {
      facts.replaceChildren(element("p", { class: "note", text: sweep.points ? "Click a point in the map or the cut: its numbers and its command appear here." : "The page holds means for each place; `landau export` has every point." }));
      return;
    }
    const q = sweep.points;
    const i = one.point;
    const outcome = Landau.data.outcomes[q.outcome[i]];
    const bad = q.outcome[i] >= 2;
    const rows = q.names.filter((n) => Number.isFinite(q.value(n)[i])).map((n) => {
      const o = sweep.observable(n);
      return element("tr", {}, element("th", { scope: "row", title: o.meaning, text: o.symbol && o.symbol !== n ? n + " " + o.symbol : n }), element("td", { text: o.regimes ? o.regimes[q.value(n)[i]] || "–" : format(q.value(n)[i], 7) }));
    });
    facts.replaceChildren(
      element("p", { class: bad ? "bad" : "", text: (sweep.curves[one.curve].label ? sweep.curves[one.curve].label + ", " : "") + sweep.axis.symbol + " = " + format(sweep.pointValue(i), 12) + ", replica " + q.replica[i]
        + ", " + Landau.data.directions[q.direction[i]] + ": " + outcome + (q.reasons[q.reason[i]] ? ". " + q.reasons[q.reason[i]] : "") }),
      bad ? Landau.command.show(() => Landau.command.retry(sweep, outcome), "goes on with all that ended so, with doubled step limits:") : "",
      Landau.command.show(() => Landau.command.point(sweep, one.curve, sweep.pointValue(i), q.replica[i]), "trains this point alone:"),
      rows.length ? element("details", { open: true }, element("summary", { text: rows.length + " observables" }), element("table", { class: "row" }, element("tbody", {}, rows))) : "",
      element("button", { type: "button", text: "let go", onclick: () => set({ p: null }) }));
  };

  const csv = () => {
    const list = lines();
    return [["series", "step", observable, observable + "_error"], ...list.flatMap((l) => l.points.map((p) => [l.theory ? l.label + " (exact)" : l.label, ...p]))];
  };
  const self = plot.panel({
    id: "run", title: "Run", height: !hasSteps ? 0 : sweep.axis.values.length < 2 ? 400 : 260, draw, csv,
    tools: known.length > 1 ? [Landau.select("show", known.map((n) => [n, sweep.observable(n).label]), observable, (name) => { observable = name; Landau.state.announce(); })] : [],
    key: () => [values.p, observable].join("|"),
  });
  self.section.append(facts);
  if (!hasSteps) self.stage.hidden = true;
  const render = self.render;
  self.render = () => { if (hasSteps) render(); renderFacts(); };
  return self;
};
