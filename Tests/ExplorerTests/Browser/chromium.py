"""Chromium without a window, driven by its DevTools protocol through two pipes. Python's standard library alone."""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


def executable():
    """The browser's path, or None."""
    return os.environ.get("LANDAU_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


class Page:
    """One page. Everything that its console said, asked of the network or threw is kept in `complaints`."""

    def __init__(self, width=1280, height=1000, dark=False, scale=1):
        self.complaints = []
        self.requests = []
        self.dialogs = []
        for attempt in range(3):
            try:
                self.start()
                break
            except (OSError, RuntimeError):
                # A browser that a busy machine has not let begin.
                self.close()
                if attempt == 2:
                    raise
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(domain + ".enable")
        self.size(width, height, dark, scale)
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=self.downloads, eventsEnabled=True)

    def start(self):
        self.profile = tempfile.mkdtemp(prefix="landau-chromium-")
        self.downloads = os.path.join(self.profile, "downloads")
        os.mkdir(self.downloads)
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()
        command = [
            executable(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
            "--user-data-dir=" + self.profile, "about:blank"]

        def pipes():
            # The browser reads from 3 and writes to 4, whatever numbers the pipes have here.
            ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 64) for end in (to_browser, from_browser)]
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)
            os.closerange(5, 128)

        self.process = subprocess.Popen(
            command, preexec_fn=pipes, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.session = None
        targets = self.call("Target.getTargets")["targetInfos"]
        target = next(t["targetId"] for t in targets if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def size(self, width, height, dark=False, scale=1, touch=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=touch)
        self.call("Emulation.setTouchEmulationEnabled", enabled=touch, maxTouchPoints=2)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def call(self, method, **parameters):
        self.number += 1
        number = self.number
        message = {"id": number, "method": method, "params": parameters}
        if self.session and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + 120
        while time.monotonic() < end:
            answer = self.next(end - time.monotonic())
            if answer is None:
                continue
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.note(answer)
        raise RuntimeError(f"{method}: no answer in two minutes")

    def next(self, seconds):
        """One message of the browser's; None where none comes in time."""
        while b"\0" not in self.buffer:
            if not select.select([self.read_end], [], [], max(seconds, 0))[0]:
                return None
            part = os.read(self.read_end, 1 << 20)
            if not part:
                raise RuntimeError("the browser has ended")
            self.buffer += part
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def note(self, event):
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.complaints.append(json.dumps(parameters["args"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.complaints.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif method == "Page.javascriptDialogOpening":
            self.dialogs.append(parameters["message"])
            self.number += 1
            os.write(self.write_end, json.dumps({
                "id": self.number, "method": "Page.handleJavaScriptDialog", "params": {"accept": True},
                "sessionId": self.session}).encode() + b"\0")

    def wait(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            answer = self.next(left)
            if answer:
                self.note(answer)

    def open(self, path, fragment=""):
        url = "file://" + os.path.abspath(path) + fragment
        # The same address with another fragment alone would be no new page.
        self.call("Page.navigate", url="about:blank")
        self.wait(0.1)
        self.call("Page.navigate", url=url)
        for _ in range(200):
            self.wait(0.1)
            if self.value("document.readyState") == "complete":
                break
        self.settle()

    def value(self, expression):
        """What an expression of the page is, as JSON; promises are waited for."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description") or details["text"])
        return result["result"].get("value")

    def settle(self):
        """Until two frames have been drawn."""
        self.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))")

    def box(self, selector):
        """Left, top, width, height of an element in the window."""
        return self.value(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}}); "
            "const r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()")

    def mouse(self, kind, x, y, **more):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def drag(self, start, end, modifiers=0, steps=8):
        self.mouse("mouseMoved", *start)
        self.mouse("mousePressed", *start, button="left", buttons=1, clickCount=1, modifiers=modifiers)
        for k in range(1, steps + 1):
            place = [a + (b - a) * k / steps for a, b in zip(start, end)]
            self.mouse("mouseMoved", *place, button="left", buttons=1, modifiers=modifiers)
        self.mouse("mouseReleased", *end, button="left", buttons=0, clickCount=1, modifiers=modifiers)
        self.settle()

    def click(self, x, y):
        self.mouse("mouseMoved", x, y)
        self.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
        self.mouse("mouseReleased", x, y, button="left", buttons=0, clickCount=1)
        self.settle()

    def wheel(self, x, y, delta):
        self.mouse("mouseWheel", x, y, deltaX=0, deltaY=delta)
        self.settle()

    def pinch(self, middle, before, after, steps=6):
        def touches(kind, half):
            points = [] if kind == "touchEnd" else [
                {"x": middle[0] - half, "y": middle[1], "id": 0}, {"x": middle[0] + half, "y": middle[1], "id": 1}]
            self.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)
        touches("touchStart", before / 2)
        for k in range(1, steps + 1):
            touches("touchMove", (before + (after - before) * k / steps) / 2)
        touches("touchEnd", 0)
        self.settle()

    def key(self, key):
        more = {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **more)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)
        self.settle()

    def screenshot(self, path, whole=True):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def downloaded(self, ending):
        """The text of the file that the page has just saved."""
        for _ in range(100):
            self.wait(0.1)
            names = [n for n in os.listdir(self.downloads) if n.endswith(ending)]
            if names:
                path = os.path.join(self.downloads, names[0])
                with open(path, encoding="utf-8") as file:
                    text = file.read()
                os.remove(path)
                return text
        raise RuntimeError(f"nothing that ends in {ending} was saved")

    def close(self):
        try:
            self.call("Browser.close")
        except (RuntimeError, OSError):
            self.process.kill()
        self.process.wait()
        os.close(self.read_end)
        os.close(self.write_end)
        shutil.rmtree(self.profile, ignore_errors=True)
