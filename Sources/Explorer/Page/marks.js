"use strict";
// Marks that are seen on any colour: each has a rim in the colour of the paper.
Landau.marks = (() => {
  const { colours } = Landau;

  const cross = (surface, px, py) => {
    const c = colours.theme();
    for (const [stroke, width] of [[c.paper, 4], [c.bad, 2]]) {
      surface.line([[px - 4, py - 4], [px + 4, py + 4]], { stroke, width });
      surface.line([[px - 4, py + 4], [px + 4, py - 4]], { stroke, width });
    }
  };

  const cased = (surface, points, style) => {
    surface.line(points, { stroke: colours.theme().paper, width: (style.width || 1.5) + 2.5, opacity: 0.75 });
    surface.line(points, style);
  };
  const mark = (surface, px, py, order) => {
    const fill = colours.order(order);
    const c = colours.theme();
    const r = 5;
    const shapes = { first: [[-r, -r], [r, -r], [r, r], [-r, r]], boundary: [[0, -r - 1], [r + 1, 0], [0, r + 1], [-r - 1, 0]], crossover: [[0, -r - 1], [r + 1, r], [-r - 1, r]] };
    if (!shapes[order]) { surface.dot(px, py, r + 1.5, { fill: c.paper }); surface.dot(px, py, r, { fill }); return; }
    surface.area(shapes[order].map(([dx, dy]) => [px + 1.3 * dx, py + 1.3 * dy]), { fill: c.paper });
    surface.area(shapes[order].map(([dx, dy]) => [px + dx, py + dy]), { fill });
  };

  return { cross, cased, mark };
})();
