"use strict";
// What lies under the cursor: the wells of the effective loss where exact theory has them, else how replicas spread.
Landau.landscape = (sweep) => {
  const { values } = Landau.state;
  const { plot, colours, numbers } = Landau;
  const { format } = numbers;
  const isWells = sweep.curves.some((_, k) => sweep.ridge(k));
  let words = "";

  const draw = (surface, width, height) => {
    const chosen = sweep.curveAt(values.at);
    const path = chosen >= 0 ? sweep.ridge(chosen) : null;
    if (path && values.x > 0) words = Landau.wells(surface, width, height, path, values.x, sweep.axis.symbol, trained(chosen)) + (sweep.replicas > 1 ? " (on the data of the first replica)" : "")
      + (trained(chosen).length ? "; ticks: its trained nets" : "");
    else histogram(surface, width, height, chosen);
  };
  // Trained nets of the first replica at the cursor, as places in the landscape.
  const trained = (chosen) => {
    const points = sweep.points;
    if (!points || !points.value("layerSquaredNorm") || !points.value("loss") || !points.value("zeroNetLoss")) return [];
    const place = sweep.nearestPlace(chosen, values.x);
    if (place < 0) return [];
    return sweep.pointsAt(chosen, sweep.places.x[place]).filter((i) => points.replica[i] === 0 && points.counts[i])
      .map((i) => ({ x: Math.sqrt(points.value("layerSquaredNorm")[i]), direction: points.direction[i] }));
  };

  const histogram = (surface, width, height, chosen) => {
    const frame = plot.frame(width, height, { left: 46 });
    const c = colours.theme();
    const name = values.y;
    const observable = sweep.observable(name);
    const list = sweep.points && sweep.points.value(name);
    const place = chosen >= 0 ? sweep.nearestPlace(chosen, values.x) : -1;
    const shown = place < 0 || !list ? [] : sweep.pointsAt(chosen, sweep.places.x[place]).filter((i) => sweep.points.counts[i] && Number.isFinite(list[i]));
    words = !sweep.points ? "The page holds means for each place: no single replicas." : shown.length + (shown.length === 1 ? " run" : " runs")
      + (place >= 0 ? " at " + sweep.axis.symbol + " = " + format(sweep.placeValue(place)) : "");
    if (shown.length < 2 && sweep.points && sweep.replicas < 2) {
      surface.text(shown.length ? observable.symbol + " = " + (observable.regimes ? observable.regimes[list[shown[0]]] : format(list[shown[0]])) : "nothing was measured here", frame.left, frame.top + 24, { fill: c.ink, size: 18 });
      surface.text("one run at each place: no spread to show", frame.left, frame.top + 50, { fill: c.quiet });
      return;
    }
    if (!shown.length) { surface.text(words, frame.left, frame.top + 20, { fill: c.quiet }); return; }
    // One range for the whole row, so that replicas are seen to move when the cursor does.
    const [first, count] = sweep.curves[chosen].points;
    const all = d3.range(first, first + count).filter((i) => sweep.points.counts[i]).map((i) => list[i]);
    const regimes = observable.regimes;
    const domain = regimes ? [d3.min(Object.keys(regimes), Number) - 0.5, d3.max(Object.keys(regimes), Number) + 0.5] : plot.extent(all);
    const x = plot.scale(domain, [frame.left, frame.right], false);
    const bins = regimes ? domain[1] - domain[0] : Math.min(40, Math.max(12, Math.round(Math.sqrt(shown.length) * 2)));
    const width1 = (domain[1] - domain[0]) / bins;
    const counts = new Map();
    for (const i of shown) {
      const key = Math.min(bins - 1, Math.max(0, Math.floor((list[i] - domain[0]) / width1))) * 4 + sweep.points.direction[i];
      counts.set(key, (counts.get(key) || 0) + 1);
    }
    const y = plot.scale([0, Math.max(1, d3.max([...counts.values()]))], [frame.bottom, frame.top], false);
    for (const [key, n] of counts) {
      const a = x(domain[0] + Math.floor(key / 4) * width1);
      surface.rect(a + 1, y(n), Math.max(2, x(domain[0] + (Math.floor(key / 4) + 1) * width1) - a - 2), frame.bottom - y(n), { fill: colours.category(key % 4), opacity: 0.7 });
    }
    const columns = regimes && Object.entries(regimes).map(([value, text]) => ({ value: Number(value), words: text }));
    plot.axes(surface, frame, x, y, { xLabel: observable.label, yLabel: "runs", yWhole: true, columns });
  };

  const csv = () => {
    const path = sweep.ridge(sweep.curveAt(values.at));
    if (path) return [["layerNorm", "effectiveLoss"], ...Landau.wellPoints(path, values.x)];
    const list = sweep.points && sweep.points.value(values.y);
    const place = sweep.nearestPlace(sweep.curveAt(values.at), values.x);
    return [["replica", values.y], ...(list && place >= 0 ? sweep.pointsAt(sweep.curveAt(values.at), sweep.places.x[place]).map((i) => [sweep.points.replica[i], list[i]]) : [])];
  };
  const self = plot.panel({ id: "landscape", title: isWells ? "Wells at the cursor" : "Replicas at the cursor", height: 300, draw, csv, key: () => [values.x, values.at, values.y].join("|") });
  return Object.assign(self, { say: () => words });
};

Landau.wellPoints = (path, decay) => {
  const widest = Math.max(1e-9, ...path.stationary(path.transition ? 0.6 * path.transition.decay : decay).map((p) => Math.sqrt(p.t)));
  return d3.range(241).map((i) => { const B = 1.3 * widest * i / 240; return [B, path.effectiveLoss(B, decay)]; });
};

// Draws the effective loss above the zero net's over the layers' norm, and says which phase is lower.
Landau.wells = (surface, width, height, path, decay, symbol, trained = []) => {
  const { plot, colours, numbers } = Landau;
  const { format } = numbers;
  const c = colours.theme();
  const frame = plot.frame(width, height, { left: 64 });
  const points = Landau.wellPoints(path, decay);
  const stationary = path.stationary(decay);
  const lowest = path.minimum(decay);
  const at = (p) => path.effectiveLoss(Math.sqrt(p.t), decay);
  // One scale while the wells cross; it grows where a well is deeper.
  const reference = path.transition ? path.minimum(0.85 * path.transition.decay) : lowest;
  const depth = Math.max(1e-12, reference ? -path.effectiveLoss(Math.sqrt(reference.t), path.transition ? 0.85 * path.transition.decay : decay) : 0.1, lowest ? -at(lowest) : 0);
  const barrier = path.transition ? d3.max(path.stationary(path.transition.decay).filter((p) => !p.stable), (p) => path.effectiveLoss(Math.sqrt(p.t), path.transition.decay)) || 0 : 0;
  const x = plot.scale([0, points[points.length - 1][0]], [frame.left, frame.right], false);
  const y = plot.scale([-1.15 * depth, Math.max(0.8 * depth, 1.5 * barrier)], [frame.bottom, frame.top], false);
  surface.clipped(frame.left, frame.top, frame.width, frame.height, () => {
    surface.line([[frame.left, y(0)], [frame.right, y(0)]], { stroke: c.line });
    if (path.transition) surface.line(Landau.wellPoints(path, path.transition.decay).map(([a, b]) => [x(a), y(b)]), { stroke: c.quiet, width: 1, dash: [4, 3] });
    surface.line(points.map(([a, b]) => [x(a), y(b)]), { stroke: colours.category(0), width: 2.5 });
    const zero = { fill: path.zeroIsStable(decay) ? colours.category(0) : c.paper, stroke: colours.category(0) };
    if (path.depth > 0) surface.dot(x(0) + 6, y(0), 5, zero);
    for (const p of stationary) surface.dot(x(Math.sqrt(p.t)), y(at(p)), 5, { fill: p.stable ? colours.category(0) : c.paper, stroke: colours.category(0) });
    for (const t of trained) {
      const [px, py] = [Math.max(x(t.x), x(0) + 6), y(path.effectiveLoss(t.x, decay))];
      surface.line([[px, py - 7 - 5 * t.direction], [px, py - 15 - 5 * t.direction]], { stroke: colours.category(t.direction), width: 3 });
    }
  });
  plot.axes(surface, frame, x, y, { xLabel: "norm B of each layer", yLabel: "effective loss above the zero net" });
  const where = symbol + " = " + format(decay) + ": ";
  if (path.depth === 0) return where + "no hidden layer, one well that moves towards 0 and never reaches it";
  const critical = path.transition ? ", " + symbol + "* = " + format(path.transition.decay) : "";
  const metastable = stationary.some((p) => p.stable) && !lowest;
  return where + (lowest ? "the trained well is lower by " + format(-at(lowest), 3) : metastable ? "the zero net is lower; the trained well is metastable" : "only the zero net is left") + critical;
};
