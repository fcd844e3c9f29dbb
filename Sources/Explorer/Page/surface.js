"use strict";
// What panels draw on: a canvas for the screen, SVG for a saved picture. Both understand the same few shapes.
Landau.canvasSurface = (context) => {
  const path = (points, close) => {
    context.beginPath();
    let open = false;
    for (const [x, y] of points) {
      if (!(Number.isFinite(x) && Number.isFinite(y))) { open = false; continue; }
      if (open) context.lineTo(x, y); else context.moveTo(x, y);
      open = true;
    }
    if (close) context.closePath();
  };
  return {
    rect(x, y, width, height, { fill, stroke, opacity = 1, dash = [] }) {
      context.globalAlpha = opacity;
      if (fill) { context.fillStyle = fill; context.fillRect(x, y, width, height); }
      if (stroke) { context.setLineDash(dash); context.lineWidth = 1; context.strokeStyle = stroke; context.strokeRect(x, y, width, height); }
      context.globalAlpha = 1;
    },
    line(points, { stroke, width = 1, dash = [], opacity = 1 }) {
      context.globalAlpha = opacity;
      path(points, false);
      context.setLineDash(dash);
      context.lineWidth = width;
      context.strokeStyle = stroke;
      context.lineJoin = "round";
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
    },
    area(points, { fill, opacity = 1 }) {
      context.globalAlpha = opacity;
      path(points, true);
      context.fillStyle = fill;
      context.fill();
      context.globalAlpha = 1;
    },
    dot(x, y, radius, { fill, stroke, opacity = 1 }) {
      context.globalAlpha = opacity;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      if (fill) { context.fillStyle = fill; context.fill(); }
      if (stroke) { context.setLineDash([]); context.lineWidth = 1.5; context.strokeStyle = stroke; context.stroke(); }
      context.globalAlpha = 1;
    },
    text(words, x, y, { fill, anchor = "start", size = 12, rotate = 0, bold = false, baseline = "alphabetic" }) {
      context.save();
      context.translate(x, y);
      context.rotate(rotate * Math.PI / 180);
      context.fillStyle = fill;
      context.font = (bold ? "600 " : "") + size + "px " + Landau.font;
      context.textAlign = { start: "left", middle: "center", end: "right" }[anchor];
      context.textBaseline = baseline;
      context.fillText(words, 0, 0);
      context.restore();
    },
    clipped(x, y, width, height, draw) {
      context.save();
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
      draw();
      context.restore();
    },
  };
};

Landau.font = "system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif";

Landau.svgSurface = (width, height, background) => {
  const parts = [];
  let clips = 0;
  const escaped = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  const r = (x) => Math.round(x * 100) / 100;
  const path = (points, close) => {
    let text = "";
    let open = false;
    for (const [x, y] of points) {
      if (!(Number.isFinite(x) && Number.isFinite(y))) { open = false; continue; }
      text += (open ? "L" : "M") + r(x) + " " + r(y);
      open = true;
    }
    return text + (close && text ? "Z" : "");
  };
  const paint = ({ fill, stroke, opacity, dash, width: line }) => ' fill="' + escaped(fill || "none") + '"'
    + (stroke ? ' stroke="' + escaped(stroke) + '" stroke-width="' + (line || 1) + '"' : "")
    + (dash && dash.length ? ' stroke-dasharray="' + dash.join(" ") + '"' : "")
    + (opacity !== undefined && opacity !== 1 ? ' opacity="' + opacity + '"' : "");
  return {
    rect(x, y, w, h, style) {
      parts.push('<rect x="' + r(x) + '" y="' + r(y) + '" width="' + r(Math.max(w, 0)) + '" height="' + r(Math.max(h, 0)) + '"' + paint(style) + "/>");
    },
    line(points, style) {
      const d = path(points, false);
      if (d) parts.push('<path d="' + d + '"' + paint({ ...style, fill: undefined }) + "/>");
    },
    area(points, style) {
      const d = path(points, true);
      if (d) parts.push('<path d="' + d + '"' + paint(style) + "/>");
    },
    dot(x, y, radius, style) {
      if (Number.isFinite(x) && Number.isFinite(y)) parts.push('<circle cx="' + r(x) + '" cy="' + r(y) + '" r="' + radius + '"' + paint(style) + "/>");
    },
    text(words, x, y, { fill, anchor = "start", size = 12, rotate = 0, bold = false, baseline = "alphabetic" }) {
      const shift = baseline === "middle" ? 0.35 * size : baseline === "top" ? 0.8 * size : 0;
      parts.push('<text transform="translate(' + r(x) + " " + r(y) + ") rotate(" + rotate + ')" y="' + r(shift) + '" font-size="' + size + '" text-anchor="'
        + anchor + '"' + (bold ? ' font-weight="600"' : "") + ' fill="' + escaped(fill) + '">' + escaped(words) + "</text>");
    },
    clipped(x, y, w, h, draw) {
      clips += 1;
      parts.push('<clipPath id="c' + clips + '"><rect x="' + r(x) + '" y="' + r(y) + '" width="' + r(w) + '" height="' + r(h) + '"/></clipPath><g clip-path="url(#c' + clips + ')">');
      draw();
      parts.push("</g>");
    },
    get document() {
      return '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="' + width + '" height="' + height
        + '" viewBox="0 0 ' + width + " " + height + '" font-family="' + escaped(Landau.font) + '"><rect width="' + width + '" height="' + height + '" fill="'
        + escaped(background) + '"/>' + parts.join("\n") + "</svg>\n";
    },
  };
};
