"use strict";
Landau.save = (() => {
  const download = (text, type, name) => {
    const link = Landau.element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const name = (panel, ending) => (document.title.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "landau") + "-" + panel.id + ending;

  const svg = (panel) => {
    const [width, height] = panel.size;
    const surface = Landau.svgSurface(width, height, Landau.colours.theme().paper);
    panel.draw(surface, width, height);
    if (panel.overlay) panel.overlay(surface, width, height);
    return surface.document;
  };
  const csv = (panel) => panel.csv().map((row) => row.map((cell) => {
    const text = typeof cell === "number" && !Number.isFinite(cell) ? "" : String(cell === null || cell === undefined ? "" : cell);
    // A text that a spreadsheet would take for a formula stays a text.
    const inert = typeof cell === "string" && /^[=+\-@]/.test(text) ? "'" + text : text;
    return /[",\n\r]/.test(inert) ? '"' + inert.replace(/"/g, '""') + '"' : inert;
  }).join(",")).join("\n") + "\n";

  return {
    svg, csv,
    picture: (panel) => { if (panel.draw && panel.size[0]) download(svg(panel), "image/svg+xml", name(panel, ".svg")); },
    table: (panel) => { if (panel.csv) download(csv(panel), "text/csv", name(panel, ".csv")); },
  };
})();
