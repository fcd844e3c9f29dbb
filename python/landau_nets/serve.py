"""Programs as models of Landau, protocol 1: the helper for Python.

One file, standard library alone; it may be copied beside a script. A program declares what it trains and yields an
answer for every point that Landau asks for:

    import landau_nets as landau

    def train(chain):
        w = first_weights(chain.seeds["init"])
        for point in chain:                    # w carries over: this is continuation
            w = fit(w, point["gamma"])
            yield point.converged(loss=..., squaredNorm=...)

    landau.serve(train, name="my-net", version="1",
                 controls={"gamma": landau.real(low=0)},
                 observables={"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma")},
                 order_parameter="squaredNorm", directions=["cold", "up", "down"])

Standard output belongs to the protocol: what the program prints goes to its log instead.
"""

from __future__ import annotations

import base64
import json
import math
import os
import platform
import queue
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from array import array
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Union

PROTOCOL = 1

__all__ = [
    "Answer", "AskedPoint", "Chain", "Open", "Point", "Question", "Refused", "Stopped", "choice", "decode", "derivative",
    "encode", "evaluate_jax", "evaluate_torch", "flag", "free_energy", "integer", "load", "observable", "points", "real",
    "relay", "save", "serve", "text", "unavailable", "warn",
]


class Refused(Exception):
    """Raised by `setup` for settings that cannot be used; Landau points at the line of the sweep file."""

    def __init__(self, key: str, message: str):
        super().__init__(message)
        self.key = key


class Stopped(BaseException):
    """Raised inside `for point in chain` when the run is to stop. Not to be caught."""


# ---------------------------------------------------------------------------------------------------- declarations

def _kind(kind: str, **members: Any) -> Dict[str, Any]:
    return {"kind": kind, **{name: value for name, value in members.items() if value is not None}}


def real(low: Optional[float] = None, high: Optional[float] = None, default: Optional[float] = None, *,
         symbol: Optional[str] = None, meaning: str = "") -> Dict[str, Any]:
    """A real number in [low, high]; without a default a sweep must set it."""
    return _kind("real", low=low, high=high, default=default, symbol=symbol, meaning=meaning)


def integer(low: Optional[int] = None, high: Optional[int] = None, default: Optional[int] = None, *,
            symbol: Optional[str] = None, meaning: str = "") -> Dict[str, Any]:
    """A whole number in [low, high], below 2^53 in size."""
    return _kind("integer", low=low, high=high, default=default, symbol=symbol, meaning=meaning)


def choice(names: Sequence[str], default: Optional[str] = None, *, symbol: Optional[str] = None,
           meaning: str = "") -> Dict[str, Any]:
    """One of some names."""
    return _kind("choice", names=list(names), default=default, symbol=symbol, meaning=meaning)


def flag(default: Optional[bool] = None, *, symbol: Optional[str] = None, meaning: str = "") -> Dict[str, Any]:
    """`true` or `false`; it arrives as a bool."""
    return _kind("flag", default=default, symbol=symbol, meaning=meaning)


def text(default: Optional[str] = None, *, symbol: Optional[str] = None, meaning: str = "") -> Dict[str, Any]:
    """A free text, such as the name of a file."""
    return _kind("text", default=default, symbol=symbol, meaning=meaning)


def observable(symbol: Optional[str] = None, meaning: str = "", *, order_parameter: bool = True, series: bool = False,
               regimes: Optional[Mapping[int, str]] = None) -> Dict[str, Any]:
    """A number that is measured at every point; `series` where it is also recorded step by step."""
    declared = _kind("observable", symbol=symbol, meaning=meaning, orderParameter=order_parameter, series=series)
    del declared["kind"]
    if regimes is not None:
        declared["regimes"] = {str(number): name for number, name in regimes.items()}
    return declared


def free_energy(symbol: str = "F", meaning: str = "regularised training loss at the minimum") -> Dict[str, Any]:
    """The loss that training minimises, with its regularisation: verdicts compare phases by it."""
    return observable(symbol, meaning, order_parameter=False)


def derivative(of: str, by: str, order: int = 1, *, symbol: Optional[str] = None, meaning: str = "",
               order_parameter: bool = True) -> Dict[str, Any]:
    """An observable that is exactly the derivative of another one along a control, at a minimum: Σ‖W‖² = ∂F/∂γ."""
    declared = observable(symbol, meaning or f"d{of}/d{by} at the minimum", order_parameter=order_parameter)
    declared["derivative"] = [of, order, by]
    return declared


# ---------------------------------------------------------------------------------------------------- points

def _typed(values: Dict[str, Any], reals: Iterable[str]) -> Dict[str, Any]:
    """JSON has one kind of number: `1` of a real control is 1.0 again here."""
    for name in reals:
        if type(values.get(name)) is int:
            values[name] = float(values[name])
    return values


def _number(value: Any) -> Optional[float]:
    """A plain number of a scalar of any library; None where it is not finite, for absent is how that is said."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return float(value)
    value = float(value)
    return value if math.isfinite(value) else None


def _numbers(values: Mapping[str, Any]) -> Dict[str, float]:
    found = ((name, _number(value)) for name, value in values.items() if value is not None)
    return {name: value for name, value in found if value is not None}


class Answer(Dict[str, Any]):
    """What a program yields for a point: made by `Point.converged` and its like."""


class Point:
    """One value for every control parameter. `point["gamma"]` is a control; `point.seeds` keys random numbers."""

    __slots__ = ("id", "controls", "replica", "seeds", "direction", "_worker", "_start", "_told")

    def __init__(self, message: Mapping[str, Any], direction: str, worker: "_Worker"):
        self.id: str = message["id"]
        self.controls: Dict[str, Any] = _typed(message["controls"], worker.reals)
        self.replica: int = message["replica"]
        #: `data` and `init` depend on the sweep's seed and the replica alone, `point` on everything.
        self.seeds: Dict[str, int] = message["seeds"]
        self.direction = direction
        self._worker = worker
        self._start = time.process_time()
        self._told = 0.0

    def __getitem__(self, control: str) -> Any:
        return self.controls[control]

    def get(self, control: str, default: Any = None) -> Any:
        return self.controls.get(control, default)

    @property
    def stopping(self) -> bool:
        """True when the run is to stop: a long training looks at it now and then, and returns."""
        return self._worker.stopping.is_set()

    def progress(self, step: int, of: Optional[int] = None, **values: Any) -> None:
        """Tells how far a long training is; sent at most once a second."""
        now = time.monotonic()
        if now - self._told < 1:
            return
        self._told = now
        message: Dict[str, Any] = {"type": "progress", "id": self.id, "step": int(step), "values": _numbers(values)}
        if of is not None:
            message["of"] = int(of)
        self._worker.send(message)

    def _answer(self, outcome: str, reason: str, series: Optional[Mapping[str, Sequence[Any]]], theta: Any,
                values: Mapping[str, Any]) -> Answer:
        message = Answer(type="point", id=self.id, outcome=outcome, values=_numbers(values),
                         seconds=time.process_time() - self._start)
        if reason:
            message["reason"] = reason
        if series:
            message["series"] = _series(series)
        if theta is not None:
            message["theta"] = encode(theta)
        return message

    def converged(self, reason: str = "", *, series: Optional[Mapping[str, Sequence[Any]]] = None, theta: Any = None,
                  **values: Any) -> Answer:
        """A minimum was found and verified."""
        return self._answer("converged", reason, series, theta, values)

    def completed(self, reason: str = "", *, series: Optional[Mapping[str, Sequence[Any]]] = None, theta: Any = None,
                  **values: Any) -> Answer:
        """A training of a fixed number of steps ran all of them."""
        return self._answer("completed", reason, series, theta, values)

    def stalled(self, reason: str = "", *, series: Optional[Mapping[str, Sequence[Any]]] = None, **values: Any) -> Answer:
        """No further progress, yet not converged."""
        return self._answer("stalled", reason or "no further progress", series, None, values)

    def capped(self, reason: str = "", *, series: Optional[Mapping[str, Sequence[Any]]] = None, **values: Any) -> Answer:
        """The limit of steps came first; `--retry capped` goes on with twice as many."""
        return self._answer("capped", reason or "the step limit came first", series, None, values)

    def diverged(self, reason: str = "", *, series: Optional[Mapping[str, Sequence[Any]]] = None, **values: Any) -> Answer:
        """Loss or weights grew beyond bounds, or are no longer numbers."""
        return self._answer("diverged", reason or "the loss grew beyond bounds", series, None, values)

    def dead(self, reason: str = "", *, series: Optional[Mapping[str, Sequence[Any]]] = None, **values: Any) -> Answer:
        """Every unit of a layer has died."""
        return self._answer("dead", reason or "all units of a layer are dead", series, None, values)

    def failed(self, message: str) -> Answer:
        """This point could not be trained, for a reason that is not the net's. The chain goes on."""
        return Answer(type="failed", points=[self.id], message=message, traceback="")


def _series(series: Mapping[str, Sequence[Any]]) -> Dict[str, List[Optional[float]]]:
    columns = {name: [_number(value) for value in values] for name, values in series.items()}
    if "step" not in columns:
        raise ValueError("a series needs the column `step`: series={'step': [0, 10], 'loss': [...]}")
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns of a series must be equally long, not {lengths}")
    return columns


class Chain:
    """Points in the order in which they are to be trained, each from the one before. Iterate over it once.

    `chain.state` is what `chain.save` stored when an earlier run stopped in mid-chain, else None; the iteration then begins
    behind the points that were done.
    """

    def __init__(self, message: Mapping[str, Any], worker: "_Worker", skip: Iterable[str] = (), answered: Iterable[str] = ()):
        self.id: str = message["id"]
        self.direction: str = message["direction"]
        #: The swept control; None for a point on its own.
        self.along: Optional[str] = message.get("along")
        self._worker = worker
        self._messages: List[Mapping[str, Any]] = list(message["points"])
        self._skip = set(message.get("skip", ())) | set(skip)
        self._answered = set(answered)
        resume = message.get("resume") or {}
        self._done = int(resume.get("done", 0))
        self._state_name: Optional[str] = resume.get("state")
        self._current: Optional[Point] = None
        self._saved = time.monotonic()

    @property
    def seeds(self) -> Dict[str, int]:
        """Seeds of the chain's first point: `data` and `init` are those of all its points."""
        return self._messages[0]["seeds"]

    @property
    def replica(self) -> int:
        return self._messages[0]["replica"]

    @property
    def controls(self) -> Dict[str, Any]:
        """Controls of the first point; all but `along` are those of every point."""
        return _typed(self._messages[0]["controls"], self._worker.reals)

    @property
    def open(self) -> "Open":
        """The sweep's settings."""
        assert self._worker.opened is not None
        return self._worker.opened

    @property
    def state(self) -> Any:
        if self._state_name is None:
            return None
        return load(os.path.join(self._worker.scratch, self._state_name))

    def __len__(self) -> int:
        return len(self._messages) - self._done

    def __iter__(self) -> Iterator[Point]:
        for index in range(self._done, len(self._messages)):
            if self._worker.stopping.is_set():
                raise Stopped
            message = self._messages[index]
            if message["id"] in self._skip:
                continue
            self._current = Point(message, self.direction, self._worker)
            self._done = index + 1
            yield self._current

    def save(self, state: Any, every: Optional[float] = None) -> None:
        """Stores the weights after the point that was yielded last: a stopped run goes on from here.

        `state`: a NumPy array or a dict of them, a PyTorch module's or optimiser's `state_dict()`, or anything JSON can
        hold. Call it after the `yield`, behind every point: within `every` seconds of the last time (one, unless
        `LANDAU_SAVE_EVERY` says otherwise) it does nothing, for points that are quickly trained are as quickly trained again.
        """
        now = time.monotonic()
        if every is None:
            every = float(os.environ.get("LANDAU_SAVE_EVERY", "1"))
        if now - self._saved < every and not self._worker.stopping.is_set():
            return
        self._saved = now
        name = save(os.path.join(self._worker.scratch, f"{self.id}-{self._done}"), state)
        self._worker.send({"type": "save", "chain": self.id, "done": self._done, "state": os.path.basename(name)})


class Open:
    """What a sweep sets beside its points: passed to `setup`, and to be had as `chain.open` while it runs."""

    def __init__(self, message: Mapping[str, Any], reals: Iterable[str] = ()):
        self.seed: int = message["seed"]
        self.precision: str = message.get("precision", "double")
        #: What limits of steps are to be multiplied by.
        self.effort: int = message.get("effort", 1)
        settings = {name: _typed(dict(values), reals) for name, values in message.get("settings", {}).items()}
        self.data: Mapping[str, Any] = settings.get("data", {})
        self.net: Mapping[str, Any] = settings.get("net", {})
        self.training: Mapping[str, Any] = settings.get("training", {})
        self.measure: Mapping[str, Any] = settings.get("measure", {})
        #: The sweep file's folder: relative file names start here.
        self.folder: str = message.get("folder", ".")
        self.scratch: str = message.get("scratch", ".")


# ---------------------------------------------------------------------------------------------------- states

def save(path: str, state: Any) -> str:
    """Writes a state under another name, flushes, renames. Returns the name with its ending (.pt, .npz or .json)."""
    kind, write = _format(state)
    final, passing = path + kind, path + kind + ".part"
    with open(passing, "wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(passing, final)
    return final


def _holds(state: Any, module: str) -> bool:
    if type(state).__module__.split(".")[0] == module:
        return True
    if isinstance(state, Mapping):
        return any(_holds(value, module) for value in state.values())
    if isinstance(state, (list, tuple)):
        return any(_holds(value, module) for value in state)
    return False


def _format(state: Any) -> "tuple[str, Callable[[Any], None]]":
    if "torch" in sys.modules and _holds(state, "torch"):
        import torch
        return ".pt", lambda file: torch.save(state, file)
    if _holds(state, "numpy") or _holds(state, "jaxlib"):
        import numpy
        if isinstance(state, Mapping):
            return ".npz", lambda file: numpy.savez(file, **{name: numpy.asarray(value) for name, value in state.items()})
        return ".npz", lambda file: numpy.savez(file, state=numpy.asarray(state))
    return ".json", lambda file: file.write(json.dumps(state).encode())


def load(path: str) -> Any:
    """Reads what `save` wrote."""
    if path.endswith(".pt"):
        import torch
        return torch.load(path, weights_only=True)
    if path.endswith(".npz"):
        import numpy
        with numpy.load(path, allow_pickle=False) as file:
            return file["state"] if file.files == ["state"] else {name: file[name] for name in file.files}
    with open(path, "rb") as file:
        return json.load(file)


def encode(theta: Any) -> str:
    """A vector as base64 of little-endian float64."""
    if hasattr(theta, "detach"):
        theta = theta.detach().cpu().double().numpy()
    if hasattr(theta, "astype"):
        return base64.b64encode(theta.astype("<f8").tobytes()).decode()
    numbers = array("d", theta)
    if sys.byteorder == "big":
        numbers.byteswap()
    return base64.b64encode(numbers.tobytes()).decode()


def decode(vector: str) -> "array[float]":
    """The numbers of a vector from base64 of little-endian float64."""
    numbers = array("d")
    numbers.frombytes(base64.b64decode(vector))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


# ---------------------------------------------------------------------------------------------------- serving

class _Worker:
    """The pipe to Landau: messages out under a lock, messages in on a thread of their own."""

    def __init__(self, controls: Mapping[str, Mapping[str, Any]], pipes: "Optional[tuple[int, int]]" = None) -> None:
        """`pipes`: descriptors to read from and to write to; without them standard input and output."""
        self.reals = [name for name, declared in controls.items() if declared.get("kind") == "real"]
        self.opened: Optional[Open] = None
        self._ends_process = pipes is None
        if pipes is None:
            # Whatever prints to standard output must not break the protocol: it goes to the log.
            self._out = os.dup(1)
            os.dup2(2, 1)
            self._in = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
            null = os.open(os.devnull, os.O_RDONLY)
            os.dup2(null, 0)
            os.close(null)
        else:
            self._in, self._out = os.fdopen(pipes[0], "rb", buffering=1 << 16), pipes[1]
        self._lock = threading.Lock()
        self.stopping = threading.Event()
        self.inbox: "queue.SimpleQueue[Optional[Dict[str, Any]]]" = queue.SimpleQueue()
        self.scratch = "."
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, message: Mapping[str, Any]) -> None:
        line = json.dumps(message, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        with self._lock:
            view = memoryview(line)
            try:
                while view:
                    view = view[os.write(self._out, view):]
            except BrokenPipeError:
                # Nobody listens any more.
                if self._ends_process:
                    os._exit(0)

    def _read(self) -> None:
        for line in self._in:
            message = json.loads(line)
            if message.get("type") == "stop":
                self._stop(message.get("within", 10))
            self.inbox.put(message)
        # Nobody is there any more: whoever still trains after a while is ended.
        self._stop(10)
        self.inbox.put(None)

    def _stop(self, within: float) -> None:
        if not self.stopping.is_set():
            self.stopping.set()
            if not self._ends_process:
                return
            timer = threading.Timer(within, lambda: os._exit(0))
            timer.daemon = True
            timer.start()


_worker: Optional[_Worker] = None


def warn(message: str) -> None:
    """A warning that Landau shows beside its progress."""
    if _worker is not None:
        _worker.send({"type": "log", "level": "warning", "message": message})
    else:
        print(message, file=sys.stderr)


Train = Callable[[Chain], Iterable[Answer]]
TrainBatch = Callable[[List[Chain]], Iterable[Answer]]


def serve(train: Optional[Train] = None, *, name: str, version: str, controls: Mapping[str, Mapping[str, Any]],
          observables: Mapping[str, Mapping[str, Any]], order_parameter: str, directions: Sequence[str] = ("cold",),
          summary: str = "", sources: Sequence[str] = (), settings: Optional[Mapping[str, Mapping[str, Any]]] = None,
          setup: Optional[Callable[[Open], Optional[Mapping[str, Any]]]] = None, train_batch: Optional[TrainBatch] = None,
          batch: int = 1, pack_by: Sequence[str] = (), lanes: str = "close", saves: bool = False,
          deterministic: bool = True, precisions: Sequence[str] = ("double",),
          theory: Optional[Callable[[Mapping[str, Any], Optional[int]], Mapping[str, Any]]] = None,
          evaluate: Optional[Callable[["Question"], Mapping[str, Any]]] = None,
          evaluates: Sequence[str] = (), parameters: Optional[int] = None, starter: Optional[str] = None) -> None:
    """Speaks the protocol on standard input and output until Landau ends it. Does not return before.

    - `train(chain)`: yields an answer for each of the chain's points, in order.
    - `train_batch(chains)`: instead of it, for up to `batch` chains at once that agree in the controls of `pack_by`
      (`jax.vmap`); yields answers in any order. `lanes="exact"` promises that a batch gives the bits of its chains alone.
    - `setup(open)`: called once before the first point, with the sweep's settings; may return `fingerprint` (a hash of
      data from outside), `device` and `versions`. Raises `Refused`.
    - `settings`: declared keys of the sections data, net, training and measure, each like a control.
    - `saves`: whether `train` calls `chain.save`.
    - `evaluate(question)`: loss, gradient and Hessian action at given weights (`evaluate_jax`, `evaluate_torch`, or by hand):
      with `theta=` in answers, Landau polishes minima by Newton's method and follows branches. `parameters`: number of
      weights, where it is always the same.
    - `version` is part of every point's identity: raise it when results change.
    """
    global _worker
    if (train is None) == (train_batch is None):
        raise TypeError("serve needs one of `train` and `train_batch`")
    worker = _worker = _Worker(controls)
    setting_reals = [key for keys in (settings or {}).values() for key, value in keys.items() if value.get("kind") == "real"]
    declaration: Dict[str, Any] = {
        "type": "model", "protocol": PROTOCOL, "name": name, "version": str(version), "summary": summary,
        "sources": list(sources), "controls": dict(controls), "settings": dict(settings or {}),
        "observables": dict(observables), "orderParameter": order_parameter, "directions": list(directions),
        "precisions": list(precisions), "batch": batch if train_batch else 1, "packBy": list(pack_by), "lanes": lanes,
        "saves": saves, "theory": theory is not None, "deterministic": deterministic,
    }
    if evaluate is not None:
        declared = list(evaluates) or ["gradient", "hessianAction", "controlGradient"]
        declaration.update(evaluate=declared)
        if parameters is not None:
            declaration["parameters"] = {"count": parameters}
    if starter is not None:
        declaration["starter"] = starter
    while True:
        message = worker.inbox.get()
        if message is None:
            os._exit(0)
        kind = message.get("type")
        if kind == "hello":
            worker.send(declaration)
        elif kind == "open":
            _open(message, worker, setup, setting_reals)
        elif kind == "run":
            _run(message, worker, train, train_batch)
        elif kind == "theory" and theory is not None:
            try:
                values = _numbers(theory(message["controls"], message.get("replica")))
                worker.send({"type": "theory", "id": message["id"], "values": values})
            except Exception as error:
                _fail(worker, [message["id"]], error, traceback.format_exc())
        elif kind == "evaluate" and evaluate is not None:
            _evaluate(message, worker, evaluate)
        elif kind == "stop":
            worker.send({"type": "stopped"})
            os._exit(0)


def unavailable(message: str) -> None:
    """Says that the program cannot work here, because a library is missing say, and ends it. Does not return.

        try:
            import torch
        except ImportError as error:
            landau.unavailable(str(error))
    """
    worker = _Worker({})
    while True:
        received = worker.inbox.get()
        if received is None or received.get("type") == "stop":
            os._exit(0)
        if received.get("type") == "hello":
            worker.send({"type": "unavailable", "message": message})


def _open(message: Mapping[str, Any], worker: _Worker, setup: Optional[Callable[[Open], Optional[Mapping[str, Any]]]],
          reals: Iterable[str]) -> None:
    opened = worker.opened = Open(message, reals)
    worker.scratch = opened.scratch
    try:
        found = dict((setup(opened) if setup is not None else None) or {})
    except Refused as refusal:
        worker.send({"type": "refused", "key": refusal.key, "message": str(refusal)})
        return
    except Exception as error:
        traceback.print_exc()
        worker.send({"type": "refused", "key": "", "message": f"{type(error).__name__}: {error}"})
        return
    versions = {"python": platform.python_version(), **dict(found.get("versions", {}))}
    for module in ("numpy", "torch", "jax"):
        if module in sys.modules and module not in versions:
            versions[module] = str(getattr(sys.modules[module], "__version__", ""))
    worker.send({"type": "ready", "fingerprint": found.get("fingerprint", ""), "device": found.get("device", "cpu"),
                 "versions": versions})


def _run(message: Mapping[str, Any], worker: _Worker, train: Optional[Train], train_batch: Optional[TrainBatch]) -> None:
    try:
        if train_batch is not None:
            _run_batch(message["chains"], worker, train_batch)
        else:
            assert train is not None
            for chain in message["chains"]:
                _run_chain(chain, worker, train)
    except Stopped:
        return
    worker.send({"type": "done", "batch": message["batch"]})


#: Exceptions in one chain before the rest of it is given up.
_PATIENCE = 3


def _run_chain(message: Mapping[str, Any], worker: _Worker, train: Train) -> None:
    answered: set = set()
    skip: List[str] = []
    while True:
        chain = Chain(message, worker, skip=skip)
        try:
            for answer in train(chain):
                identities = answer["points"] if answer["type"] == "failed" else [answer["id"]]
                if not answered.issuperset(identities):
                    answered.update(identities)
                    worker.send(answer)
            return
        except Exception as error:
            trace = traceback.format_exc()
            current = chain._current.id if chain._current is not None else None
            if current is None or current in answered or len(skip) + 1 >= _PATIENCE:
                rest = [point["id"] for point in message["points"] if point["id"] not in answered]
                _fail(worker, rest, error, trace)
                return
            # The weights are gone with the exception: the chain is trained once more, past the point that failed.
            _fail(worker, [current], error, trace)
            answered.add(current)
            skip.append(current)


def _run_batch(messages: Sequence[Mapping[str, Any]], worker: _Worker, train_batch: TrainBatch) -> None:
    chains = [Chain(message, worker) for message in messages]
    answered: set = set()
    try:
        for answer in train_batch(chains):
            answered.update(answer["points"] if answer["type"] == "failed" else [answer["id"]])
            worker.send(answer)
    except Exception as error:
        # Nobody knows which chain is at fault: each is trained alone.
        if len(messages) > 1:
            for message in messages:
                points = [point for point in message["points"] if point["id"] not in answered]
                if points:
                    _run_batch([message], worker, train_batch)
            return
        trace = traceback.format_exc()
        _fail(worker, [p["id"] for p in messages[0]["points"] if p["id"] not in answered], error, trace)


def _fail(worker: _Worker, points: List[str], error: BaseException, trace: str) -> None:
    print(trace, file=sys.stderr, flush=True)
    worker.send({"type": "failed", "points": points, "message": f"{type(error).__name__}: {error}", "traceback": trace})


# ---------------------------------------------------------------------------------------------------- evaluate

class Question:
    """What Landau asks about a net at given weights: `theta` and `vectors` are arrays of float64."""

    def __init__(self, message: Mapping[str, Any]):
        self.controls: Mapping[str, Any] = message["controls"]
        self.replica: int = message.get("replica", 0)
        self.seeds: Mapping[str, int] = message.get("seeds", {})
        self.theta = decode(message["theta"])
        self.want: Sequence[str] = message["want"]
        self.vectors = [decode(vector) for vector in message.get("vectors", ())]
        self.along: Optional[str] = message.get("along")


def _evaluate(message: Mapping[str, Any], worker: _Worker, evaluate: Callable[[Question], Mapping[str, Any]]) -> None:
    try:
        values = evaluate(Question(message))
    except Exception as error:
        _fail(worker, [str(message["id"])], error, traceback.format_exc())
        return
    answer: Dict[str, Any] = {"type": "values", "id": message["id"]}
    for key, value in values.items():
        if key in ("loss", "controlDerivative"):
            answer[key] = _number(value)
        elif key == "hessianAction":
            answer[key] = [encode(vector) for vector in value]
        elif key == "observables":
            answer[key] = _numbers(value)
        else:
            answer[key] = encode(value)
    worker.send(answer)


def _split(question: Question) -> "tuple[float, Dict[str, Any]]":
    """The value of the control to differentiate by, and all the others."""
    if question.along is None:
        raise ValueError("`along` is missing: which control is to be differentiated by?")
    others = dict(question.controls)
    return float(others.pop(question.along)), others


Loss = Callable[[Any, Mapping[str, Any], Question], Any]
Measure = Callable[[Any, Mapping[str, Any], Question], Mapping[str, Any]]


def evaluate_jax(loss: Loss, observables: Optional[Measure] = None) -> Callable[[Question], Mapping[str, Any]]:
    """`evaluate` for `serve`, made of a loss in JAX: `loss(theta, controls, question)` is the regularised loss of the weights
    `theta` (a vector of float64), of which all derivatives are taken. `observables`, with the same arguments, returns other
    observables by name. Switches JAX to float64.

    The functions are compiled once for each number of weights and each set of values of the controls that are not swept.
    """
    import jax
    import jax.numpy as jnp
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    compiled: Dict[Any, Callable[..., Any]] = {}
    lanes = 16  # vectors at once: another number would be compiled anew

    def function(question: Question, others: Mapping[str, Any], names: Sequence[str]) -> Callable[..., Any]:
        key = (question.along, question.replica, tuple(names),
               tuple(sorted((name, str(value)) for name, value in others.items())))
        if key not in compiled:
            def f(theta: Any, a: Any) -> Any:
                return loss(theta, {**others, question.along: a}, question)

            def action(theta: Any, a: Any, v: Any) -> Any:
                return jax.jvp(lambda t: jax.grad(f)(t, a), (theta,), (v,))[1]

            derivatives: Dict[str, Callable[..., Any]] = {
                "loss": lambda theta, a, v: f(theta, a),
                "gradient": lambda theta, a, v: jax.grad(f)(theta, a),
                "controlDerivative": lambda theta, a, v: jax.grad(f, argnums=1)(theta, a),
                "controlGradient": lambda theta, a, v: jax.jvp(lambda b: jax.grad(f)(theta, b), (a,), (jnp.ones_like(a),))[1],
                "hessianAction": lambda theta, a, v: jax.vmap(lambda u: action(theta, a, u))(v),
            }
            if observables is not None:
                derivatives["observables"] = lambda theta, a, v: observables(theta, {**others, question.along: a}, question)
            compiled[key] = jax.jit(lambda theta, a, v: {name: derivatives[name](theta, a, v) for name in names})
        return compiled[key]

    def evaluate(question: Question) -> Mapping[str, Any]:
        a, others = _split(question)
        names = list(question.want) + (["observables"] if observables is not None else [])
        count = len(question.vectors)
        vectors = np.zeros((-(-count // lanes) * lanes, len(question.theta)))
        for row, vector in enumerate(question.vectors):
            vectors[row] = vector
        answer = dict(function(question, others, names)(np.asarray(question.theta), np.float64(a), vectors))
        if "hessianAction" in answer:
            answer["hessianAction"] = np.asarray(answer["hessianAction"])[:count]
        return answer

    return evaluate


def evaluate_torch(loss: Loss, observables: Optional[Measure] = None) -> Callable[[Question], Mapping[str, Any]]:
    """The same for a loss in PyTorch; `theta` is a vector of float64. `torch.func.functional_call` puts it into a module."""
    import torch
    from torch.func import grad, jvp

    def evaluate(question: Question) -> Mapping[str, Any]:
        a, others = _split(question)

        def f(theta: Any, value: Any) -> Any:
            return loss(theta, {**others, question.along: value}, question)

        def tensor(numbers: Any) -> Any:
            return torch.tensor(numbers, dtype=torch.float64)

        theta, value, slope = tensor(question.theta), tensor(a), grad(f)
        answer: Dict[str, Any] = {}
        for name in question.want:
            if name == "loss":
                answer[name] = f(theta, value)
            elif name == "gradient":
                answer[name] = slope(theta, value)
            elif name == "controlDerivative":
                answer[name] = grad(f, argnums=1)(theta, value)
            elif name == "controlGradient":
                answer[name] = jvp(lambda b: slope(theta, b), (value,), (torch.ones_like(value),))[1]
            elif name == "hessianAction":
                answer[name] = [jvp(lambda t: slope(t, value), (theta,), (tensor(v),))[1] for v in question.vectors]
        if observables is not None:
            answer["observables"] = observables(theta, {**others, question.along: value}, question)
        return answer

    return evaluate


# ---------------------------------------------------------------------------------------------------- ask and tell

class AskedPoint(Point):
    """A point of `points`: `converged` and its like tell Landau at once."""

    __slots__ = ("chain", "is_first", "answered")

    def __init__(self, message: Mapping[str, Any], chain: Chain, worker: "_Worker", is_first: bool):
        super().__init__(message, chain.direction, worker)
        #: The chain that it belongs to: `chain.seeds`, `chain.direction`.
        self.chain = chain
        #: Whether weights begin anew here; elsewhere they are those of the point before.
        self.is_first = is_first
        self.answered = False

    def _answer(self, outcome: str, reason: str, series: Optional[Mapping[str, Sequence[Any]]], theta: Any,
                values: Mapping[str, Any]) -> Answer:
        return self._tell(super()._answer(outcome, reason, series, theta, values))

    def failed(self, message: str) -> Answer:
        return self._tell(super().failed(message))

    def _tell(self, answer: Answer) -> Answer:
        if self.answered:
            raise RuntimeError(f"the point {self.id} has been answered already")
        self.answered = True
        self._worker.send(answer)
        return answer


#: Where `points` and the process that Landau has started meet.
_RELAY = "LANDAU_RELAY"


def points(sweep: str, *, name: str, version: str, controls: Mapping[str, Mapping[str, Any]],
           observables: Mapping[str, Mapping[str, Any]], order_parameter: str, directions: Sequence[str] = ("cold",),
           summary: str = "", landau: Sequence[str] = ("landau",), overrides: Sequence[str] = ()) -> Iterator[AskedPoint]:
    """Asks for a sweep's points one by one, in a notebook say, and tells Landau what came out:

        for point in landau.points("mine.yaml", name="my-net", version="1", controls=..., observables=..., ...):
            if point.is_first:
                w = first_weights(point.seeds["init"])
            w = fit(w, point["gamma"])
            point.converged(loss=..., squaredNorm=...)

    The sweep file says `model: {run: [python3, -m, landau_nets]}`; `landau run` is started behind the loop and prints its
    verdicts at the end. Whoever leaves the loop stops the run, and the same loop later goes on.
    """
    declaration = {
        "type": "model", "protocol": PROTOCOL, "name": name, "version": str(version), "summary": summary, "sources": [],
        "controls": dict(controls), "settings": {}, "observables": dict(observables), "orderParameter": order_parameter,
        "directions": list(directions), "precisions": ["double"],
    }
    with tempfile.TemporaryDirectory() as folder:
        to, back = os.path.join(folder, "to"), os.path.join(folder, "back")
        os.mkfifo(to)
        os.mkfifo(back)
        path = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        inherited = os.environ.get("PYTHONPATH")
        environment = dict(os.environ, PYTHONPATH=path + (os.pathsep + inherited if inherited else ""), **{_RELAY: folder})
        run = subprocess.Popen([*landau, "run", sweep, *overrides], env=environment)
        try:
            # Both ends are held open here, so that opening waits for nobody; they are closed when Landau has ended.
            pipes = os.open(to, os.O_RDWR), os.open(back, os.O_RDWR)
            worker = _Worker(controls, pipes)
            threading.Thread(target=_end_with, args=(run, to), daemon=True).start()
            yield from _asked(worker, declaration)
        finally:
            if run.poll() is None and not worker.stopping.is_set():
                run.terminate()
            run.wait()
            os.close(pipes[1])


def _end_with(run: "subprocess.Popen[bytes]", to: str) -> None:
    """A pipe that is held open has no end: the end of Landau is said by a line."""
    run.wait()
    try:
        with open(to, "wb", buffering=0) as end:
            end.write(b'{"type":"stop","within":0}\n')
    except OSError:
        pass


def _asked(worker: _Worker, declaration: Mapping[str, Any]) -> Iterator[AskedPoint]:
    while True:
        message = worker.inbox.get()
        kind = message.get("type") if message is not None else "stop"
        if kind == "hello":
            worker.send(declaration)
        elif kind == "open":
            _open(message, worker, None, ())
        elif kind == "run":
            try:
                for described in message["chains"]:
                    chain = Chain(described, worker)
                    for index, _ in enumerate(chain):
                        point = AskedPoint(chain._messages[chain._done - 1], chain, worker, index == 0)
                        yield point
                        if not point.answered:
                            point.failed("no answer")
            except Stopped:
                continue
            worker.send({"type": "done", "batch": message["batch"]})
        elif kind == "stop":
            worker.send({"type": "stopped"})
            return


def relay() -> None:
    """What Landau starts for `points`: hands lines on, in both directions, between Landau and the loop."""
    folder = os.environ.get(_RELAY)
    if folder is None:
        unavailable("points of this sweep are asked for by `landau_nets.points`, in a script or notebook of its own")
        return

    def copy(source: int, target: int) -> None:
        while True:
            block = os.read(source, 1 << 16)
            if not block:
                return
            view = memoryview(block)
            while view:
                view = view[os.write(target, view):]

    to, back = os.open(os.path.join(folder, "to"), os.O_WRONLY), os.open(os.path.join(folder, "back"), os.O_RDONLY)
    threading.Thread(target=copy, args=(back, 1), daemon=True).start()
    copy(0, to)
    os.write(to, b'{"type":"stop","within":0}\n')
    os._exit(0)
