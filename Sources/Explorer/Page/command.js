"use strict";
// Commands for a shell. Words that are not plain stand in single quotes, and nothing is quoted that no shell can hold.
Landau.command = (() => {
  const { plain } = Landau.numbers;
  const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

  const quoted = (word) => {
    if (unsafe.test(word)) throw new Error("a name in this sweep has control characters: write the command yourself");
    return /^[A-Za-z0-9_%+:,./-][A-Za-z0-9_%+=:,./-]*$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'";
  };
  const join = (words) => words.map(quoted).join(" ");

  // A value of a control as an override writes it.
  const value = (name, x) => {
    const text = String(x);
    let depth = 0;
    for (const c of text) {
      if ("([".includes(c)) depth += 1;
      if (")]".includes(c)) depth -= 1;
      if (c === "," && depth === 0) throw new Error("`" + name + "` has a comma in its value: set it in the sweep file");
    }
    return text;
  };

  const start = (sweep, set = []) => {
    const names = set.map((s) => s[0]);
    const path = sweep.path.startsWith("-") ? "./" + sweep.path : sweep.path;
    const kept = sweep.overrides.filter((o) => !names.includes(o.split("=")[0]));
    return ["landau", "run", path, ...kept, ...set.map(([name, text]) => name + "=" + text)];
  };

  // Controls that stand with others in the sweep file cannot be set alone.
  const free = (control) => {
    if (control.bound) throw new Error("`" + control.name + "` follows from other controls in the sweep file: change it there");
    return control.name;
  };

  const range = (axis, low, high, points) => {
    if (axis.whole) {
      const [a, b] = [Math.ceil(low), Math.floor(high)];
      if (a > b) throw new Error("no whole number lies in the box");
      return a === b ? String(a) : "range(" + a + "," + b + "," + Math.max(1, Math.ceil((b - a) / Math.max(points - 1, 1))) + ")";
    }
    const digits = Math.min(12, Math.max(4, Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high)) / (high - low))) + 3));
    return (axis.log && low > 0 ? "log(" : "linear(") + plain(low, digits) + "," + plain(high, digits) + "," + points + ")";
  };

  const elsewhere = (sweep, suffix) => (sweep.folder || "results/" + sweep.name) + "-" + suffix;

  // Trains within a box: `axis` [low, high] or null; `rows` [dimension, values]… .
  const box = (sweep, { axis, rows, points, replicas }) => {
    const set = rows.map(([dimension, values]) => [free(dimension), values.map((v) => value(dimension.name, v)).join(",")]);
    if (axis) set.push([free(sweep.axis), range(sweep.axis, axis[0], axis[1], points)]);
    set.push(["replicas", String(replicas)]);
    return join([...start(sweep, set), "--out", elsewhere(sweep, "finer")]);
  };

  // Trains one point.
  const point = (sweep, curve, x, replica) => {
    const set = sweep.dimensions.map((d, i) => [free(d), value(d.name, d.values[sweep.curves[curve].at[i]])]);
    set.push([free(sweep.axis), String(x)], ["replicas", String(replica + 1)]);
    return join([...start(sweep, set), "--out", elsewhere(sweep, "one")]);
  };

  const retry = (sweep, outcome) => join([...start(sweep), "--retry", outcome, ...(sweep.folder ? ["--out", sweep.folder] : [])]);

  // An element with the command, or with the reason why there is none, and a button that copies it.
  const show = (make, lead) => {
    const element = Landau.element;
    try {
      const text = make();
      return element("div", { class: "command" }, element("p", { text: lead }), element("pre", {}, element("code", { text })),
        element("button", { type: "button", text: "copy", onclick: (event) => {
          const selection = getSelection();
          selection.selectAllChildren(event.target.parentNode.querySelector("code"));
          event.target.textContent = document.execCommand("copy") ? "copied" : "press Ctrl-C";
        } }));
    } catch (error) {
      return element("p", { class: "note", text: error.message });
    }
  };

  return { quoted, box, point, retry, range, show };
})();
