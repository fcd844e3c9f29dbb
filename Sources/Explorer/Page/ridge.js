"use strict";
// Exact theory of deep linear nets: every stationary point lies on the ridge path, over x = ln μ, with decay G = μ tᴰ.
// The command's `predict` knows the same; a test holds the two together.
Landau.ridge = (() => {
  const sum = (list, f) => list.reduce((total, item) => total + f(item), 0);
  const bisect = (f, low, high) => {
    const sign = f(low) < 0;
    for (let i = 0; i < 200 && high - low > 1e-16 * Math.max(1, Math.abs(low)); i += 1) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high) break;
      if ((f(middle) < 0) === sign) low = middle; else high = middle;
    }
    return (low + high) / 2;
  };
  // The place of the least |f| between two places, by golden sections.
  const nearest = (f, low, high) => {
    const ratio = (Math.sqrt(5) - 1) / 2;
    for (let i = 0; i < 80; i += 1) {
      const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
      if (Math.abs(f(a)) < Math.abs(f(b))) high = b; else low = a;
    }
    return (low + high) / 2;
  };
  // All zeros of a function that is smooth on the scale of 1; of two close ones none is missed.
  const zeros = (f, low, high) => {
    const margin = 1e-9 * Math.max(1, Math.abs(low), Math.abs(high));
    const [a, b] = [low - margin, high + margin];
    const count = Math.max(8, Math.ceil((b - a) * 64));
    const xs = d3.range(count + 1).map((i) => a + (b - a) * i / count);
    const ys = xs.map(f);
    const found = [];
    for (let i = 0; i < count; i += 1) {
      if ((ys[i] < 0) !== (ys[i + 1] < 0)) found.push(bisect(f, xs[i], xs[i + 1]));
      else if (i > 0 && (ys[i - 1] < 0) === (ys[i] < 0) && Math.abs(ys[i]) < Math.abs(ys[i - 1]) && Math.abs(ys[i]) <= Math.abs(ys[i + 1])) {
        const x = nearest(f, xs[i - 1], xs[i + 1]);
        if ((f(x) < 0) !== (ys[i] < 0)) found.push(bisect(f, xs[i - 1], x), bisect(f, x, xs[i + 1]));
      }
    }
    return found;
  };

  // alphas: κ a of modes that carry signal; weights: g²; target: E[y²].
  const path = ({ depth, alphas, weights, target }) => {
    const D = depth;
    const modes = alphas.map((a, i) => [a, weights[i]]).filter((m) => m[1] > 0);
    const q = sum(modes, (m) => m[1]);
    const rest = Math.max(0, target - sum(modes, ([a, w]) => w / a));
    // Beyond ln μ = 100 powers of μ overflow: sums in e = α/μ instead.
    const logNorm = (x) => (x <= 100
      ? Math.log(sum(modes, ([a, w]) => w / (a + Math.exp(x)) ** 2))
      : Math.log(sum(modes, ([a, w]) => w / (1 + a * Math.exp(-x)) ** 2)) - 2 * x) / (D + 1);
    const logDecay = (x) => x + D * logNorm(x);
    const stability = (x) => sum(modes, ([a, w]) => w * ((D + 1) * a - (D - 1) * Math.exp(x)) / (a + Math.exp(x)) ** 3);
    const gain = (x) => (x <= 100
      ? sum(modes, ([a, w]) => w * (a - (D - 1) * Math.exp(x)) / (a + Math.exp(x)) ** 2)
      : sum(modes, ([a, w]) => { const i = Math.exp(-x); const e = a * i; return w * i * (e - (D - 1)) / (1 + e) ** 2; }));
    const share = (a, x) => 1 / (1 + a * Math.exp(-x));
    const point = (x) => {
      const t = Math.exp(logNorm(x));
      const decay = Math.exp(logDecay(x));
      const second = sum(modes, ([a, w]) => w * share(a, x) ** 2);
      const r = sum(modes, ([a, w]) => w * share(a, x) ** 3) / second;
      const oneLess = sum(modes, ([a, w]) => w * a * Math.exp(-x) * share(a, x) ** 3) / second;
      return { x, decay, t, loss: rest + sum(modes, ([a, w]) => { const s = share(a, x); return w / a * s * (1 + D * (1 - s)); }),
        slope: (D + 1) * t, curvature: -2 * (t / decay) * r / (D === 1 ? oneLess : 1 - 2 * D * r / (D + 1)),
        dataLoss: rest + sum(modes, ([a, w]) => w / a * share(a, x) ** 2), stable: stability(x) > 0 };
    };
    const [least, most] = d3.extent(modes, (m) => m[0]);
    const foldList = D < 2 || !modes.length ? [] : zeros(stability, Math.log((D + 1) / (D - 1) * least), Math.log((D + 1) / (D - 1) * most));
    const ends = [-Infinity, ...foldList, Infinity];
    const segments = modes.length ? d3.pairs(ends).map(([low, high], i) => ({ low, high, stable: i % 2 === 0 })) : [];

    // ln μ at which a branch has the decay; null where it does not reach it.
    const crossing = (decay, s) => {
      if (D === 1 && decay * decay >= q) return null;
      let f = (x) => logDecay(x) - Math.log(decay);
      if (D === 1 && decay > 0.7 * Math.sqrt(q)) {
        // Near the transition the distance from it is what counts.
        const gap = (q - decay * decay) / q;
        f = (x) => gap - sum(modes, ([a, w]) => { const e = a * Math.exp(-x); return w / q * (e === Infinity ? 1 : e * (2 + e) / (1 + e) ** 2); });
      }
      const centre = Math.log(most);
      let low = Number.isFinite(s.low) ? s.low : Math.min(centre, s.high) - 1;
      let high = Number.isFinite(s.high) ? s.high : Math.max(centre, s.low) + 1;
      for (let step = 1; !Number.isFinite(s.low) && (f(low) < 0) !== s.stable && step < 1e5; step *= 2) low -= step;
      for (let step = 1; !Number.isFinite(s.high) && (f(high) > 0) !== s.stable && step < 1e5; step *= 2) high += step;
      const [a, b] = [f(low), f(high)];
      if (!Number.isFinite(a) || !Number.isFinite(b) || ((a <= 0) === (b <= 0) && a !== 0 && b !== 0)) return null;
      return bisect(f, low, high);
    };
    const stationary = (decay) => segments.map((s) => crossing(decay, s)).filter((x) => x !== null).map(point).sort((a, b) => a.t - b.t);
    // The lowest minimum, null where it is the zero net.
    const minimum = (decay) => {
      const all = stationary(decay).filter((p) => p.stable);
      if (!all.length) return null;
      const lowest = all.reduce((a, b) => (b.loss < a.loss ? b : a));
      return D === 0 || gain(lowest.x) > 0 ? lowest : null;
    };
    // Between the zero net and a trained phase; null where there is none.
    const transition = () => {
      if (!modes.length || D === 0) return null;
      if (D === 1) return { order: "second", decay: Math.sqrt(q), spinodal: Math.sqrt(q), jump: 0 };
      const shift = Math.log(1 / (D - 1));
      const ties = zeros(gain, shift + Math.log(least), shift + Math.log(most)).filter((x) => stability(x) > 0);
      if (!ties.length) return null;
      const x = ties.reduce((a, b) => (logDecay(b) > logDecay(a) ? b : a));
      return { order: "first", decay: Math.exp(logDecay(x)), spinodal: Math.exp(d3.max(foldList, logDecay)), jump: (D + 1) * Math.exp(logNorm(x)) };
    };
    // Loss above the zero net's at its best predictor for the layers' common norm B.
    const effectiveLoss = (B, decay) => {
      const power = (B * B) ** D;
      return D * decay * B * B - sum(modes, ([a, w]) => w * power / (a * power + decay));
    };
    // Branches between two decays, each evenly in ln μ, with the zero net's line.
    const branches = (low, high, count = 160) => segments.map((s) => {
      const inside = [s.low, s.high].filter((x) => Number.isFinite(x) && logDecay(x) >= Math.log(low) && logDecay(x) <= Math.log(high));
      const all = [crossing(low, s), crossing(high, s), ...inside].filter((x) => x !== null).sort((a, b) => a - b);
      if (!all.length) return null;
      const [first, last] = [all[0], all.length === 1 ? all[0] + 20 : all[all.length - 1]];
      return { stable: s.stable, points: d3.range(count + 1).map((i) => point(first + (last - first) * i / count)) };
    }).filter((b) => b);
    return { depth: D, target, q, modes, stationary, minimum, transition: transition(), effectiveLoss, branches, zeroIsStable: (decay) => D >= 2 || !modes.length || (D === 1 && decay * decay >= q) };
  };
  return { path };
})();
