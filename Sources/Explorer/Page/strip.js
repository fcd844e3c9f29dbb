"use strict";
// The verdicts: one line for each curve, the chosen one with its sentences and evidence.
Landau.strip = (sweep) => {
  const element = Landau.element;
  const { format, measured } = Landau.numbers;
  const { values, set } = Landau.state;
  const symbol = sweep.axis.symbol;
  const limit = 12;
  const body = element("tbody");
  const details = element("div", { class: "sentences", role: "status" });

  const exact = ({ theory }) => (!theory ? "–" : theory.location !== null ? format(theory.location, 7) + (theory.claim === "exact" ? "" : " (" + theory.claim + ")")
    : theory.low !== null || theory.high !== null ? [theory.low, theory.high].map((x) => (x === null ? "?" : format(x, 5))).join(" … ") + " (bound)" : theory.order);
  const optional = (x, digits) => (x === null || x === undefined ? "–" : format(x, digits));
  // A column that no transition fills is not shown.
  const all = sweep.curves.flatMap((c) => c.verdict.transitions);
  const columns = [
    { head: "curve" }, { head: "order" },
    { head: symbol + "* ± (95 %)", text: (t) => (t.location === null ? "–" : measured(t.location, t.interval ? t.interval[0] : null, t.interval ? t.interval[1] : null)) },
    { head: "exact " + symbol + "*", text: exact },
    { head: "ours − exact", text: (t) => (t.deviation > 0 ? "+" : "") + optional(t.deviation, 2) },
    { head: "jump of F′", text: (t) => optional(t.jump, 4) }, { head: "spinodal", text: (t) => optional(t.spinodal, 5) },
  ].filter((c) => !c.text || all.some((t) => c.text(t) !== "–"));
  const row = (curve, index, transition, k) =>
    element("tr", { "data-curve": index, onclick: () => set({ at: curve.at.slice(), x: transition.location === null ? values.x : transition.location }) },
      element("th", { scope: "row" }, k === 0 ? element("button", { type: "button", class: "plain", text: curve.label || "the sweep" }) : ""),
      element("td", {}, element("span", { class: "order order-" + transition.order, text: transition.order })),
      columns.slice(2).map((c) => element("td", { text: c.text(transition) })));

  const render = () => {
    const chosen = sweep.curveAt(values.at);
    // Of many curves those beside the chosen one.
    const first = sweep.curves.length <= limit ? 0 : Math.max(0, Math.min(chosen - 2, sweep.curves.length - 5));
    const shown = sweep.curves.length <= limit ? sweep.curves : sweep.curves.slice(first, first + 5);
    body.replaceChildren(...shown.flatMap((curve, i) => curve.verdict.transitions.map((t, k) => row(curve, first + i, t, k))));
    for (const line of body.children) line.classList.toggle("chosen", Number(line.dataset.curve) === chosen);
    const line = body.querySelector(".chosen");
    if (line && line.offsetTop) body.closest(".table").scrollTop = line.offsetTop - 60;
    const curve = sweep.curves[chosen];
    if (!curve) { details.replaceChildren(); return; }
    const parts = [];
    curve.verdict.transitions.forEach((t) => {
      if (t.sentence) parts.push(element("p", { text: t.sentence }));
      if (t.theory && t.theory.claim !== "exact" && t.theory.sentence) parts.push(element("p", { class: "note", text: "theory, " + t.theory.claim + ": " + t.theory.sentence }));
    });
    const left = Object.entries(curve.verdict.leftOut);
    if (left.length) {
      parts.push(element("p", { class: "bad", text: "left out of the verdict: " + left.map(([name, n]) => n + " " + name).join(", ")
        + (curve.verdict.leftOutReason ? " (" + curve.verdict.leftOutReason + ")" : "") }));
      for (const [name] of left) if (!["converged", "completed"].includes(name)) parts.push(Landau.command.show(() => Landau.command.retry(sweep, name), "goes on with them:"));
    }
    const evidence = curve.verdict.transitions.filter((t) => t.evidence && Object.keys(t.evidence).length);
    if (evidence.length) {
      const rows = evidence.flatMap((t) => Object.entries(t.evidence).map(([name, fact]) =>
        element("tr", {}, element("th", { text: name }), element("td", { text: typeof fact === "number" ? format(fact, 7) : typeof fact === "string" ? fact : JSON.stringify(fact) }))));
      const open = details.querySelector("details");
      parts.push(element("details", { open: open ? open.open : false }, element("summary", { text: "evidence" }), element("table", {}, element("tbody", {}, rows))));
    }
    details.replaceChildren(...parts);
  };

  const counts = d3.nest().key((t) => t.order).rollup((l) => l.length).entries(sweep.curves.flatMap((c) => c.verdict.transitions));
  const overview = sweep.curves.length <= limit ? null : element("p", { text: sweep.curves.length + " curves: " + counts.map((c) => c.value + " × " + c.key).join(", ") + "; the lines beside the chosen one:" });
  const table = element("table", { class: "verdicts" }, element("thead", {}, element("tr", {}, columns.map((c) => element("th", { scope: "col", text: c.head })))), body);
  const isShort = sweep.axis.values.length < 2;
  const section = element("section", { class: "panel wide", id: "strip" }, element("h2", { text: "Verdicts" }), overview,
    isShort ? element("p", { text: "nothing to judge: " + sweep.axis.name + " has one value" }) : element("div", { class: "verdict" }, element("div", { class: "table", tabindex: 0 }, table), details));
  let last = null;
  return { id: "strip", section, render: () => { const key = values.at.join(); if (key !== last) render(); last = key; } };
};
