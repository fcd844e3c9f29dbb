"use strict";
// Sweeps as the panels use them: packed columns become typed arrays when they are first asked for.
Landau.data = (() => {
  const { column } = Landau.numbers;
  const directions = ["cold", "up", "down", "branch"];
  const outcomes = ["converged", "completed", "stalled", "diverged", "capped", "dead", "failed"];

  const lazily = (make) => { let value; let made = false; return () => { if (!made) { value = make(); made = true; } return value; }; };
  const columns = (record) => {
    const found = new Map();
    return (name) => {
      if (!found.has(name)) found.set(name, record[name] ? column(record[name]) : null);
      return found.get(name);
    };
  };

  const label = (words) => {
    if (!words.symbol || words.symbol === words.name) return words.name;
    const clause = words.meaning.split(/[,;:(.]/)[0].trim();
    const what = clause && clause.length <= 26 ? clause : words.name;
    return words.symbol === what || words.symbol === "" ? what : what + " " + words.symbol;
  };

  const sweep = (json) => {
    const self = { ...json };
    self.axis.label = label(json.axis);
    for (const dimension of self.dimensions) dimension.label = label(dimension);
    for (const observable of self.observables) observable.label = observable.regimes ? observable.name : label(observable);
    self.observable = (name) => self.observables.find((o) => o.name === name) || { name, label: name, symbol: name, meaning: name, regimes: null };

    const p = json.places;
    const means = columns(Object.fromEntries(Object.entries(p.observables).map(([k, v]) => [k, v.mean])));
    const errors = columns(Object.fromEntries(Object.entries(p.observables).map(([k, v]) => [k, v.error])));
    self.places = {
      names: Object.keys(p.observables), x: column(p.x), count: column(p.count), phase: column(p.phase), failures: column(p.failures),
      worst: column(p.worst), seconds: column(p.seconds), difference: column(p.difference), differenceInErrors: column(p.differenceInErrors),
      mean: means, error: errors,
    };
    const q = json.points;
    self.points = q && {
      names: Object.keys(q.observables), x: column(q.x), replica: column(q.replica), direction: column(q.direction), outcome: column(q.outcome),
      counts: column(q.counts), reason: column(q.reason), reasons: q.reasons, value: columns(q.observables),
    };

    // Curves by the numbers of their values in the dimensions.
    const byPlace = new Map(self.curves.map((curve, index) => [curve.at.join(), index]));
    self.curveAt = (at) => (byPlace.has(at.join()) ? byPlace.get(at.join()) : -1);
    self.curveOfPoint = (point) => self.curves.findIndex((c) => point >= c.points[0] && point < c.points[0] + c.points[1]);
    self.curves.forEach((curve) => { curve.label = self.dimensions.map((d, i) => d.symbol + " = " + Landau.data.words(d.values[curve.at[i]])).join(", "); });

    // The place of a curve that is nearest to a value of the axis; the larger group where replicas are in two phases.
    self.nearestPlace = (curve, value) => {
      const [first, count] = self.curves[curve].places;
      const log = self.axis.log && value > 0;
      let best = -1;
      let least = Infinity;
      for (let i = first; i < first + count; i += 1) {
        const x = self.axis.values[self.places.x[i]];
        const distance = log ? Math.abs(Math.log(x / value)) : Math.abs(x - value);
        if (distance < least || (distance === least && self.places.count[i] > self.places.count[best])) { least = distance; best = i; }
      }
      return best;
    };
    self.placeValue = (i) => self.axis.values[self.places.x[i]];
    self.pointValue = (i) => self.axis.values[self.points.x[i]];
    // Indices of a curve's points at one value of the axis.
    self.pointsAt = (curve, xIndex) => {
      const found = [];
      if (!self.points) return found;
      const [first, count] = self.curves[curve].points;
      for (let i = first; i < first + count; i += 1) if (self.points.x[i] === xIndex) found.push(i);
      return found;
    };
    self.run = (curve, xIndex, replica, direction) => self.runs.find((r) => r.curve === curve && r.x === xIndex && r.replica === replica && r.direction === direction);
    // The ridge path of a curve of linear nets; null for others.
    const paths = new Map();
    self.ridge = (curve) => {
      const { theory, depth } = self.curves[curve];
      if (!theory.modes || depth === null) return null;
      if (!paths.has(curve)) paths.set(curve, Landau.ridge.path({ depth, alphas: theory.modes.map((m) => m[0]), weights: theory.modes.map((m) => m[1]), target: theory.modes[0][2] }));
      return paths.get(curve);
    };
    return self;
  };

  const words = (value) => (typeof value === "number" ? Landau.numbers.format(value, 6) : String(value));

  return { directions, outcomes, sweep, column, columns, lazily, words };
})();
