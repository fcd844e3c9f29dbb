import Foundation
import Testing

/// Bad input gives one clear error, exit status 2, and loses nothing.
@Suite struct BadInputTests {
    @Test(arguments: [
        ("noise: 0.5", "nois: 0.5", "bad.yaml:4:9: weight-decay has no control `nois`", "did you mean `noise`?"),
        ("noise: 0.5", "noise: -1", "bad.yaml:4:16:", "`noise` must be a number"),
        ("from: 0.1,", "from: 0,", "bad.yaml:8:", "log"),
        ("from: 0.1,", "from: 9,", "bad.yaml:8:", "from"),
        ("points: 16", "points: 0", "bad.yaml:8:", "points"),
        ("depth: [1, 2]", "depth: [1, -1]", "bad.yaml:7:", "`depth` must be a whole number in 0…100, not -1"),
        ("depth: [1, 2]", "depth: []", "bad.yaml:7:", "depth"),
        ("depth: [1, 2]", "depth: [1, 40]", "bad.yaml:7:", "too deep to train"),
        ("model: weight-decay", "model: weigth-decay", "bad.yaml:2:", "did you mean `weight-decay`?"),
        ("orderParameter: squaredNorm", "orderParameter: squaredNrm", "bad.yaml:11:", "did you mean `squaredNorm`?"),
        ("order-parameter, phase", "order-parametr, phase", "order-parametr", "did you mean `order-parameter`?"),
        ("direction: [cold", "direction: [clod", "bad.yaml:10:", "cold"),
        ("inputs: 3, ", "", "bad.yaml:5:", "needs `inputs`"),
        ("samples: population", "samples: popluation", "bad.yaml:5:", "population"),
        ("samples: population", "samples: 1", "bad.yaml:5:", "samples"),
        ("seed: 3", "seed: 3\nsede: 4", "bad.yaml:4:1:", "did you mean `seed`?"),
        ("fixed: {", "fixed: {depth: 1, ", "depth", "twice"),
        ("axes:", "axes: [", "bad.yaml:", ":"),
    ]) func specErrorsNamePlaceAndRemedy(_ old: String, _ new: String, _ place: String, _ remedy: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(as: "bad", replacing: [old: new])
        let result = try landau.run("run", "bad.yaml")
        #expect(result.status == 2)
        #expect(result.errors.contains(place), "\(result.errors)")
        #expect(result.errors.contains(remedy), "\(result.errors)")
        #expect(result.output.isEmpty)
        #expect(!landau.exists("results"))
    }

    @Test(arguments: [
        ("x,y\n1,2\n3,zwei\n", "data.csv:3:2: `zwei` is not a finite number (column `y`)"),
        ("x,y\n1,2\n3,nan\n", "data.csv:3:2: `nan` is not a finite number"),
        ("x,y\n1,2\n3\n4,5\n", "data.csv:3: has 1 columns where 2 were expected"),
        ("", "data.csv: holds no rows"),
        ("x,y\n1,2\n", "data.csv: needs at least two rows"),
        ("x\n1\n2\n", "data.csv:1: needs at least two columns"),
        ("x,y\n1,2\n1,3\n", "column `x` is constant"),
    ]) func dataErrorsNameLineAndColumn(_ table: String, _ message: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(table, to: "data.csv")
        try landau.spec(replacing: [
            "{teacher: gaussian, inputs: 3, samples: population}": "{file: data.csv, standardize: true}"
        ])
        let result = try landau.run("run", "small.yaml")
        #expect(result.status == 2)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(!landau.exists("results"))
    }

    @Test func missingDataFileIsNamed() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: ["{teacher: gaussian, inputs: 3, samples: population}": "{file: none.csv}"])
        let result = try landau.run("run", "small.yaml")
        #expect(result.status == 2)
        #expect(result.errors.contains("none.csv: cannot be read: there is no such file"), "\(result.errors)")
    }

    @Test func unwritableFolderIsNamed() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        // A plain file where a folder should be: even root cannot write below it.
        try landau.write("", to: "results")
        let result = try landau.run("run", "small.yaml")
        #expect(result.status == 2)
        #expect(result.errors.contains("results"), "\(result.errors)")
        #expect(result.errors.contains("cannot be written"), "\(result.errors)")
    }

    @Test func withoutGnuplotVerdictsArePrintedAndTheStatusIsThree() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let result = try landau.run("run", "small.yaml", environment: ["PATH": "/nonexistent"])
        #expect(result.status == 3)
        #expect(result.errors.contains("gnuplot is not installed: apt-get install gnuplot-nox"), "\(result.errors)")
        #expect(result.output.contains("second"))
        #expect(result.output.contains("first"))
        #expect(try landau.run("status", "small.yaml").status == 0)
    }

    @Test(arguments: [
        (["run"], "Missing expected argument '<sweep>'"), (["bogus"], "bogus"),
        (["run", "none.yaml"], "none.yaml: no such file"), (["run", "small.yaml", "gama=1"], "did you mean `gamma`?"),
        (["run", "small.yaml", "--threads", "0"], "`--threads` must be at least 1, not 0"),
        (["run", "small.yaml", "--retry", "divergd"], "did you mean `diverged`?"),
        (["plot", "small.yaml"], "no results yet"), (["export", "small.yaml"], "no results yet"),
        (["transitions", "small.yaml"], "no results yet"),
        (["export", "small.yaml", "--format", "cvs"], "did you mean `csv`?"),
        (["plot", "small.yaml", "--format", "pgn"], "did you mean `png`?"),
        (["models", "weight"], "there is no model `weight`"), (["new", "bogus"], "there is no model `bogus`"),
        (["delete", "small.yaml"], "holds no results"),
        (["predict", "weight-decay", "depth"], "not of the form key=value"),
        (["predict", "weight-decay", "depth=1", "depth=2"], "`depth` is given twice"),
        (["predict", "weight-decay", "--points", "none.jsonl"], "none.jsonl: cannot be read"),
    ]) func usageErrorsHaveStatusTwo(_ arguments: [String], _ message: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let result = try landau.run(arguments)
        #expect(result.status == 2)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func anUnknownKernelIsRefused() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let result = try landau.run("run", "small.yaml", environment: ["LANDAU_KERNEL": "sse9"])
        #expect(result.status == 2)
        #expect(result.errors.contains("avx512, avx2, baseline"), "\(result.errors)")
    }
}
