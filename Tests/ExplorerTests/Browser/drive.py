"""Drives pages of the explorer as a person would, and says what was seen.  usage: drive.py WHAT PAGE …"""

import json
import math
import os
import subprocess
import sys
import xml.etree.ElementTree

import chromium

failures = 0


def check(fact, what, seen=""):
    global failures
    print(("ok: " if fact else "FAILED: ") + what + (f" ({seen})" if seen != "" and not fact else ""), flush=True)
    failures += 0 if fact else 1


def quiet(page, path):
    """Nothing was complained of, and nothing was asked of any network."""
    page.wait(0.3)
    check(not page.complaints, "no error in the console", page.complaints[:3])
    foreign = [r for r in page.requests if not r.startswith(("file://" + os.path.abspath(path), "blob:", "about:"))]
    check(not foreign, "no request leaves the page", foreign[:3])


def state(page, name):
    return page.value(f"Landau.state.values.{name}")


def centre(page, panel, u, v):
    """A place in a panel's picture, as parts of its width and height."""
    left, top, width, height = page.box(f"#{panel}-stage")
    return [left + u * width, top + v * height]


def tour(path, landau, folder):
    """Hover, drag, click, zoom, box, keys, saving and the address, on a sweep over depth and gamma."""
    page = chromium.Page()
    page.open(path)
    check(page.value("document.querySelectorAll('.verdicts tbody tr').length") >= 2, "the strip has a line for each curve")
    check("first" in page.value("document.getElementById('strip').textContent"), "the strip says the order")

    # Hover is a cross-hair in all panels.
    page.mouse("mouseMoved", *centre(page, "map", 0.5, 0.5))
    page.settle()
    over = page.value("Landau.state.hover.x")
    check(over is not None, "hovering over the map is known to all panels")
    check(page.value("document.getElementById('cut-note').textContent") != "", "the cut says what lies under the pointer")

    # Drag along the axis moves the cursor, and the wells with it.
    before = state(page, "x")
    wells = page.value("document.getElementById('landscape-note').textContent")
    page.drag(centre(page, "cut", 0.3, 0.5), centre(page, "cut", 0.8, 0.5))
    after = state(page, "x")
    check(after != before and after > 0, "dragging moves the cursor", [before, after])
    check(page.value("document.getElementById('landscape-note').textContent") != wells, "the wells follow the cursor")
    page.drag(centre(page, "cut", 0.8, 0.5), centre(page, "cut", 0.25, 0.5))
    check("trained well is lower" in page.value("document.getElementById('landscape-note').textContent"), "at small decay the trained well is lower")

    # Click chooses a point: its row and its command.
    x, y = page.value(
        "(() => { const p = Landau.main.panel('cut'); const b = p.stage.getBoundingClientRect();"
        "for (let px = 70; px < b.width - 20; px += 3) for (let py = 45; py < b.height - 50; py += 3) {"
        "const hit = p.locate(px, py); if (hit && hit.point !== null) return [b.left + px, b.top + py]; } return [0, 0]; })()")
    page.click(x, y)
    check(state(page, "p") is not None, "a click chooses a point")
    facts = page.value("document.querySelector('#run .facts').textContent")
    check("replica" in facts and "landau run" in facts, "the run panel shows its row and its command", facts[:100])
    dry(landau, folder, page.value("document.querySelector('#run .facts code').textContent"), "the command of a point")

    # Wheel and pinch zoom, double click shows all.
    page.wheel(*centre(page, "cut", 0.5, 0.5), -120)
    check(state(page, "zx") is not None, "the wheel zooms")
    narrow = state(page, "zx")
    page.key("0")
    page.size(1280, 1000, touch=True)
    page.pinch(centre(page, "cut", 0.5, 0.5), 60, 200)
    check(state(page, "zx") is not None, "a pinch zooms", narrow)
    page.size(1280, 1000)
    x, y = centre(page, "cut", 0.5, 0.5)
    for count in (1, 2):
        page.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=count)
        page.mouse("mouseReleased", x, y, button="left", buttons=0, clickCount=count)
    page.settle()
    check(state(page, "zx") is None, "a double click shows all again")

    # A box is a command.
    page.drag(centre(page, "cut", 0.4, 0.3), centre(page, "cut", 0.6, 0.7), modifiers=8)
    command = page.value("document.querySelector('#box-command code').textContent")
    check(command.startswith("landau run ") and "gamma=log(" in command, "a box in the cut is a command", command)
    dry(landau, folder, command, "the command of a box in the cut")
    page.value("document.getElementById('box-mode').click()")
    page.drag(centre(page, "map", 0.3, 0.2), centre(page, "map", 0.7, 0.7))
    command = page.value("document.querySelector('#box-command code').textContent")
    check("depth=" in command, "a box in the map chooses rows", command)
    dry(landau, folder, command, "the command of a box in the map")

    # Keys: arrows step, s and c save.
    page.value("document.getElementById('cut-stage').focus()")
    here = state(page, "x")
    page.key("ArrowRight")
    check(state(page, "x") > here, "an arrow steps along the axis")
    row = state(page, "at")
    page.key("ArrowUp")
    page.key("ArrowDown")
    page.key("ArrowDown")
    check(state(page, "at") != row, "an arrow steps to another row")
    for panel in ["map", "cut", "landscape"]:
        page.value(f"document.getElementById('{panel}-stage').focus()")
        page.key("s")
        picture = page.downloaded(".svg")
        root = xml.etree.ElementTree.fromstring(picture)
        check(root.tag.endswith("svg") and len(list(root.iter())) > 20, f"the saved picture of {panel} is SVG")
        page.key("c")
        table = page.downloaded(".csv").strip().split("\n")
        check(len(table) > 3 and len({line.count(",") for line in table}) == 1, f"the saved numbers of {panel} are a table", table[:3])

    # The address restores the view.
    page.wait(0.4)
    address = page.value("location.hash")
    seen = page.value("JSON.stringify(Landau.state.values)")
    quiet(page, path)
    other = chromium.Page()
    other.open(path, address)
    check(other.value("JSON.stringify(Landau.state.values)") == seen, "the address restores the view", address)
    for nonsense in ["#x=nan&at=99,x&p=-1&y=nothing&zx=2,1&s=7", "#at=", "#%"]:
        other.open(path, nonsense)
        check(other.value("document.querySelectorAll('.stage').length") >= 4, f"a broken address shows the page: {nonsense}")
    quiet(other, path)
    other.close()

    # A phone: nothing is wider than the screen.
    for width, dark in [(390, False), (390, True), (1280, True)]:
        page.size(width, 844, dark)
        page.wait(0.3)
        check(page.value("document.documentElement.scrollWidth <= window.innerWidth"), f"nothing is wider than {width} pixels",
              page.value("document.documentElement.scrollWidth"))
    quiet(page, path)
    page.close()


def dry(landau, folder, command, what):
    """A shell takes the command as it stands, and `landau` its words."""
    here = {**os.environ, "PATH": os.path.dirname(os.path.abspath(landau)) + ":" + os.environ["PATH"]}
    done = subprocess.run(["sh", "-c", command + " --dry-run --no-calibration"], cwd=folder, env=here, capture_output=True, text=True, check=False)
    check(done.returncode == 0 and " points in " in done.stdout, what + " passes `--dry-run`", done.stderr[-300:] + " " + command)


def inert(path, *texts):
    """Hostile texts stay texts: nothing of theirs runs, and they are seen letter by letter."""
    page = chromium.Page()
    page.open(path)
    page.wait(0.5)
    check(not page.dialogs, "no dialog", page.dialogs)
    check(page.value("document.querySelectorAll('img, iframe, object, embed, base, form').length") == 0, "no element of theirs")
    check(page.value("typeof window.intruder") == "undefined", "no script of theirs ran")
    words = page.value("document.body.innerText")
    for text in texts:
        check(text in words, "seen as it is: " + text, words[:200])
    page.value("Landau.state.set({p: 0})")
    page.settle()
    check(page.value("document.querySelectorAll('img, iframe').length") == 0, "no element of theirs in the run panel")
    quiet(page, path)
    page.close()


def refused(path):
    """Words that no shell can hold give no command, and the page says why."""
    page = chromium.Page()
    page.open(path)
    page.value("Landau.state.set({p: 0})")
    page.settle()
    page.drag(centre(page, "cut", 0.4, 0.3), centre(page, "cut", 0.6, 0.7), modifiers=8)
    for place in ["run", "box-command"]:
        check("control characters" in page.value(f"document.getElementById('{place}').textContent"), f"{place}: says why there is no command")
        check(page.value(f"document.querySelectorAll('#{place} code').length") == 0, f"{place}: has no command")
    quiet(page, path)
    page.close()


def reloading(path):
    """A page of a sweep that is being trained reads itself anew and keeps the view."""
    page = chromium.Page()
    page.open(path)
    page.value("(() => { window.before = 1; Landau.state.set({x: 0.3, at: [1], zx: [0.2, 0.8]}); })()")
    page.settle()
    seen = page.value("JSON.stringify(Landau.state.values)")
    for _ in range(300):
        page.wait(0.1)
        if page.value("document.readyState === 'complete' && window.before !== 1"):
            break
    check(page.value("window.before !== 1"), "the page reads itself anew")
    page.settle()
    check(page.value("JSON.stringify(Landau.state.values)") == seen, "the view outlives it", page.value("location.hash"))
    quiet(page, path)
    page.close()


def failed(path, sentence, retry):
    """A failed tick gives its sentence and the command that goes on with it."""
    page = chromium.Page()
    page.open(path)
    place = page.value("Landau.main.sweeps[0].points.outcome.findIndex((o) => o >= 2)")
    page.value(f"Landau.state.set({{p: {place}}})")
    page.settle()
    facts = page.value("document.querySelector('#run .facts').textContent")
    check(sentence in facts, "its sentence is shown", facts[:200])
    check(retry in facts, "the command that runs it again is shown", facts[:300])
    quiet(page, path)
    page.close()


def ridge(path, cases):
    """The page's arithmetic beside answers of `landau predict`: depth, modes, decay and what must come out."""
    page = chromium.Page()
    page.open(path)
    worst = 0.0
    with open(cases, encoding="utf-8") as file:
        questions = [json.loads(line) for line in file]
    for case in questions:
        seen = page.value(
            f"(() => {{ const c = {json.dumps(case)}; const p = Landau.ridge.path(c); const m = p.minimum(c.decay);"
            "return {loss: m ? m.loss : p.target, slope: m ? m.slope : 0, curvature: m ? m.curvature : 0, branches: p.stationary(c.decay).map((q) => [q.loss, q.slope]), transition: p.transition}; })()")
        pairs = [(name, seen[name], case["expected"][name]) for name in ("loss", "slope", "curvature") if name in case["expected"]]
        check(len(seen["branches"]) == len(case["expected"]["branches"]), case["id"] + ": as many stationary points", seen["branches"])
        for ours, theirs in zip(seen["branches"], case["expected"]["branches"]):
            pairs += [("branch loss", ours[0], theirs[0]), ("branch slope", ours[1], theirs[1])]
        if "transition" in case["expected"]:
            pairs.append(("transition", seen["transition"]["decay"] if seen["transition"] else None, case["expected"]["transition"]))
        for name, ours, theirs in pairs:
            if ours is None or theirs is None:
                check(ours is theirs, f"{case['id']}: {name} is there or not", [ours, theirs])
                continue
            error = abs(ours - theirs) / max(1, abs(theirs))
            worst = max(worst, error)
            if not error <= 1e-9:
                check(False, f"{case['id']}: {name}", [ours, theirs])
    check(len(questions) > 0 and worst <= 1e-9, f"{len(questions)} cases agree to 1e-9; largest difference {worst:.1e}")
    quiet(page, path)
    page.close()


def wells(path):
    """The ridge path of each curve, from the modes on the page, has its transition where the verdict's theory has it."""
    page = chromium.Page()
    page.open(path)
    pairs = page.value(
        "Landau.main.sweeps[0].curves.map((c, k) => { const r = Landau.main.sweeps[0].ridge(k); const t = c.verdict.theory[c.verdict.theory.length - 1];"
        "return [r && r.transition ? r.transition.decay : null, t.location, r && r.transition ? r.transition.order : 'none', t.order]; })")
    check(len(pairs) >= 3, "there are curves")
    for ours, theirs, order, known in pairs:
        check(order == known, f"the order is {known}", order)
        check((ours is None and theirs is None) or abs(ours - theirs) <= 1e-9, f"the transition lies at {theirs}", ours)
    quiet(page, path)
    page.close()


def theory(path):
    """Sliders move the exact curves at once."""
    page = chromium.Page()
    page.open(path)
    for depth, words in [(0, "no transition"), (1, "second"), (3, "first")]:
        page.value(f"(() => {{ const i = document.getElementById('theory-depth'); i.value = {depth}; i.dispatchEvent(new Event('input')); }})()")
        page.settle()
        check(words in page.value("document.getElementById('theory-curve-note').textContent"), f"depth {depth}: {words}")
    before = page.value("document.getElementById('theory-wells-note').textContent")
    page.drag(centre(page, "theory-curve", 0.3, 0.5), centre(page, "theory-curve", 0.7, 0.5))
    check(page.value("document.getElementById('theory-wells-note').textContent") != before, "dragging moves the wells")
    quiet(page, path)
    page.close()


def modules(folder):
    """Each module is a script of its own in strict mode: it reads as one, and names nothing that was not declared."""
    page = chromium.Page()
    page.call("Page.navigate", url="about:blank")
    page.wait(0.2)
    names = sorted(n for n in os.listdir(folder) if n.endswith(".js"))
    for name in names:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            text = file.read()
        check(text.startswith('"use strict";'), f"{name} is in strict mode")
        result = page.call("Runtime.compileScript", expression=text, sourceURL=name, persistScript=False)
        check("exceptionDetails" not in result, f"{name} compiles", result.get("exceptionDetails"))
    page.close()


def frames(path):
    """How smoothly the cursor is dragged, in frames a second. It is measured, not judged."""
    page = chromium.Page()
    page.open(path)
    rate = page.value(
        "(async () => { const s = Landau.main.sweeps[Landau.state.values.s]; const xs = s.axis.values; const n = 90;"
        "const start = performance.now();"
        "for (let i = 0; i < n; i += 1) { Landau.state.set({x: xs[Math.floor((xs.length - 1) * i / n)]});"
        "await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); }"
        "return 2 * n / (performance.now() - start) * 1000; })()")
    work = page.value(
        "(() => { const s = Landau.main.sweeps[Landau.state.values.s]; const xs = s.axis.values; const n = 60; const start = performance.now();"
        "for (let i = 0; i < n; i += 1) { Landau.state.values.x = xs[Math.floor((xs.length - 1) * i / n)];"
        "for (const id of ['map', 'cut', 'landscape', 'run']) { const p = Landau.main.panel(id); p.render(); if (p.say) p.say(); } }"
        "return (performance.now() - start) / n; })()")
    rows = page.value(
        "(() => { const s = Landau.main.sweeps[Landau.state.values.s]; const n = 30; const start = performance.now();"
        "for (let i = 0; i < n; i += 1) { Landau.state.values.at = s.curves[i % s.curves.length].at.slice();"
        "for (const id of ['map', 'cut', 'landscape', 'run']) Landau.main.panel(id).render(); }"
        "return (performance.now() - start) / n; })()")
    print(json.dumps({"bytes": os.path.getsize(path), "framesPerSecond": round(rate, 1), "millisecondsADrag": round(work, 2),
                      "millisecondsARow": round(rows, 2)}))
    quiet(page, path)
    page.close()


if __name__ == "__main__":
    {"tour": tour, "inert": inert, "refused": refused, "reloading": reloading, "failed": failed, "ridge": ridge, "wells": wells, "theory": theory, "modules": modules, "frames": frames}[sys.argv[1]](*sys.argv[2:])
    sys.exit(1 if failures else 0)
