"use strict";
Landau.colours = (() => {
  // Okabe and Ito's colours, which the colour-blind tell apart; lighter ones on a dark page.
  const light = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7a5195", "#555555"];
  const dark = ["#56b4e9", "#ff9248", "#2fd3a5", "#e9a6cb", "#f0c75e", "#9ad0f5", "#b99ad8", "#bbbbbb"];
  let cached = null;
  const api = { version: 0 };

  api.isDark = () => window.matchMedia("(prefers-color-scheme: dark)").matches;
  api.theme = () => {
    if (!cached) {
      const style = getComputedStyle(document.documentElement);
      cached = {};
      for (const name of ["paper", "ink", "quiet", "line", "accent", "bad"]) cached[name] = style.getPropertyValue("--" + name).trim();
    }
    return cached;
  };
  api.category = (k) => (api.isDark() ? dark : light)[k % light.length];
  api.reset = () => { cached = null; api.version += 1; };
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { api.reset(); Landau.state.announce(); });

  const orders = { first: 1, second: 0, zeroth: 3, crossover: 2, boundary: 4, undecided: 7, none: 7 };
  api.order = (order) => api.category(orders[order] === undefined ? 7 : orders[order]);

  // What the map can be coloured by: [key, words].
  api.choices = (sweep) => {
    const list = sweep.places.names.map((name) => [name, sweep.observable(name).label]);
    if (sweep.places.difference) list.push(["difference", "ours − exact"]);
    if (sweep.places.differenceInErrors) list.push(["differenceInErrors", "ours − exact, in errors"]);
    list.push(["outcome", "how training ended"]);
    if (sweep.places.seconds.some((s) => s > 0)) list.push(["seconds", "seconds a point"]);
    return list;
  };

  // A colour for each place, and what the legend says of it; made once for each key.
  api.ofPlaces = (sweep, key) => {
    const paints = sweep.paints || (sweep.paints = new Map());
    const name = key + "/" + api.version;
    if (!paints.has(name)) paints.set(name, make(sweep, key));
    return paints.get(name);
  };
  const make = (sweep, key) => {
    const places = sweep.places;
    const regimes = sweep.observable(key).regimes;
    if (regimes) {
      const names = Object.keys(regimes).map(Number).sort((a, b) => a - b);
      const values = places.mean(key);
      const ofValue = (v) => (names.includes(v) ? api.category(names.indexOf(v)) : null);
      return { of: (i) => ofValue(values[i]), ofValue, value: (i) => regimes[values[i]] || "–",
        legend: names.map((n, k) => ({ words: regimes[n], colour: api.category(k), present: values.includes(n) })).filter((l) => l.present) };
    }
    if (key === "outcome") {
      const { outcomes } = Landau.data;
      const present = [...new Set(Array.from(places.failures).map((f, i) => (f > 0 ? places.worst[i] : -1)))].sort((a, b) => a - b);
      const colour = (k) => (k < 0 ? api.category(0) : api.category([2, 5, 4, 1, 3, 6, 7][k]));
      const word = (k) => (k < 0 ? "all done" : "some " + outcomes[k]);
      return { of: (i) => colour(places.failures[i] > 0 ? places.worst[i] : -1), value: (i) => word(places.failures[i] > 0 ? places.worst[i] : -1),
        legend: present.map((k) => ({ words: word(k), colour: colour(k) })) };
    }
    const special = { difference: places.difference, differenceInErrors: places.differenceInErrors, seconds: places.seconds };
    const values = key in special ? special[key] : places.mean(key);
    const finite = values ? Array.from(values).filter(Number.isFinite) : [];
    const isSigned = key.startsWith("difference");
    const [low, high] = isSigned ? [-1, 1].map((s) => s * Math.max(d3.max(finite, Math.abs) || 0, 1e-300)) : d3.extent(finite.length ? finite : [0, 1]);
    // Dark is little on a light page and light is little on a dark one: what is not trained stands apart from both.
    const ramp = isSigned ? (u) => d3.interpolatePuOr(1 - u) : (u) => d3.interpolateViridis(u);
    const place = high > low ? (x) => (x - low) / (high - low) : () => 0;
    const ofValue = (v) => (Number.isFinite(v) ? ramp(Math.min(1, Math.max(0, place(v)))) : null);
    return { of: (i) => (values ? ofValue(values[i]) : null), ofValue: key in special ? null : ofValue, value: (i) => (values ? Landau.numbers.format(values[i]) : "–"),
      ramp, low, high };
  };
  return api;
})();
