"use strict";
// All modules of the page hang on this name; the only other one is D3's.
const Landau = {};

// An element with attributes, listeners (`on…`) and children. Text becomes text, never markup.
Landau.element = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "text") node.textContent = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) node.append(child);
  return node;
};

// A list of choices; each is [value, words].
Landau.select = (label, choices, value, change) => Landau.element("label", { class: "choice" },
  Landau.element("span", { text: label }),
  Landau.element("select", { onchange: (event) => change(event.target.value) },
    choices.map(([key, words]) => Landau.element("option", { value: key, selected: key === value, text: words }))));
