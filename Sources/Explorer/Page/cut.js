"use strict";
// The cut: an observable along the swept axis at the chosen row, with replicas, warm sweeps, branches and theory.
Landau.cut = (sweep) => {
  const { values, hover, set } = Landau.state;
  const { plot, numbers, colours } = Landau;
  const { format, column } = numbers;
  const directions = Landau.data.directions;
  let view = null;

  const mean = (name) => sweep.places.mean(name);
  // A line through a curve's places, broken where replicas are in two phases.
  const meanLine = (curve, name, f) => {
    const [first, count] = sweep.curves[curve].places;
    const list = mean(name);
    const lines = [[], []];
    if (!list) return lines;
    for (let i = first; i < first + count; i += 1) if (Number.isFinite(list[i])) lines[sweep.places.phase[i]].push(f(i, list[i]));
    return lines;
  };
  const theoryLines = (pieces, name) => pieces.filter((p) => p.x && p.observables[name]).map((p) => {
    const [x, y] = [column(p.x), column(p.observables[name])];
    return { stable: p.stable, points: Array.from(x, (v, i) => [v, y[i]]).filter((q) => Number.isFinite(q[1])) };
  });

  const measure = (width, height) => {
    const name = values.y;
    const frame = plot.frame(width, height, { left: sweep.observable(name).regimes ? 84 : 64, top: 38 });
    const chosen = sweep.curveAt(values.at);
    const domain = values.zx || (sweep.axis.values.length > 1 ? d3.extent(sweep.axis.values) : [sweep.axis.values[0] - 0.5, sweep.axis.values[0] + 0.5]);
    const x = plot.scale(domain, [frame.left, frame.right], sweep.axis.log);
    const seen = [];
    const inside = (v) => v >= x.domain()[0] && v <= x.domain()[1];
    const others = sweep.curves.length <= 12 ? d3.range(sweep.curves.length) : [chosen];
    for (const k of others) if (k >= 0) meanLine(k, name, (i, v) => { if (inside(sweep.placeValue(i))) seen.push(v); return null; });
    if (chosen >= 0) {
      for (const line of theoryLines(sweep.curves[chosen].theory.equilibrium, name)) for (const [v, w] of line.points) if (inside(v)) seen.push(w);
      for (const branch of sweep.curves[chosen].followed) {
        if (!branch.observables[name]) continue;
        const [bx, by] = [column(branch.x), column(branch.observables[name])];
        for (let i = 0; i < bx.length; i += 1) if (inside(bx[i])) seen.push(by[i]);
      }
      const list = sweep.points && sweep.points.value(name);
      const [first, count] = sweep.curves[chosen].points;
      if (list) for (let i = first; i < first + count; i += Math.ceil(count / 4000)) if (sweep.points.counts[i] && inside(sweep.pointValue(i))) seen.push(list[i]);
    }
    const regimes = sweep.observable(name).regimes;
    const y = plot.scale(regimes ? [d3.min(Object.keys(regimes), Number) - 0.5, d3.max(Object.keys(regimes), Number) + 0.5] : plot.extent(seen), [frame.bottom, frame.top], false);
    view = { name, frame, chosen, x, y, regimes };
    return view;
  };

  const draw = (surface, width, height) => {
    const { name, frame, chosen, x, y, regimes } = measure(width, height);
    const c = colours.theme();
    const main = colours.category(0);
    const to = ([v, w]) => [x(v), y(w)];
    surface.clipped(frame.left, frame.top, frame.width, frame.height, () => {
      // The other rows, faint, where a person can still follow them.
      if (sweep.curves.length <= 12) {
        sweep.curves.forEach((_, k) => {
          if (k !== chosen) for (const line of meanLine(k, name, (i, v) => to([sweep.placeValue(i), v]))) surface.line(line, { stroke: c.quiet, width: 1.2, opacity: 0.4 });
        });
      }
      if (chosen < 0) return;
      const curve = sweep.curves[chosen];
      for (const t of curve.verdict.transitions) {
        if (t.location === null) continue;
        const colour = colours.order(t.order);
        if (t.spinodal !== null && t.spinodal !== t.location) surface.rect(Math.min(x(t.location), x(t.spinodal)), frame.top, Math.abs(x(t.spinodal) - x(t.location)), frame.height, { fill: colour, opacity: 0.09 });
        if (t.interval) surface.rect(x(t.interval[0]), frame.top, Math.max(1, x(t.interval[1]) - x(t.interval[0])), frame.height, { fill: colour, opacity: 0.25 });
        surface.line([[x(t.location), frame.top], [x(t.location), frame.bottom]], { stroke: colour, width: 1.5 });
      }
      band(surface, chosen, name, x, y, main);
      replicas(surface, chosen, name, x, y);
      for (const branch of curve.followed) followed(surface, branch, name, x, y);
      for (const line of theoryLines(curve.theory.branches, name)) surface.line(line.points.map(to), { stroke: c.ink, width: 1, opacity: 0.55, dash: line.stable ? [7, 5] : [1.5, 3] });
      for (const line of theoryLines(curve.theory.population, name)) surface.line(line.points.map(to), { stroke: c.ink, width: 1.3, dash: [2, 2] });
      for (const line of theoryLines(curve.theory.equilibrium, name)) surface.line(line.points.map(to), { stroke: c.ink, width: 1.8, dash: [7, 4] });
      if (!curve.followed.length || meanLine(chosen, name, () => 0)[0].length < 2) for (const line of meanLine(chosen, name, (i, v) => to([sweep.placeValue(i), v]))) surface.line(line, { stroke: main, width: 1.6 });
      failures(surface, chosen, x, frame);
    });
    const rows = regimes && Object.entries(regimes).map(([value, words]) => ({ value: Number(value), words }));
    plot.axes(surface, frame, x, y, { xLabel: sweep.axis.label, yLabel: "", xWhole: sweep.axis.whole, rows });
    legend(surface, frame, chosen, name);
  };

  const band = (surface, chosen, name, x, y, fill) => {
    const errors = sweep.places.error(name);
    if (!errors) return;
    const [upper, lower] = [[], []];
    meanLine(chosen, name, (i, v) => {
      const e = 1.96 * errors[i];
      if (sweep.places.phase[i] === 0 && Number.isFinite(e)) { upper.push([x(sweep.placeValue(i)), y(v + e)]); lower.push([x(sweep.placeValue(i)), y(v - e)]); }
    });
    surface.area([...upper, ...lower.reverse()], { fill, opacity: 0.18 });
  };
  const colourOf = (direction) => colours.category([0, 1, 2, 3][direction]);
  const replicas = (surface, chosen, name, x, y) => {
    const list = sweep.points && sweep.points.value(name);
    if (!list) return;
    const [first, count] = sweep.curves[chosen].points;
    const runs = new Map();
    const opacity = count > 3000 ? 0.25 : 0.6;
    for (let i = first; i < first + count; i += 1) {
      const d = sweep.points.direction[i];
      if (!sweep.points.counts[i] || !Number.isFinite(list[i])) continue;
      if (d === 1 || d === 2) {
        const key = d * 1e6 + sweep.points.replica[i];
        if (!runs.has(key)) runs.set(key, []);
        runs.get(key).push([x(sweep.pointValue(i)), y(list[i])]);
      } else if (count > 5000) surface.rect(x(sweep.pointValue(i)) - 1, y(list[i]) - 1, 2, 2, { fill: colourOf(d), opacity });
      else surface.dot(x(sweep.pointValue(i)), y(list[i]), 2, { fill: colourOf(d), opacity });
    }
    for (const [key, points] of runs) surface.line(points, { stroke: colourOf(Math.floor(key / 1e6)), width: 1.2, opacity: runs.size > 40 ? 0.3 : 0.75 });
  };
  // A followed branch: a full line where it is a minimum, dashed where it is none; a ring at each event.
  const followed = (surface, branch, name, x, y) => {
    if (!branch.observables[name]) return;
    const [bx, by, stable] = [column(branch.x), column(branch.observables[name]), column(branch.stable)];
    let start = 0;
    for (let i = 1; i <= bx.length; i += 1) {
      if (i < bx.length && stable[i] === stable[start]) continue;
      const points = d3.range(start, Math.min(i + 1, bx.length)).map((k) => [x(bx[k]), y(by[k])]);
      surface.line(points, { stroke: colours.category(stable[start] ? 0 : 3), width: stable[start] ? 2 : 1.2, dash: stable[start] ? [] : [4, 3] });
      start = i;
    }
    for (const e of branch.events) surface.dot(x(bx[e.row]), y(by[e.row]), 4, { stroke: colours.category({ fold: 1, maxwell: 2, barrier: 3, branchPoint: 4 }[e.event] || 7) });
  };
  const failures = (surface, chosen, x, frame) => {
    if (!sweep.points) return;
    const [first, count] = sweep.curves[chosen].points;
    const bad = colours.theme().bad;
    for (let i = first; i < first + count; i += 1) {
      if (sweep.points.counts[i]) continue;
      const px = x(sweep.pointValue(i));
      surface.line([[px, frame.bottom], [px, frame.bottom - 10]], { stroke: bad, width: 2 });
    }
  };

  const legend = (surface, frame, chosen, name) => {
    const c = colours.theme();
    const entries = [];
    if (chosen >= 0) {
      const curve = sweep.curves[chosen];
      if (sweep.points) {
        const present = new Set();
        for (let i = curve.points[0]; i < curve.points[0] + curve.points[1]; i += 1) present.add(sweep.points.direction[i]);
        for (const d of [...present].sort()) entries.push([d === 3 && curve.followed.length ? "branch" : directions[d], colourOf(d)]);
      }
      if (curve.followed.some((b) => b.events.length)) for (const [event, k] of [["fold", 1], ["maxwell", 2]]) if (curve.followed.some((b) => b.events.some((e) => e.event === event))) entries.push([event, colours.category(k)]);
      if (curve.theory.equilibrium.some((p) => p.observables[name])) entries.push(["exact", c.ink]);
      if (curve.verdict.transitions.some((t) => t.location !== null && t.spinodal !== null && t.spinodal !== t.location)) entries.push(["metastable", colours.order("first")]);
      if (sweep.curves.length > 1 && sweep.curves.length <= 12) entries.push(["other rows", c.quiet]);
    }
    let px = frame.left;
    for (const [words, fill] of entries) {
      surface.dot(px + 4, frame.top - 27, 4, { fill });
      surface.text(words, px + 12, frame.top - 23, { fill: c.ink, size: 11 });
      px += 24 + 6.4 * words.length;
    }
    const label = sweep.observable(name).label;
    surface.text(label, frame.left, frame.top - 8, { fill: c.ink, size: 12 });
    if (chosen < 0) return;
    let last = -Infinity;
    for (const t of sweep.curves[chosen].verdict.transitions) {
      const at = t.location === null ? null : view.x(t.location);
      const left = at === null ? 0 : Math.min(at, frame.right - 50);
      if (at === null || at < frame.left || at > frame.right || left < last + 64) continue;
      // Beside the name of the observable where there is room, else within.
      const isFree = left > frame.left + 7 * label.length + 36;
      surface.text(t.order === "boundary" ? "boundary" : t.order === "undecided" ? "order?" : t.order + " order", left, frame.top + (isFree ? -8 : 14), { fill: colours.order(t.order), size: 11, anchor: "middle", bold: true });
      last = left;
    }
  };

  const overlay = (surface) => {
    const { frame, x, y, name, chosen } = view;
    const c = colours.theme();
    surface.clipped(frame.left, frame.top, frame.width, frame.height, () => {
      if (hover.x !== null) surface.line([[x(hover.x), frame.top], [x(hover.x), frame.bottom]], { stroke: c.ink, dash: [2, 3] });
      if (values.x !== null) surface.line([[x(values.x), frame.top], [x(values.x), frame.bottom]], { stroke: c.accent, width: 2 });
      const i = chosen >= 0 ? sweep.nearestPlace(chosen, values.x) : -1;
      if (i >= 0 && mean(name)) surface.dot(x(sweep.placeValue(i)), y(mean(name)[i]), 5, { stroke: c.accent });
      if (values.p !== null && sweep.points && sweep.curveOfPoint(values.p) === chosen) {
        const list = sweep.points.value(name);
        if (list) surface.dot(x(sweep.pointValue(values.p)), y(list[values.p]), 6, { stroke: c.bad });
      }
      if (self.box) surface.rect(...self.box, { fill: c.accent, opacity: 0.2, stroke: c.accent });
    });
  };

  const locate = (px, py) => {
    const { frame, x, y, name, chosen } = view;
    if (px < frame.left || px > frame.right || py < frame.top || py > frame.bottom) return null;
    let [point, least] = [null, Infinity];
    const list = sweep.points && sweep.points.value(name);
    if (chosen >= 0 && sweep.points) {
      const [first, count] = sweep.curves[chosen].points;
      for (let i = first; i < first + count; i += 1) {
        const dx = x(sweep.pointValue(i)) - px;
        // A failed point's tick stands at the bottom.
        const dy = (!sweep.points.counts[i] ? frame.bottom - 5 : list ? y(list[i]) : NaN) - py;
        const d = dx * dx + dy * dy;
        if (d < least) { least = d; point = i; }
      }
    }
    const value = x.invert(px);
    return { x: value, at: values.at.slice(), place: chosen >= 0 ? sweep.nearestPlace(chosen, value) : -1, point: least < 400 ? point : null };
  };
  const say = () => {
    const k = sweep.curveAt(hover.x !== null && hover.at ? hover.at : values.at);
    const i = k >= 0 ? sweep.nearestPlace(k, hover.x === null ? values.x : hover.x) : -1;
    if (i < 0) return "nothing was trained at this row";
    const regimes = sweep.observable(values.y).regimes;
    const list = mean(values.y);
    const error = sweep.places.error(values.y);
    return sweep.axis.symbol + " = " + format(sweep.placeValue(i)) + ": " + sweep.observable(values.y).symbol + " = "
      + (regimes ? regimes[list[i]] || "–" : format(list ? list[i] : NaN)) + (error && Number.isFinite(error[i]) ? " ± " + format(1.96 * error[i], 2) + " (95 %)" : "")
      + ", " + sweep.places.count[i] + (sweep.places.count[i] === 1 ? " replica" : " replicas");
  };
  const boxed = (x0, _, x1) => {
    const [a, b] = [view.x.invert(x0), view.x.invert(x1)].sort((p, q) => p - q);
    return { axis: [a, b], rows: sweep.dimensions.map((d, n) => [d, [d.values[values.at[n]]]]) };
  };
  const zoom = (factor, px) => {
    const whole = d3.extent(sweep.axis.values);
    const [low, high] = plot.zoomed(view.x, factor, px);
    set({ zx: low <= whole[0] && high >= whole[1] ? null : [Math.max(low, whole[0]), Math.min(high, whole[1])] });
  };
  const csv = () => {
    const k = sweep.curveAt(values.at);
    if (k < 0) return [];
    if (!sweep.points) {
      const [first, count] = sweep.curves[k].places;
      return [[sweep.axis.name, "replicas", values.y, values.y + "_error"], ...d3.range(first, first + count).map((i) => [sweep.placeValue(i), sweep.places.count[i], mean(values.y)[i], sweep.places.error(values.y)[i]])];
    }
    const [first, count] = sweep.curves[k].points;
    return [[sweep.axis.name, "replica", "direction", "outcome", ...sweep.points.names], ...d3.range(first, first + count).map((i) => [
      sweep.pointValue(i), sweep.points.replica[i], directions[sweep.points.direction[i]], Landau.data.outcomes[sweep.points.outcome[i]], ...sweep.points.names.map((n) => sweep.points.value(n)[i])])];
  };

  const choices = sweep.places.names.map((name) => [name, sweep.observable(name).label]);
  const self = plot.panel({
    id: "cut", title: "Cut along " + sweep.axis.symbol, height: (width) => (width < 500 ? 320 : 400), draw, overlay, csv,
    tools: [Landau.select("show", choices, values.y, (name) => set({ y: name }))], key: () => [values.y, values.at, values.zx].join("|"),
  });
  return Object.assign(self, { locate, boxed, zoom, say, reset: () => set({ zx: null, zy: null }) });
};
