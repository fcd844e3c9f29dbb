"""The face in Python, with the command that was built; standard library alone."""

import json
import math
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import landau_nets as landau  # noqa: E402
from landau_nets import command, frames  # noqa: E402

try:
    landau.executable()
    is_there = True
except landau.NotInstalled:
    print("SKIPPED: tests of the Python face: the command is not built", file=sys.stderr)
    is_there = False

SPEC = {
    "model": "weight-decay", "fixed": {"width": 4, "noise": 0.5},
    "data": {"teacher": "gaussian", "inputs": 3, "samples": "population"},
    "axes": {"depth": [1, 2], "gamma": {"from": 0.1, "to": 1.5, "points": 24, "spacing": "log"}}, "replicas": 4,
}


class Words(unittest.TestCase):
    def test_overrides_are_the_shells(self):
        self.assertEqual(
            command.words({"gamma": "log(0.2,1.5,64)", "replicas": 16, "data__samples": 500, "depth": [1, 2], "a": True}),
            ["gamma=log(0.2,1.5,64)", "replicas=16", "data.samples=500", "depth=1,2", "a=true"])

    def test_an_error_has_its_place(self):
        error = command.failure(
            2, 'some\n{"file":"mine.yaml","line":3,"column":9,"message":"no control `dpth`"}\nnote\n')
        self.assertEqual((error.file, error.line, error.column, error.message), ("mine.yaml", 3, 9, "no control `dpth`"))
        self.assertEqual(str(error), "mine.yaml:3:9: no control `dpth`")
        plain = command.failure(2, '{"file":null,"line":null,"column":null,"message":"wrong"}\n')
        self.assertEqual((str(plain), plain.file), ("wrong", None))
        self.assertEqual(str(command.failure(-11, "{not JSON\ncrashed\n")), "{not JSON\ncrashed")
        self.assertIsInstance(command.failure(75, ""), landau.Interrupted)

    def test_tables_are_read_and_written_column_by_column(self):
        self.assertEqual(frames.read_csv("a,b,c\n1,0.5,x\n,1e-3,y\n"), {"a": [1, None], "b": [0.5, 0.001], "c": ["x", "y"]})
        self.assertEqual(frames.table_text({"x": [1, 2.5], "y": [None, "q"]}), "x\ty\n1\tNA\n2.5\tq\n")
        self.assertEqual(frames.columns_of([(1, 2), (3, 4)]), {"1": [1, 3], "2": [2, 4]})

        class Own(float):
            def __repr__(self):
                return "own(1)"

        self.assertEqual(frames.table_text({"x": [Own(0.5)]}), "x\n0.5\n")
        self.assertEqual(command.words({"x": Own(0.5)}), ["x=0.5"])
        for name in ["", ".", "..", "a/b"]:
            with self.assertRaisesRegex(ValueError, "a folder's name"):
                landau.sweep(SPEC, name=name)
        with self.assertRaisesRegex(ValueError, "different lengths"):
            frames.table_text({"x": [1], "y": []})
        with self.assertRaisesRegex(ValueError, "tab or a line's end"):
            frames.table_text({"x": ["a\tb"]})

    def test_what_a_table_shows_is_escaped(self):
        verdicts = landau.Transitions([
            {"axis": "<b>", "order": "none", "sentence": "<script>", "curve": {}}])
        self.assertNotIn("<script>", verdicts._repr_html_())
        self.assertNotIn("<b>", verdicts._repr_html_())

    def test_a_command_that_is_missing_is_said(self):
        own = os.environ.get("LANDAU")
        os.environ["LANDAU"] = "/nowhere/landau"
        try:
            with self.assertRaisesRegex(landau.NotInstalled, "cannot be run"):
                landau.executable()
        finally:
            if own is None:
                del os.environ["LANDAU"]
            else:
                os.environ["LANDAU"] = own


@unittest.skipUnless(is_there, "the command is not built")
class Face(unittest.TestCase):
    def setUp(self):
        self._own = os.getcwd()
        self._folder = tempfile.TemporaryDirectory()
        os.environ["LANDAU"] = landau.executable()
        os.chdir(self._folder.name)

    def tearDown(self):
        os.chdir(self._own)
        self._folder.cleanup()
        del os.environ["LANDAU"]

    def test_a_sweep_from_a_dict_to_its_verdicts(self):
        sweep = landau.sweep(SPEC, name="mine").run(quiet=True)
        self.assertTrue(sweep.status()["complete"])
        verdicts = sweep.transitions()
        self.assertEqual([t.order for t in verdicts], ["second", "first"])
        first = verdicts.of(depth=2)[0]
        self.assertLess(abs(first.location - first.exact["location"]), 1e-6)
        self.assertTrue(first.interval[0] <= first.exact["location"] <= first.interval[1])
        self.assertIn("first", str(verdicts))
        self.assertIn(r"\begin{tabular}", verdicts.to_latex())
        columns = sweep.observations("columns")
        self.assertEqual(len(columns["gamma"]), 2 * 24 * 4)
        self.assertEqual(set(columns["depth"]), {1, 2})
        curve = sweep.curve(depth=2, observable="squaredNorm")
        self.assertEqual((curve.axis, len(curve.control), set(curve.replicas)), ("gamma", 24, {4}))
        low, high = curve.band
        self.assertTrue(all(a <= m <= b for a, m, b in zip(low, curve.mean, high)))
        with self.assertRaisesRegex(KeyError, "no observable"):
            sweep.curve(depth=2, observable="sqaredNorm")

    def test_results_are_read_without_their_sweep_file(self):
        landau.sweep(SPEC, name="mine").run(quiet=True)
        results = landau.load("results/mine")
        self.assertIn("gamma", results.controls)
        self.assertEqual(len(results.observations("columns")["loss"]), 2 * 24 * 4)
        self.assertIn("weight-decay", results.spec)
        self.assertTrue(results.status()["complete"])
        sweep = landau.sweep("results/mine/sweep.yaml", out="results/mine")
        self.assertEqual(results.transitions(), sweep.transitions())
        self.assertEqual(results.curve(depth=2, observable="loss").mean, sweep.curve(depth=2, observable="loss").mean)
        # As the command orders them.
        self.assertEqual(results.observations("columns"), sweep.observations("columns"))
        with self.assertRaises(FileNotFoundError):
            landau.load(".")

    def test_overrides_belong_to_the_sweep(self):
        with open("mine.yaml", "w") as file:
            json.dump(SPEC, file)
        sweep = landau.sweep("mine.yaml", depth=1, replicas=2).run(quiet=True)
        self.assertEqual(len(sweep.observations("columns")["gamma"]), 48)
        self.assertEqual(sweep.folder, "results/mine")

    def test_a_refusal_is_an_exception_with_its_place(self):
        with open("mine.yaml", "w") as file:
            file.write("model: weight-decay\nfixed: {dpth: 2}\naxes: {gamma: [0.1, 0.2]}\n")
        with self.assertRaises(landau.LandauError) as caught:
            landau.sweep("mine.yaml").run(quiet=True)
        self.assertEqual((caught.exception.line, caught.exception.column), (2, 9))
        self.assertIn("dpth", caught.exception.message)

    def test_theory_answers_one_question_or_many(self):
        one = landau.predict("weight-decay", depth=1, gamma=0.2)
        many = landau.predict("weight-decay", points=[{"gamma": 0.2}, {"gamma": -1}, {"gamma": 0.3}], depth=1)
        self.assertEqual(one, many[0])
        self.assertIn("error", many[1])
        self.assertEqual(len(many), 3)
        with self.assertRaisesRegex(landau.LandauError, "did you mean `depth`"):
            landau.predict("weight-decay", depht=2)

    def test_a_table_of_ones_own_is_judged_as_the_command_judges_it(self):
        x = [0.05 * k for k in range(1, 41)]
        y = [math.sqrt(max(0.0, 1 - v)) + 0.002 * ((7 * k) % 5 - 2) for k, v in enumerate(x)]
        frame = {"wd": x, "acc": y, "std": [0.003] * len(x)}
        verdicts = landau.judge(frame, control="wd", value="acc", error="std")
        with open("t.tsv", "w") as file:
            file.write(frames.table_text(frame))
        self.assertEqual(
            verdicts, landau.Transitions(command.answer(
                "transitions", "t.tsv", "--columns", "control=wd,value=acc,error=std", "--json")))
        self.assertEqual(verdicts[0].order, "second")
        self.assertTrue(verdicts[0].interval[0] <= 1 <= verdicts[0].interval[1])
        # Columns without names have numbers, and no number is taken for a row.
        array = landau.judge(list(zip(x, y, [0.003] * len(x))), control=1, value=2, error=3)
        self.assertEqual((array[0].location, array[0].interval), (verdicts[0].location, verdicts[0].interval))
        self.assertEqual(landau.judge({"0": y, "7": x}, control="7", value="0")[0].location,
                         landau.judge({"y": y, "x": x}, control="x", value="y")[0].location)
        with self.assertRaisesRegex(KeyError, "no column `w`"):
            landau.judge(frame, control="w", value="acc")

    def test_nets_are_handed_out_point_by_point(self):
        sweep = landau.sweep(SPEC, name="mine").run(quiet=True)
        nets = sweep.weights(depth=2, gamma=0.3)
        self.assertEqual([net.replica for net in nets], [0, 1, 2, 3])
        self.assertEqual(list(nets[0].arrays), ["W1", "W2", "W3"])
        self.assertEqual((len(nets[0].arrays["W1"]), len(nets[0].arrays["W1"][0])), (4, 3))
        columns = sweep.observations("columns")
        self.assertIn(nets[0].controls["gamma"], columns["gamma"])
        self.assertEqual(len(landau.load("results/mine").weights(depth=1, gamma=[0.2, 0.5], replica=1)), 2)
        with self.assertRaisesRegex(landau.LandauError, "no point of the sweep has `depth` 7"):
            sweep.weights(depth=7)

    def test_an_archive_of_nets_is_a_zip_of_arrays(self):
        import ast
        import io
        import struct
        import subprocess
        import zipfile

        sweep = landau.sweep(SPEC, name="mine", depth=2).run(quiet=True)
        data = subprocess.run([landau.executable(), "export", "results/mine", "--weights", "--format", "npz"],
                              capture_output=True, check=True).stdout
        archive = zipfile.ZipFile(io.BytesIO(data))
        self.assertIsNone(archive.testzip())
        columns = sweep.observations("columns")
        arrays = {}
        for name in archive.namelist():
            content = archive.read(name)
            self.assertEqual(content[:8], b"\x93NUMPY\x01\x00")
            length = struct.unpack("<H", content[8:10])[0]
            self.assertEqual((10 + length) % 64, 0)
            header = ast.literal_eval(content[10:10 + length].decode("latin1"))
            self.assertFalse(header["fortran_order"])
            arrays[name] = (header["descr"], header["shape"], content[10 + length:])
        kind, shape, body = arrays["gamma.npy"]
        self.assertEqual((kind, shape), ("<f8", (96,)))
        self.assertEqual(list(struct.unpack("<96d", body)), columns["gamma"])
        self.assertEqual(list(struct.unpack("<96q", arrays["replica.npy"][2])), columns["replica"])
        self.assertEqual(arrays["direction.npy"][:2], ("<U4", (96,)))
        self.assertEqual(arrays["direction.npy"][2].decode("utf-32-le"), "cold" * 96)
        self.assertEqual(arrays["W2.npy"][:2], ("<f8", (96, 4, 4)))

    def test_keys_are_those_of_the_schemas(self):
        import importlib.util

        here = os.path.dirname(os.path.abspath(__file__))
        path = os.path.join(here, "..", "keys.py")
        spec = importlib.util.spec_from_file_location("keys_maker", path)
        maker = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(maker)
        with open(os.path.join(here, "..", "landau_nets", "keys.py"), encoding="utf-8") as file:
            self.assertEqual(file.read(), maker.main(landau.executable()), "python3 python/keys.py LANDAU writes it anew")
        from landau_nets import keys

        self.assertIn("gamma", keys.WeightDecayFixed.__annotations__)
        self.assertIn("multiplies Σ‖W‖² without ½", keys.WeightDecayFixed.__doc__)

    def test_ten_thousand_points_are_judged_as_the_command_judges_them(self):
        x = [2 * k / 10_000 for k in range(10_000)]
        y = [math.sqrt(max(0.0, 1 - v)) + 0.01 * ((7919 * k) % 201 - 100) / 100 for k, v in enumerate(x)]
        verdicts = landau.judge({"x": x, "y": y, "e": [0.006] * len(x)}, control="x", value="y", error="e")
        self.assertEqual(verdicts[0].order, "second")
        self.assertTrue(verdicts[0].interval[0] <= 1 <= verdicts[0].interval[1])

    def test_models_and_schemas(self):
        self.assertIn("weight-decay", landau.models())
        self.assertEqual(landau.schema("weight-decay")["properties"]["model"]["const"], "weight-decay")


if __name__ == "__main__":
    unittest.main()
