"use strict";
// The map: two controls, colour for what was measured, lines for transitions, a tick for each trained place.
Landau.map = (sweep) => {
  const { values, hover, set } = Landau.state;
  const { plot, numbers, colours } = Landau;
  const { format } = numbers;
  const { cross, cased, mark } = Landau.marks;

  const coordinate = (name) => {
    if (name === sweep.axis.name) return { ...sweep.axis, kind: "axis" };
    const index = sweep.dimensions.findIndex((d) => d.name === name);
    if (index >= 0) {
      const d = sweep.dimensions[index];
      return { ...d, kind: "dimension", index, banded: !d.numeric || d.whole || d.values.length < 2 };
    }
    return { name: "replica", label: "replica", symbol: "replica", kind: "replica", banded: true, values: d3.range(sweep.replicas) };
  };
  const names = [sweep.axis.name, ...sweep.dimensions.map((d) => d.name)];
  const most = (list) => list.reduce((a, b) => (a && a.values.length >= b.values.length ? a : b), null);
  const widest = most(sweep.dimensions.filter((d) => d.numeric)) || most(sweep.dimensions);
  const chosen = () => {
    const known = (name) => names.includes(name) || (name === "replica" && sweep.points);
    const mx = known(values.mx) && values.mx !== "replica" ? values.mx : sweep.axis.name;
    let my = known(values.my) ? values.my : widest ? widest.name : "replica";
    if (my === mx) my = mx === sweep.axis.name ? (widest ? widest.name : "replica") : sweep.axis.name;
    return [coordinate(mx), coordinate(my)];
  };

  // Borders half way between neighbours; the outer ones as far beyond the ends.
  const borders = (list, log) => {
    const u = log ? list.map(Math.log) : list;
    if (u.length === 1) return log ? [list[0] / 1.1, list[0] * 1.1] : [list[0] - (Math.abs(list[0]) / 10 || 0.5), list[0] + (Math.abs(list[0]) / 10 || 0.5)];
    const middle = d3.pairs(u).map(([a, b]) => (a + b) / 2);
    const all = [u[0] - (middle[0] - u[0]), ...middle, u[u.length - 1] + (u[u.length - 1] - middle[middle.length - 1])];
    return log ? all.map(Math.exp) : all;
  };
  const span = (c) => (c.banded ? [-0.5, c.values.length - 0.5] : d3.extent(borders(c.values, c.log)));
  const position = (c, value) => (c.banded ? c.values.indexOf(value) : value);

  let view = null;
  const measure = (width, height) => {
    const [cx, cy] = chosen();
    const frame = plot.frame(width, height, { left: 70, bottom: width < 450 ? 90 : 70, top: 24 });
    const zoom = (c) => (c.kind === "axis" ? values.zx : values.zy) || span(c);
    const x = plot.scale(zoom(cx), [frame.left, frame.right], cx.log && !cx.banded);
    const y = plot.scale(zoom(cy), [frame.bottom, frame.top], cy.log && !cy.banded);
    view = { cx, cy, x, y, frame };
    return view;
  };
  // Curves of the plane: the other dimensions are where the sliders stand.
  const plane = () => {
    const free = view ? [view.cx, view.cy].filter((c) => c.kind === "dimension").map((c) => c.index) : [];
    return sweep.curves.map((_, k) => k).filter((k) => sweep.curves[k].at.every((v, d) => free.includes(d) || v === values.at[d]));
  };

  const cellsOf = (k, visit) => {
    const { cx, cy } = view;
    const [first, count] = sweep.curves[k].places;
    const other = (c) => c.values[sweep.curves[k].at[c.index]];
    const interval = (c) => {
      const i = position(c, other(c));
      if (c.banded) return [i - 0.5, i + 0.5];
      const all = c.borders || (c.borders = borders(c.values, c.log));
      const n = c.values.indexOf(other(c));
      return [all[n], all[n + 1]];
    };
    const axis = [cx, cy].find((c) => c.kind === "axis");
    if (!axis) {
      const i = sweep.nearestPlace(k, values.x);
      if (i >= 0) visit(i, interval(cx), interval(cy));
      return;
    }
    const rows = [];
    for (let i = first; i < first + count; i += 1) {
      const last = rows.length - 1;
      if (last >= 0 && sweep.places.x[rows[last]] === sweep.places.x[i]) { if (sweep.places.count[i] > sweep.places.count[rows[last]]) rows[last] = i; } else rows.push(i);
    }
    if (!rows.length) return;
    const all = borders(rows.map(sweep.placeValue), axis.log);
    rows.forEach((i, n) => {
      const along = [all[n], all[n + 1]];
      if (cx.kind === "axis") visit(i, along, cy.kind === "replica" ? null : interval(cy)); else visit(i, interval(cx), along);
    });
  };

  const replicaCells = (surface, paint) => {
    const k = sweep.curveAt(values.at);
    if (k < 0) return;
    const seen = new Set();
    const column = sweep.points.value(values.c);
    const [first, count] = sweep.curves[k].points;
    const xs = [...new Set(d3.range(first, first + count).map((i) => sweep.points.x[i]))].sort((a, b) => a - b);
    const all = borders(xs.map((i) => sweep.axis.values[i]), sweep.axis.log);
    for (let i = first; i < first + count; i += 1) {
      const key = sweep.points.x[i] + "/" + sweep.points.replica[i];
      if (seen.has(key)) continue;
      seen.add(key);
      const n = xs.indexOf(sweep.points.x[i]);
      const r = sweep.points.replica[i];
      const colour = column && paint.ofValue ? paint.ofValue(column[i]) : null;
      if (colour) cell(surface, [all[n], all[n + 1]], [r - 0.5, r + 0.5], colour);
      else if (!sweep.points.counts[i]) cross(surface, view.x(sweep.pointValue(i)), view.y(r));
    }
  };
  const cell = (surface, [a, b], [c, d], fill) => {
    const { x, y } = view;
    const [left, right] = [x(a), x(b)];
    const [low, high] = [y(c), y(d)];
    // A hair more than the cell, so that no seam shows between neighbours.
    surface.rect(Math.min(left, right), Math.min(low, high), Math.abs(right - left) + 0.6, Math.abs(high - low) + 0.6, { fill });
  };
  // Where transitions are, ours and theory's, as far as the map has the swept axis.
  const lines = (surface) => {
    const { cx, cy, x, y } = view;
    const other = [cx, cy].find((c) => c.kind === "dimension");
    if (![cx, cy].some((c) => c.kind === "axis") || !other) return;
    const place = (location, at) => (cx.kind === "axis" ? [x(location), y(position(other, at))] : [x(position(other, at)), y(location)]);
    const c = colours.theme();
    const curves = plane().filter((k) => sweep.curves[k].at[other.index] !== undefined);
    const byOther = curves.map((k) => ({ at: other.values[sweep.curves[k].at[other.index]], theory: sweep.curves[k].verdict.theory.filter((t) => t.location !== null).sort((a, b) => b.location - a.location) }));
    for (let rank = 0; rank < (d3.max(byOther, (r) => r.theory.length) || 0); rank += 1) {
      const here = byOther.filter((r) => r.theory.length > rank);
      cased(surface, here.map((r) => place(r.theory[rank].location, r.at)), { stroke: c.ink, width: 1.5, dash: [6, 4] });
      const spinodals = here.filter((r) => r.theory[rank].spinodal !== null && r.theory[rank].spinodal !== r.theory[rank].location);
      cased(surface, spinodals.map((r) => place(r.theory[rank].spinodal, r.at)), { stroke: c.ink, width: 1, dash: [1, 4] });
    }
    const at = values.at.map((v, d) => (d === other.index ? -1 : v)).join();
    for (const line of sweep.lines.filter((l) => l.dimension === other.index && l.at.join() === at)) {
      const points = line.points.filter((p) => p.location !== null);
      const band = points.filter((p) => p.low !== null);
      if (band.length > 1) surface.area([...band.map((p) => place(p.low, p.other)), ...band.slice().reverse().map((p) => place(p.high, p.other))], { fill: c.paper, opacity: 0.35 });
      cased(surface, points.map((p) => place(p.location, p.other)), { stroke: c.ink, width: 1.5 });
      cased(surface, points.filter((p) => p.spinodal !== null).map((p) => place(p.spinodal, p.other)), { stroke: c.quiet, width: 1 });
      const every = points.length > 40 ? Math.ceil(points.length / 16) : 1;
      points.forEach((p, n) => {
        const [px, py] = place(p.location, p.other);
        if (p.low !== null) surface.line([place(p.low, p.other), place(p.high, p.other)], { stroke: c.ink, width: 1.5 });
        if (n % every === 0) mark(surface, px, py, p.order);
      });
      for (const special of line.special) {
        if (special.location === null) continue;
        const [px, py] = place(special.location, special.other);
        surface.dot(px, py, 8, { stroke: c.ink });
        surface.text(special.kind, px + 11, py + 4, { fill: c.ink, size: 11, bold: true });
      }
    }
    if (!other.numeric) {
      for (const k of curves) for (const t of sweep.curves[k].verdict.transitions) if (t.location !== null) mark(surface, ...place(t.location, other.values[sweep.curves[k].at[other.index]]), t.order);
    }
  };

  const legend = (surface, paint) => {
    const { frame } = view;
    const c = colours.theme();
    const y = frame.bottom + 46;
    if (paint.ramp) {
      for (let i = 0; i < 60; i += 1) surface.rect(frame.left + 2 * i, y, 2.5, 10, { fill: paint.ramp(i / 59) });
      surface.text(format(paint.low, 3), frame.left, y + 21, { fill: c.quiet, size: 10 });
      surface.text(format(paint.high, 3), frame.left + 120, y + 21, { fill: c.quiet, size: 10, anchor: "end" });
    } else {
      let px = frame.left;
      for (const { words, colour } of paint.legend) {
        surface.rect(px, y, 11, 11, { fill: colour });
        surface.text(words, px + 15, y + 10, { fill: c.ink, size: 11 });
        px += 28 + 6.4 * words.length;
      }
    }
    const orders = [...new Set(sweep.curves.flatMap((k) => k.verdict.transitions.filter((t) => t.location !== null).map((t) => t.order)))];
    let px = frame.right;
    // Above the picture, or, on a phone, below it.
    const top = frame.width < 360 ? frame.bottom + 70 : frame.top - 17;
    const hasTheory = sweep.curves.some((k) => k.verdict.theory.some((t) => t.location !== null));
    if (hasTheory) {
      surface.text("exact", px, top + 9, { fill: c.ink, size: 11, anchor: "end" });
      surface.line([[px - 60, top + 5], [px - 33, top + 5]], { stroke: c.ink, width: 1.5, dash: [5, 3] });
      px -= 74;
    }
    for (const order of orders) {
      surface.text(order, px, top + 9, { fill: c.ink, size: 11, anchor: "end" });
      mark(surface, px - 6.4 * order.length - 9, top + 5, order);
      px -= 6.4 * order.length + 28;
    }
  };

  const draw = (surface, width, height) => {
    const { cx, cy, x, y, frame } = measure(width, height);
    const paint = colours.ofPlaces(sweep, values.c);
    surface.clipped(frame.left, frame.top, frame.width, frame.height, () => {
      if (cy.kind === "replica") replicaCells(surface, paint);
      else {
        const curves = plane();
        const ticks = [];
        const crosses = [];
        for (const k of curves) {
          cellsOf(k, (i, along, across) => {
            const colour = paint.of(i);
            if (colour) cell(surface, along, across, colour);
            const px = cx.kind === "axis" ? x(sweep.placeValue(i)) : (x(along[0]) + x(along[1])) / 2;
            const py = cy.kind === "axis" ? y(sweep.placeValue(i)) : (y(across[0]) + y(across[1])) / 2;
            if (sweep.places.failures[i] > 0) crosses.push([px, py]); else ticks.push([px, cy.kind === "axis" ? py : y(across[0])]);
          });
        }
        // Ticks as long as they can be told apart.
        if (ticks.length < frame.width * 6) for (const [px, py] of ticks) surface.line([[px, py], [px, py - 4]], { stroke: colours.theme().paper, width: 1, opacity: 0.8 });
        // Many failures are a region of their own, which crosses would hide.
        if (crosses.length <= 300) crosses.forEach(([px, py]) => cross(surface, px, py));
        else crosses.slice(0, 20000).forEach(([px, py]) => surface.rect(px - 1, py - 1, 2, 2, { fill: colours.theme().paper }));
      }
      lines(surface);
    });
    const bands = (c) => c.banded && (c.values.length <= 24 ? c.values : c.values.filter((_, i) => i % Math.ceil(c.values.length / 12) === 0))
      .map((v) => ({ value: position(c, v), words: Landau.data.words(v) }));
    plot.axes(surface, frame, x, y, { xLabel: cx.label, yLabel: cy.label, columns: bands(cx) || null, rows: bands(cy) || null, xWhole: cx.whole, yWhole: cy.whole });
    legend(surface, paint);
  };

  const overlay = (surface) => {
    const { cx, cy, x, y, frame } = view;
    const c = colours.theme();
    const line = (coordinate, value, at, style) => {
      const isX = coordinate === cx;
      const v = coordinate.kind === "axis" ? value : coordinate.kind === "dimension" && at !== null ? position(coordinate, coordinate.values[at[coordinate.index]]) : null;
      if (v === null || v === undefined) return;
      const p = isX ? x(v) : y(v);
      const points = isX ? [[p, frame.top], [p, frame.bottom]] : [[frame.left, p], [frame.right, p]];
      surface.line(points, { stroke: c.paper, width: style.width + 2, opacity: 0.6 });
      surface.line(points, style);
    };
    surface.clipped(frame.left, frame.top, frame.width, frame.height, () => {
      for (const k of [cx, cy]) {
        if (hover.x !== null) line(k, hover.x, hover.at || null, { stroke: c.ink, width: 1, dash: [2, 3] });
        line(k, values.x, values.at, { stroke: c.accent, width: 2 });
      }
      if (self.box) surface.rect(...self.box, { fill: c.accent, opacity: 0.2, stroke: c.accent });
    });
  };

  // What lies at a place of the picture.
  const locate = (px, py) => {
    const { cx, cy, x, y, frame } = view;
    if (px < frame.left || px > frame.right || py < frame.top || py > frame.bottom) return null;
    const at = values.at.slice();
    let value = values.x;
    let replica = null;
    for (const [c, v] of [[cx, x.invert(px)], [cy, y.invert(py)]]) {
      if (c.kind === "axis") value = v;
      else if (c.kind === "replica") replica = Math.round(v);
      else if (c.banded) at[c.index] = Math.max(0, Math.min(c.values.length - 1, Math.round(v)));
      else at[c.index] = d3.scan(c.values, (a, b) => Math.abs(Math.log(a / v) || a - v) - Math.abs(Math.log(b / v) || b - v));
    }
    const curve = sweep.curveAt(at);
    const place = curve >= 0 ? sweep.nearestPlace(curve, value) : -1;
    const points = place >= 0 && sweep.points ? sweep.pointsAt(curve, sweep.places.x[place]) : [];
    const failed = points.find((i) => !sweep.points.counts[i]);
    const wanted = replica === null ? undefined : points.find((i) => sweep.points.replica[i] === replica);
    return { x: value, at: curve >= 0 ? at : null, place, point: wanted !== undefined ? wanted : failed !== undefined ? failed : points.length ? points[0] : null };
  };
  const say = () => {
    const at = hover.x !== null && hover.at ? hover.at : values.at;
    const curve = sweep.curveAt(at);
    const i = curve >= 0 ? sweep.nearestPlace(curve, hover.x === null ? values.x : hover.x) : -1;
    if (i < 0) return "";
    const paint = colours.ofPlaces(sweep, values.c);
    const what = colours.choices(sweep).find((k) => k[0] === values.c);
    return (sweep.curves[curve].label ? sweep.curves[curve].label + ", " : "") + sweep.axis.symbol + " = " + format(sweep.placeValue(i)) + ": " + (what ? what[1] : values.c) + " " + paint.value(i)
      + (sweep.places.failures[i] ? "; " + sweep.places.failures[i] + " not done" : "");
  };

  const box = (x0, y0, x1, y1) => {
    const { cx, cy, x, y } = view;
    const result = { axis: null, rows: [] };
    const free = new Set();
    for (const [c, a, b] of [[cx, x.invert(x0), x.invert(x1)], [cy, y.invert(y0), y.invert(y1)]]) {
      const [low, high] = a < b ? [a, b] : [b, a];
      if (c.kind === "axis") result.axis = [low, high];
      if (c.kind !== "dimension") continue;
      free.add(c.index);
      const inside = c.values.filter((v) => position(c, v) >= low && position(c, v) <= high);
      result.rows.push([sweep.dimensions[c.index], inside.length ? inside : [c.values[values.at[c.index]]]]);
    }
    sweep.dimensions.forEach((d, index) => { if (!free.has(index)) result.rows.push([d, [d.values[values.at[index]]]]); });
    return result;
  };
  const zoom = (factor, px, py) => {
    const { cx, cy, x, y } = view;
    const patch = {};
    for (const [c, s, p] of [[cx, x, px], [cy, y, py]]) {
      const whole = span(c);
      let [low, high] = plot.zoomed(s, factor, p);
      if (low > high) [low, high] = [high, low];
      const next = low <= whole[0] && high >= whole[1] ? null : [Math.max(low, whole[0]), Math.min(high, whole[1])];
      if (c.kind === "axis") patch.zx = next;
      else if (!c.banded) patch.zy = next;
    }
    set(patch);
  };

  const csv = () => {
    const head = [...sweep.dimensions.map((d) => d.name), sweep.axis.name, "replicas", "failures", ...sweep.places.names.flatMap((n) => [n, n + "_error"])];
    const rows = plane().flatMap((k) => d3.range(sweep.curves[k].places[0], sweep.curves[k].places[0] + sweep.curves[k].places[1]).map((i) => [
      ...sweep.dimensions.map((d, n) => d.values[sweep.curves[k].at[n]]), sweep.placeValue(i), sweep.places.count[i], sweep.places.failures[i],
      ...sweep.places.names.flatMap((n) => [sweep.places.mean(n)[i], sweep.places.error(n)[i]])]));
    return [head, ...rows];
  };

  const axisChoices = names.map((name) => [name, coordinate(name).label]);
  const [cx0, cy0] = chosen();
  const tools = [
    sweep.dimensions.length > 1 ? Landau.select("across", axisChoices, cx0.name, (name) => set({ mx: name, zx: null, zy: null })) : null,
    sweep.dimensions.length > 1 || sweep.points ? Landau.select("up", [...axisChoices, ...(sweep.points ? [["replica", "replica"]] : [])], cy0.name, (name) => set({ my: name, zx: null, zy: null })) : null,
    Landau.select("colour", colours.choices(sweep), values.c, (name) => set({ c: name })),
  ];
  const self = plot.panel({
    id: "map", title: "Map", height: (width) => (width < 500 ? 340 : 400), draw, overlay, csv, tools,
    key: () => { const [a, b] = chosen(); return [a.name, b.name, values.c, values.zx, values.zy, a.kind === "axis" || b.kind === "axis" ? "" : values.x,
      values.at.filter((_, d) => ![a, b].some((c) => c.index === d))].join("|"); },
  });
  return Object.assign(self, { locate, boxed: box, zoom, say, reset: () => set({ zx: null, zy: null }) });
};
