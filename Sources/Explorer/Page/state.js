"use strict";
// One state for all panels. It stands in the address, so that a view can be linked, and outlives a reload.
Landau.state = (() => {
  // s: sweep; x: cursor; at: row, as numbers of values; y: observable of the cut; c: colours of the map; mx, my: its axes;
  // zx: range of the axis; zy: range of the map's other control; p: chosen point; t: sliders of theory.
  const values = { s: 0, x: null, at: [], y: null, c: null, mx: null, my: null, zx: null, zy: null, p: null, t: null };
  const hover = { x: null, other: null, panel: null };
  const listeners = [];
  let scheduled = false;
  let quiet = null;

  const numbers = (text) => {
    const list = text.split(",").map(Number);
    return list.every(Number.isFinite) ? list : null;
  };
  const read = () => {
    const query = new URLSearchParams(location.hash.slice(1));
    const number = (name) => { const n = Number(query.get(name)); return query.has(name) && Number.isFinite(n) ? n : null; };
    values.s = number("s") || 0;
    values.x = number("x");
    values.p = number("p");
    for (const name of ["y", "c", "mx", "my"]) values[name] = query.get(name);
    for (const name of ["zx", "zy", "t"]) values[name] = query.get(name) ? numbers(query.get(name)) : null;
    for (const name of ["zx", "zy"]) if (values[name] && !(values[name].length === 2 && values[name][0] < values[name][1])) values[name] = null;
    values.at = query.get("at") ? numbers(query.get("at")) || [] : [];
  };
  const address = () => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) {
      if (value === null || (Array.isArray(value) && !value.length) || (name === "s" && value === 0)) continue;
      query.set(name, Array.isArray(value) ? value.join(",") : value);
    }
    return "#" + query.toString();
  };
  const announce = () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => { scheduled = false; for (const listener of listeners) listener(); });
  };
  const set = (patch) => {
    Object.assign(values, patch);
    // Browsers limit how often the address may change: it follows when the hand rests.
    clearTimeout(quiet);
    quiet = setTimeout(() => history.replaceState(null, "", address()), 150);
    announce();
  };
  const point = (patch) => { Object.assign(hover, patch); announce(); };
  return { values, hover, read, set, point, announce, address, listen: (listener) => listeners.push(listener) };
})();
