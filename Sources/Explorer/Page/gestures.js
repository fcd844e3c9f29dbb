"use strict";
// Hands and keys on a panel: hover, drag, click, box, wheel, pinch, arrows.
Landau.gestures = (() => {
  const { values, hover, set, point } = Landau.state;
  let boxing = false;
  const setBoxing = (on) => {
    boxing = on;
    for (const stage of document.querySelectorAll(".stage")) stage.classList.toggle("boxing", on);
    const button = document.getElementById("box-mode");
    if (button) button.setAttribute("aria-pressed", String(on));
  };

  const step = (sweep, by) => {
    const curve = sweep.curveAt(values.at);
    if (curve < 0) return;
    const [first, count] = sweep.curves[curve].places;
    const xs = [...new Set(d3.range(first, first + count).map(sweep.placeValue))];
    const at = xs.indexOf(sweep.placeValue(sweep.nearestPlace(curve, values.x)));
    set({ x: xs[Math.max(0, Math.min(xs.length - 1, at + by))] });
  };
  const row = (sweep, by) => {
    if (!sweep.dimensions.length) return;
    const at = values.at.slice();
    // The dimension that the map shows, else the first.
    const named = sweep.dimensions.findIndex((d) => d.name === values.my);
    const widest = d3.scan(sweep.dimensions, (a, b) => (b.numeric - a.numeric) || b.values.length - a.values.length);
    const index = named >= 0 ? named : widest;
    at[index] = Math.max(0, Math.min(sweep.dimensions[index].values.length - 1, at[index] + by));
    set({ at });
  };

  const attach = (panel, sweep, onBox) => {
    const { stage } = panel;
    const pointers = new Map();
    let drag = null;
    const place = (event) => { const r = stage.getBoundingClientRect(); return [event.clientX - r.left, event.clientY - r.top]; };
    const look = (px, py) => {
      if (!panel.locate) return;
      const hit = panel.locate(px, py);
      point(hit ? { x: hit.x, at: hit.at, panel: panel.id } : { x: null, at: null, panel: null });
    };
    const moveTo = (px, py) => {
      if (panel.move) { panel.move(px, py); return; }
      const hit = panel.locate && panel.locate(px, py);
      if (hit) set({ x: hit.x, at: hit.at || values.at });
    };
    const finger = () => { const [a, b] = [...pointers.values()]; return { distance: Math.hypot(a[0] - b[0], a[1] - b[1]), middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] }; };

    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const [px, py] = place(event);
      pointers.set(event.pointerId, [px, py]);
      stage.focus({ preventScroll: true });
      try { stage.setPointerCapture(event.pointerId); } catch (_) { /* a pointer that has gone already */ }
      if (pointers.size === 2 && panel.zoom) { drag = { kind: "pinch", ...finger() }; panel.box = null; return; }
      const isBox = panel.boxed && (event.shiftKey || boxing);
      drag = { kind: isBox ? "box" : "cursor", from: [px, py], moved: false };
    });
    stage.addEventListener("pointermove", (event) => {
      const [px, py] = place(event);
      if (pointers.has(event.pointerId)) pointers.set(event.pointerId, [px, py]);
      if (!drag) { look(px, py); return; }
      if (drag.kind === "pinch") {
        if (pointers.size < 2) return;
        const next = finger();
        if (next.distance > 8) panel.zoom(drag.distance / next.distance, ...next.middle);
        Object.assign(drag, next);
        return;
      }
      if (Math.hypot(px - drag.from[0], py - drag.from[1]) > 4) drag.moved = true;
      if (!drag.moved) return;
      if (drag.kind === "box") {
        const [a, b] = [drag.from, [px, py]];
        panel.box = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])];
        Landau.state.announce();
      } else { look(px, py); moveTo(px, py); }
    });
    const end = (event) => {
      const [px, py] = place(event);
      pointers.delete(event.pointerId);
      const was = drag;
      if (pointers.size === 0) drag = null;
      if (!was || event.type === "pointercancel") { panel.box = null; return; }
      if (was.kind === "box" && was.moved) {
        onBox(panel.boxed(was.from[0], was.from[1], px, py));
        setBoxing(false);
      } else if (was.kind === "cursor" && !was.moved) {
        const hit = panel.locate && panel.locate(px, py);
        if (hit) set({ x: hit.x, at: hit.at || values.at, p: hit.point === undefined ? values.p : hit.point });
        else if (panel.move) panel.move(px, py);
      }
    };
    stage.addEventListener("pointerup", end);
    stage.addEventListener("pointercancel", end);
    stage.addEventListener("pointerleave", () => { if (!drag) point({ x: null, at: null, panel: null }); });
    stage.addEventListener("wheel", (event) => {
      if (!panel.zoom) return;
      event.preventDefault();
      panel.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.004), ...place(event));
    }, { passive: false });
    stage.addEventListener("dblclick", () => { if (panel.reset) panel.reset(); });
    stage.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const by = event.shiftKey ? 10 : 1;
      const middle = () => [panel.size[0] / 2, panel.size[1] / 2];
      const keys = {
        ArrowLeft: () => (sweep ? step(sweep, -by) : null), ArrowRight: () => (sweep ? step(sweep, by) : null),
        ArrowUp: () => (sweep ? row(sweep, 1) : null), ArrowDown: () => (sweep ? row(sweep, -1) : null),
        "+": () => panel.zoom && panel.zoom(0.8, ...middle()), "-": () => panel.zoom && panel.zoom(1.25, ...middle()), 0: () => panel.reset && panel.reset(),
        s: () => Landau.save.picture(panel), c: () => Landau.save.table(panel),
        // Without a mouse: the box is what the panel shows.
        b: () => panel.boxed && onBox(panel.boxed(64, panel.size[1] - 71, panel.size[0] - 15, 25)),
        Enter: () => { if (!sweep || !sweep.points) return; const k = sweep.curveAt(values.at); const i = k < 0 ? -1 : sweep.nearestPlace(k, values.x); if (i >= 0) set({ p: sweep.pointsAt(k, sweep.places.x[i])[0] }); },
        Escape: () => { setBoxing(false); panel.box = null; set({ p: null }); },
      };
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (!keys[key]) return;
      event.preventDefault();
      keys[key]();
    });
  };
  return { attach, setBoxing, isBoxing: () => boxing };
})();
