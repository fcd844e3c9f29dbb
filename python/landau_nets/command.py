"""The command `landau`, found and run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence

__all__ = ["LandauError", "NotInstalled", "Interrupted", "executable", "version"]


@dataclass
class LandauError(Exception):
    """What Landau refused: its sentence, and the place in the file that it points at, where there is one."""

    message: str
    status: int = 2
    file: Optional[str] = None
    line: Optional[int] = None
    column: Optional[int] = None

    def __str__(self) -> str:
        place = [str(part) for part in (self.file, self.line, self.column) if part is not None]
        return ": ".join([":".join(place), self.message] if place else [self.message])


class NotInstalled(LandauError):
    """There is no command `landau`."""


class Interrupted(LandauError):
    """The run was stopped and can be continued: the same call goes on."""


def executable() -> str:
    """The command's path: `$LANDAU`, beside this Python, beside this package, then on `PATH`, then a checkout's build.

    Raises `NotInstalled` where there is none."""
    own = os.environ.get("LANDAU")
    if own:
        if shutil.which(own) is None:
            raise NotInstalled(f"LANDAU is `{own}`, which cannot be run")
        return own
    package = os.path.dirname(os.path.abspath(__file__))
    folders = [sysconfig.get_path("scripts")]
    if hasattr(sysconfig, "get_preferred_scheme"):
        folders.append(sysconfig.get_path("scripts", scheme=sysconfig.get_preferred_scheme("user")))
    elif os.name == "posix":
        folders.append(sysconfig.get_path("scripts", scheme="posix_user"))
    # `pip install --target FOLDER` puts commands into FOLDER/bin.
    folders.append(os.path.join(os.path.dirname(package), "bin"))
    for folder in folders:
        path = os.path.join(folder, "landau")
        if os.access(path, os.X_OK) and not os.path.isdir(path):
            return path
    found = shutil.which("landau")
    if found:
        return found
    built = os.path.join(package, "..", "..", ".build", "release", "landau")
    if os.access(built, os.X_OK):
        return os.path.normpath(built)
    raise NotInstalled("the command `landau` was not found; set LANDAU to its path, or install it")


def version() -> str:
    """The command's version."""
    return text("--version").strip()


def failure(status: int, errors: str) -> LandauError:
    """The last error that Landau wrote, as an exception; what it wrote is what `--errors json` asks for."""
    kind = Interrupted if status == 75 else LandauError
    for line in reversed(errors.splitlines()):
        if not line.startswith("{"):
            continue
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and "message" in found:
            return kind(found["message"], status, found.get("file"), _whole(found.get("line")), _whole(found.get("column")))
    last = errors.strip().splitlines()[-1:] if status == 75 else [errors.strip()]
    return kind("".join(last) or f"landau ended with exit status {status}", status)


def _whole(number: Optional[float]) -> Optional[int]:
    return None if number is None else int(number)


def text(*arguments: str, given: Optional[str] = None, lines: Optional[int] = None) -> str:
    """Standard output of a command that answers at once; with so many lines it is whole, whatever the exit status."""
    done = subprocess.run(
        [executable(), "--errors", "json", *arguments], input=given, capture_output=True, text=True, encoding="utf-8", errors="replace",
        stdin=subprocess.DEVNULL if given is None else None)
    if done.returncode != 0 and (lines is None or done.stdout.count("\n") != lines):
        raise failure(done.returncode, done.stderr)
    return done.stdout


def answer(*arguments: str, given: Optional[str] = None) -> Any:
    """The same where it is JSON."""
    return json.loads(text(*arguments, given=given))


def words(overrides: Mapping[str, Any]) -> List[str]:
    """Overrides in the shell's syntax: `gamma=0.1,0.2`, `fixed.depth=2`; `data__samples=500` for `data.samples`."""
    result = []
    for name, value in overrides.items():
        result.append(f"{name.replace('__', '.')}={word(value)}")
    return result


def word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # NumPy's own text of its numbers names their type.
        return float.__repr__(value)
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        # NumPy's numbers print as Python's.
        return str(value.item()) if hasattr(value, "item") else str(value)
    return ",".join(word(one) for one in value)


def in_notebook() -> bool:
    """Whether output goes to a notebook, which has no terminal for a bar."""
    try:
        from IPython import get_ipython  # type: ignore
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and "IPKernelApp" in getattr(shell, "config", {})


def progress(arguments: Sequence[str]) -> Iterator[str]:
    """Runs a command that takes its time: its lines about how far it is, then what it printed. Ctrl-C is handed on to the
    command, which stops cleanly; then `Interrupted` is raised."""
    # In a session of its own: a terminal's ctrl-C would reach it beside the signal below, and a second one kills.
    child = subprocess.Popen([executable(), "--errors", "json", *arguments], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
                             errors="replace", start_new_session=True)
    errors: List[str] = []
    output: List[str] = []
    try:
        # Both ends are read at once: a child that fills the one while the other is awaited would stand still.
        reader = threading.Thread(target=lambda: output.append(child.stdout.read()), daemon=True)
        reader.start()
        for line in child.stderr:
            errors.append(line)
            if not line.startswith("{"):
                yield line.rstrip("\n")
        reader.join()
        status = child.wait()
    except KeyboardInterrupt:
        child.send_signal(signal.SIGINT)
        child.wait()
        raise Interrupted("stopped; the same call goes on", 75) from None
    except GeneratorExit:
        child.terminate()
        child.wait()
        raise
    finally:
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()
    if status not in (0, 1):
        raise failure(status, "".join(errors))
    yield "".join(output)
    if status == 1:
        raise failure(status, "".join(errors[-1:]))


def schema(model: str) -> Dict[str, Any]:
    """JSON Schema of a model's sweep files."""
    return answer("models", model, "--schema")
