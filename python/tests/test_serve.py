"""The helper, spoken to as Landau speaks to it: real children, real pipes."""
import base64
import json
import os
import struct
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))

HEAD = """
import sys
import landau_nets as landau
controls = {"gamma": landau.real(low=0), "width": landau.integer(1, 64, default=4)}
observables = {"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma")}
def serve(train, **more):
    landau.serve(train, name="toy", version="1", controls=controls, observables=observables,
                 order_parameter="squaredNorm", directions=["cold", "up"], **more)
"""


class Program:
    """A child that runs a script with the helper."""

    def __init__(self, script):
        environment = dict(os.environ, PYTHONPATH=os.path.dirname(HERE))
        self.child = subprocess.Popen([sys.executable, "-c", HEAD + textwrap.dedent(script)], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.stdin.close()
        self.child.wait(timeout=30)
        self.child.stdout.close()
        self.child.stderr.close()

    def say(self, **message):
        self.child.stdin.write(json.dumps(message).encode() + b"\n")
        self.child.stdin.flush()

    def hear(self):
        return json.loads(self.child.stdout.readline())

    def open(self, **more):
        self.say(type="hello", protocol=1, landau="test")
        declaration = self.hear()
        self.say(type="open", seed=1, precision="double", effort=1, settings=more.pop("settings", {}), folder=".",
                 scratch=more.pop("scratch", "."))
        return declaration, self.hear()

    def train(self, gammas, direction="up", **more):
        points = [{"id": f"c.{i}", "controls": {"gamma": g, "width": 4}, "replica": 0,
                   "seeds": {"data": 1, "init": 2, "point": 3 + i}} for i, g in enumerate(gammas)]
        chain = {"id": "c", "direction": direction, "along": "gamma", "skip": [], "points": points, **more}
        self.say(type="run", batch=1, want=[], chains=[chain])
        messages = []
        while not messages or messages[-1]["type"] != "done":
            messages.append(self.hear())
        return messages


class ServeTests(unittest.TestCase):
    def test_declares_what_it_was_told(self):
        with Program("serve(lambda chain: iter(()))") as program:
            declaration, ready = program.open()
        self.assertEqual(declaration["protocol"], 1)
        self.assertEqual(declaration["controls"]["width"], {"kind": "integer", "low": 1, "high": 64, "default": 4, "meaning": ""})
        self.assertEqual(declaration["observables"]["squaredNorm"]["derivative"], ["loss", 1, "gamma"])
        self.assertFalse(declaration["observables"]["loss"]["orderParameter"])
        self.assertEqual(ready["type"], "ready")
        self.assertIn("python", ready["versions"])

    def test_weights_carry_over_along_a_chain(self):
        with Program("""
            def train(chain):
                w = 0
                for point in chain:
                    w += point["gamma"]
                    yield point.converged(loss=1, squaredNorm=w)
            serve(train)""") as program:
            program.open()
            answers = program.train([1, 2, 4])
        self.assertEqual([a["values"]["squaredNorm"] for a in answers[:-1]], [1, 3, 7])

    def test_prints_reach_the_log_and_not_the_protocol(self):
        with Program("""
            import os
            def train(chain):
                for point in chain:
                    print('{"type":"done","batch":1}')
                    os.system("echo from a child")
                    yield point.converged(loss=1)
            serve(train)""") as program:
            program.open()
            answers = program.train([1, 2])
            program.child.stdin.close()
            log = program.child.stderr.read().decode()
        self.assertEqual([a["type"] for a in answers], ["point", "point", "done"])
        self.assertIn("from a child", log)

    def test_numbers_that_are_not_finite_are_absent(self):
        with Program("""
            def train(chain):
                for point in chain:
                    yield point.diverged(loss=float("nan"), squaredNorm=float("inf"))
            serve(train)""") as program:
            program.open()
            answer = program.train([1])[0]
        self.assertEqual(answer["values"], {})
        self.assertEqual(answer["outcome"], "diverged")

    def test_an_exception_costs_its_point_and_the_chain_goes_on(self):
        with Program("""
            def train(chain):
                w = 0
                for point in chain:
                    w += point["gamma"]
                    if point["gamma"] == 2:
                        raise ValueError("no two")
                    yield point.converged(squaredNorm=w)
            serve(train)""") as program:
            program.open()
            answers = program.train([1, 2, 4])
        self.assertEqual([a["type"] for a in answers], ["point", "failed", "point", "done"])
        self.assertEqual(answers[1]["points"], ["c.1"])
        self.assertEqual(answers[1]["message"], "ValueError: no two")
        self.assertIn("Traceback", answers[1]["traceback"])
        # Trained once more from the beginning, past the point that failed.
        self.assertEqual(answers[2]["values"]["squaredNorm"], 5)

    def test_points_to_skip_are_walked_over(self):
        with Program("""
            def train(chain):
                for point in chain:
                    yield point.converged(squaredNorm=point["gamma"])
            serve(train)""") as program:
            program.open()
            answers = program.train([1, 2, 4], skip=["c.1"])
        self.assertEqual([a["id"] for a in answers[:-1]], ["c.0", "c.2"])

    def test_a_saved_state_comes_back(self):
        script = """
            def train(chain):
                w = chain.state or 0
                for point in chain:
                    w += point["gamma"]
                    yield point.converged(squaredNorm=w)
                    chain.save(w, every=0)
            serve(train, saves=True)"""
        with tempfile.TemporaryDirectory() as scratch:
            with Program(script) as program:
                program.open(scratch=scratch)
                whole = program.train([1, 2, 4])
            save = [m for m in whole if m["type"] == "save"][1]
            self.assertEqual((save["done"], save["state"]), (2, "c-2.json"))
            with Program(script) as program:
                program.open(scratch=scratch)
                rest = program.train([1, 2, 4], resume={"state": save["state"], "done": save["done"]})
        self.assertEqual([m["values"] for m in rest if m["type"] == "point"], [{"squaredNorm": 7}])

    def test_quick_points_are_not_saved_one_by_one(self):
        with Program("""
            def train(chain):
                for point in chain:
                    yield point.converged(squaredNorm=1)
                    chain.save(1)
            serve(train, saves=True)""") as program:
            program.open()
            self.assertEqual([m["type"] for m in program.train([1, 2, 4])], ["point", "point", "point", "done"])

    def test_a_real_control_arrives_as_a_float_and_a_whole_one_as_an_int(self):
        with Program("""
            def train(chain):
                for point in chain:
                    kinds = [type(point["gamma"]), type(chain.controls["gamma"]), type(point["width"])]
                    yield point.converged(squaredNorm=kinds == [float, float, int])
            serve(train)""") as program:
            program.open()
            answers = program.train([1])
        self.assertEqual(answers[0]["values"], {"squaredNorm": 1.0})

    def test_a_program_without_its_library_says_so(self):
        with Program("landau.unavailable('No module named torch')") as program:
            program.say(type="hello", protocol=1, landau="test")
            self.assertEqual(program.hear(), {"type": "unavailable", "message": "No module named torch"})

    def test_settings_are_refused_by_their_key(self):
        with Program("""
            def setup(opened):
                raise landau.Refused("data.samples", f"at most 10 samples, not {opened.data['samples']}")
            serve(lambda chain: iter(()), setup=setup)""") as program:
            _, answer = program.open(settings={"data": {"samples": 12}})
        self.assertEqual(answer, {"type": "refused", "key": "data.samples", "message": "at most 10 samples, not 12"})

    def test_the_end_of_input_ends_training(self):
        with Program("""
            import time
            def train(chain):
                for point in chain:
                    while not point.stopping:
                        time.sleep(0.01)
                    return
                    yield
            serve(train)""") as program:
            program.open()
            program.say(type="run", batch=1, want=[], chains=[{
                "id": "c", "direction": "cold", "along": "gamma", "skip": [], "points": [
                    {"id": "c.0", "controls": {"gamma": 1}, "replica": 0, "seeds": {"data": 1, "init": 2, "point": 3}}]}])
            program.child.stdin.close()
            self.assertEqual(program.child.wait(timeout=30), 0)

    def test_a_series_needs_its_steps(self):
        with Program("""
            def train(chain):
                for point in chain:
                    yield point.completed(loss=1, series={"step": [0, 10], "loss": [2.5, float("nan")]})
            serve(train)""") as program:
            program.open()
            answer = program.train([1])[0]
        self.assertEqual(answer["series"], {"step": [0.0, 10.0], "loss": [2.5, None]})

    def test_vectors_are_little_endian_doubles(self):
        with Program("""
            def evaluate(question):
                w = question.theta[0]
                return {"loss": w * w, "gradient": [2 * w], "hessianAction": [[2 * v[0]] for v in question.vectors]}
            serve(lambda chain: iter(()), evaluate=evaluate, parameters=1)""") as program:
            declaration, _ = program.open()
            program.say(type="evaluate", id=1, controls={"gamma": 1}, replica=0, seeds={}, along="gamma",
                        theta=base64.b64encode(struct.pack("<d", 3)).decode(), want=["loss", "gradient", "hessianAction"],
                        vectors=[base64.b64encode(struct.pack("<d", 5)).decode()])
            values = program.hear()
        self.assertEqual(declaration["parameters"], {"count": 1})
        self.assertEqual(values["loss"], 9)
        self.assertEqual(struct.unpack("<d", base64.b64decode(values["gradient"])), (6,))
        self.assertEqual(struct.unpack("<d", base64.b64decode(values["hessianAction"][0])), (10,))

    def test_an_error_in_evaluate_is_said(self):
        with Program("""
            def evaluate(question):
                return {"loss": 1 / 0}
            serve(lambda chain: iter(()), evaluate=evaluate)""") as program:
            declaration, _ = program.open()
            program.say(type="evaluate", id=7, controls={"gamma": 1}, theta="", want=["loss"], vectors=[], along="gamma")
            answer = program.hear()
        self.assertNotIn("parameters", declaration)
        self.assertEqual((answer["type"], answer["points"], answer["message"]),
                         ("failed", ["7"], "ZeroDivisionError: division by zero"))

    def test_an_error_in_the_theory_is_said(self):
        with Program("""
            serve(lambda chain: iter(()), theory=lambda controls, replica: {"loss": 1 / controls["gamma"]})""") as program:
            program.open()
            program.say(type="theory", id="1", controls={"gamma": 0}, replica=None)
            failed = program.hear()
            program.say(type="theory", id="2", controls={"gamma": 4}, replica=None)
            values = program.hear()
        self.assertEqual((failed["type"], failed["points"]), ("failed", ["1"]))
        self.assertEqual(values, {"type": "theory", "id": "2", "values": {"loss": 0.25}})

    def evaluated(self, library, power):
        """What `evaluate` answers for the loss sum(w ** 3) + gamma w.w at w = (1, 2) and gamma = 0.5."""
        with Program(f"""
            try:
                import {library}
            except ImportError as error:
                landau.unavailable(str(error))
            loss = lambda theta, controls, question: (theta ** 3).sum() + controls["gamma"] ** 2 * (theta ** 2).sum()
            measure = lambda theta, controls, question: {{"m": theta.sum()}}
            serve(lambda chain: iter(()), evaluate=landau.{power}(loss, measure))""") as program:
            program.say(type="hello", protocol=1, landau="test")
            declaration = program.hear()
            if declaration["type"] == "unavailable":
                self.skipTest(f"SKIPPED: {declaration['message']}")
            program.say(type="open", seed=1, precision="double", effort=1, settings={}, folder=".", scratch=".")
            program.hear()
            pack = lambda *x: base64.b64encode(struct.pack(f"<{len(x)}d", *x)).decode()
            want = ["loss", "controlDerivative", "gradient", "hessianAction", "controlGradient"]
            program.say(type="evaluate", id=1, controls={"gamma": 0.5, "width": 4}, theta=pack(1, 2), want=want, along="gamma",
                        vectors=[pack(1, 0), pack(1, 1), pack(0, 1)])
            values = program.hear()
        unpack = lambda text: struct.unpack("<2d", base64.b64decode(text))
        self.assertEqual((values["loss"], values["controlDerivative"]), (9 + 1.25, 5))
        self.assertEqual(unpack(values["gradient"]), (3.5, 13))
        self.assertEqual([unpack(v) for v in values["hessianAction"]], [(6.5, 0), (6.5, 12.5), (0, 12.5)])
        self.assertEqual(unpack(values["controlGradient"]), (2, 4))
        self.assertEqual(values["observables"], {"m": 3})

    def test_evaluate_is_made_of_a_loss_in_jax(self):
        self.evaluated("jax", "evaluate_jax")

    def test_evaluate_is_made_of_a_loss_in_pytorch(self):
        self.evaluated("torch", "evaluate_torch")


if __name__ == "__main__":
    unittest.main()
