"""The face with the libraries that it can speak to, and the notebook of the documentation. Each is left out, loudly, where
it is not installed."""

import importlib
import json
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))

import landau_nets as landau  # noqa: E402

SPEC = {
    "model": "weight-decay", "fixed": {"width": 4, "noise": 0.5},
    "data": {"teacher": "gaussian", "inputs": 3, "samples": "population"},
    "axes": {"depth": [1, 2], "gamma": {"from": 0.1, "to": 1.5, "points": 12, "spacing": "log"}},
    "direction": ["cold", "up"], "replicas": 3, "figures": [],
}


def needed(*names):
    """Leaves a test out, and says so, where one of the libraries is missing."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            print(f"SKIPPED: the Python face with {name}: it is not installed", file=sys.stderr)
            raise unittest.SkipTest(f"{name} is not installed")


class Frames(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls._own = os.getcwd()
        cls._folder = tempfile.TemporaryDirectory()
        os.environ["LANDAU"] = os.path.abspath(landau.executable())
        os.chdir(cls._folder.name)
        cls.sweep = landau.sweep(SPEC, name="mine").run(quiet=True)
        cls.columns = cls.sweep.observations("columns")

    @classmethod
    def tearDownClass(cls):
        os.chdir(cls._own)
        cls._folder.cleanup()

    def test_every_frame_holds_the_same_numbers(self):
        rows = 2 * 12 * 3 * 2
        self.assertEqual(len(self.columns["loss"]), rows)
        needed("pandas")
        self.assertEqual(self.sweep.observations("pandas")["loss"].tolist(), self.columns["loss"])
        # A table comes back from each of them as it went.
        table = {"gamma": self.columns["gamma"], "loss": self.columns["loss"]}
        needed("polars")
        self.assertEqual(self.sweep.observations("polars")["loss"].to_list(), self.columns["loss"])
        needed("pyarrow")
        self.assertEqual(self.sweep.observations("arrow")["loss"].to_pylist(), self.columns["loss"])
        import pandas
        import polars
        import pyarrow

        for frame in [pandas.DataFrame(table), polars.DataFrame(table), pyarrow.table(table)]:
            self.assertEqual(landau.frames.columns_of(frame), table)

    def test_dimensions_are_what_varies(self):
        needed("pandas", "xarray")
        data = self.sweep.observations("xarray")
        self.assertEqual(dict(data.sizes), {"depth": 2, "gamma": 12, "replica": 3, "direction": 2})
        self.assertEqual(set(data["loss"].dims), {"depth", "gamma", "replica", "direction"})
        k = 17
        place = {name: self.columns[name][k] for name in ("depth", "gamma", "replica", "direction")}
        self.assertEqual(float(data["loss"].sel(place)), self.columns["loss"][k])
        # A folder's frame is the same.
        self.assertTrue(landau.load("results/mine").observations("xarray")["loss"].equals(data["loss"]))

    def test_judge_takes_every_frame_and_arrays(self):
        needed("numpy", "pandas", "polars")
        import numpy
        import pandas
        import polars

        x = numpy.linspace(0.05, 2, 40)
        y = numpy.sqrt(numpy.maximum(0, 1 - x)) + 0.002 * ((7 * numpy.arange(40)) % 5 - 2)
        table = {"x": x.tolist(), "y": y.tolist()}
        want = landau.judge(table, control="x", value="y")
        self.assertEqual(want[0].order, "second")
        for frame in [pandas.DataFrame(table), polars.DataFrame(table), {"x": x, "y": y}]:
            self.assertEqual(landau.judge(frame, control="x", value="y"), want)
        array = landau.judge(numpy.column_stack([x, y]), control=1, value=2)
        self.assertEqual(array[0].location, want[0].location)

    def test_weights_are_arrays(self):
        needed("numpy")
        import numpy

        for net in self.sweep.weights(depth=2, gamma=0.2, direction="cold"):
            self.assertEqual([a.shape for a in net.arrays.values()], [(4, 3), (4, 4), (1, 4)])
            k = next(k for k in range(len(self.columns["loss"]))
                     if all(self.columns[n][k] == v for n, v in
                            [*net.controls.items(), ("replica", net.replica), ("direction", net.direction)]))
            square = sum(float(numpy.sum(a * a)) for a in net.arrays.values())
            self.assertAlmostEqual(square, self.columns["squaredNorm"][k], delta=1e-11)

    def test_archives_are_read_by_numpy(self):
        needed("numpy")
        import subprocess

        import numpy

        with open("nets.npz", "wb") as file:
            subprocess.run([landau.executable(), "export", "results/mine", "--weights", "--format", "npz"], stdout=file,
                           check=True)
        nets = numpy.load("nets.npz")
        one, two = ("1/", "2/") if nets["1/depth"][0] == 1 else ("2/", "1/")
        self.assertEqual(nets[two + "W2"].shape, (12 * 3 * 2, 4, 4))
        self.assertEqual(set(nets[two + "depth"]), {2.0})
        self.assertEqual(set(nets[one + "direction"]), {"cold", "up"})
        self.assertEqual(set(nets[one + "replica"].tolist()), {0, 1, 2})
        square = sum((nets[f"{two}W{k}"] ** 2).sum(axis=(1, 2)) for k in (1, 2, 3))
        stored = {(g, r, d): s for dp, g, r, d, s in
                  zip(*(self.columns[n] for n in ("depth", "gamma", "replica", "direction", "squaredNorm"))) if dp == 2}
        for g, r, d, s in zip(nets[two + "gamma"], nets[two + "replica"], nets[two + "direction"], square):
            self.assertAlmostEqual(s, stored[g, r, d], delta=1e-11)

    def test_a_curve_is_drawn_with_its_verdicts(self):
        needed("matplotlib")
        import matplotlib

        matplotlib.use("agg")
        import matplotlib.pyplot as pyplot

        ax = self.sweep.curve(depth=2, observable="squaredNorm").plot(pyplot.figure().add_subplot())
        self.assertEqual(ax.get_xlabel(), "gamma")
        curve, mark = ax.get_lines()
        self.assertEqual(len(curve.get_xdata()), 12)
        self.assertEqual(mark.get_xdata()[0], self.sweep.transitions().of(depth=2)[0].location)
        pyplot.savefig("curve.png")


class Notebook(unittest.TestCase):
    PATH = os.path.join(HERE, "..", "..", "docs", "notebook.ipynb")

    def test_the_repository_keeps_no_outputs(self):
        with open(self.PATH, encoding="utf-8") as file:
            cells = json.load(file)["cells"]
        for cell in cells:
            if cell["cell_type"] == "code":
                self.assertEqual((cell["outputs"], cell["execution_count"]), ([], None))

    def test_it_runs_to_a_figure_for_a_paper(self):
        needed("nbclient", "nbformat", "ipykernel", "matplotlib", "pandas")
        import nbformat
        from nbclient import NotebookClient

        with tempfile.TemporaryDirectory() as folder:
            notebook = nbformat.read(self.PATH, as_version=4)
            # The kernel finds the package and the command where this test has them.
            os.environ["PYTHONPATH"] = os.path.abspath(os.path.join(HERE, ".."))
            os.environ["LANDAU"] = os.path.abspath(landau.executable())
            NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
            self.assertGreater(os.path.getsize(os.path.join(folder, "figure.pdf")), 2000)
            shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
            self.assertTrue(any("text/html" in output.get("data", {}) for output in shown))
            self.assertTrue(any("first" in json.dumps(output.get("data", {})) for output in shown))


if __name__ == "__main__":
    unittest.main()
