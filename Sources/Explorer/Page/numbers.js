"use strict";
Landau.numbers = (() => {
  // The packed columns of the page, decoded once each.
  const types = { f32: Float32Array, f64: Float64Array, u8: Uint8Array, u16: Uint16Array, u32: Uint32Array };
  let blobs = [];
  const decoded = new Map();

  const use = (list) => { blobs = list; decoded.clear(); };

  const column = (packed) => {
    if (packed === null || packed === undefined) return null;
    if (packed.t === "constant") return new Float64Array(packed.n).fill(packed.v === null ? NaN : packed.v);
    if (packed.t === "grid") return Uint32Array.from({ length: packed.n }, (_, i) => Math.floor(i / packed.run) % packed.period);
    const key = packed.t + packed.b;
    if (!decoded.has(key)) {
      const text = atob(blobs[packed.b]);
      const bytes = new Uint8Array(text.length);
      for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
      decoded.set(key, new types[packed.t](bytes.buffer));
    }
    return decoded.get(key);
  };

  // As people read numbers: `0.3801`, `1.2e-7`, a true minus.
  const format = (x, digits = 5) => {
    if (x === null || x === undefined || Number.isNaN(x)) return "–";
    if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
    if (x === 0) return "0";
    const size = Math.abs(x);
    const text = size >= 1e6 || size < 1e-4 ? x.toExponential(Math.min(digits - 1, 3)) : x.toPrecision(digits);
    const plain = text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text.replace(/\.?0+e/, "e");
    return plain.replace("-", "−").replace("e−", "e-").replace("e+", "e");
  };

  // `0.38007 ± 0.0024`
  const measured = (value, low, high) => {
    if (value === null || value === undefined) return "–";
    if (low === null || low === undefined || high === null || high === undefined) return format(value, 7);
    const half = (high - low) / 2;
    const digits = half > 0 && value !== 0 ? Math.max(3, Math.min(9, Math.ceil(Math.log10(Math.abs(value) / half)) + 2)) : 7;
    return format(value, digits) + " ± " + format(half, 2);
  };

  // As commands take numbers: no more digits than a pointer can mean, an ASCII minus.
  const plain = (x, digits = 4) => String(Number(x.toPrecision(digits)));

  return { use, column, format, measured, plain };
})();
