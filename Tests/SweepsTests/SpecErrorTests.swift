import Foundation
import PhaseSpace
import Sweeps
import Testing

/// A spec, where its fault stands, and what is said of it.
struct Fault: CustomTestStringConvertible, Sendable {
    let text: String
    let place: String
    let message: String
    init(_ text: String, _ place: String, _ message: String) {
        self.text = text
        self.place = place
        self.message = message
    }
    /// A fault in the one line behind `model: toy-equilibrium`.
    init(line: String, _ column: Int, _ message: String) {
        self.init("model: toy-equilibrium\n\(line)\n", "2:\(column)", message)
    }
    var testDescription: String { text }
}

@Suite struct SpecErrorTests {
    let bench = Workbench()

    static let faults: [Fault] = [
        // The file as YAML
        Fault("", "", "the file is empty; a sweep names at least its `model`"),
        Fault("# nothing\n", "", "the file is empty; a sweep names at least its `model`"),
        Fault("- a\n", "1:1", "a sweep is a mapping such as `model: …`, not a list"),
        Fault("model: [a\n", "2:1", "not valid YAML: did not find expected ',' or ']'"),
        Fault("model: a\nmodel: b\n", "1:1", "`model` stands twice in this mapping; keep one"),
        Fault("model: *x\n", "1:8", "not valid YAML: found undefined alias"),
        Fault("? [a, b]\n: c\n", "1:3", "a key must be a name, not a list"),
        Fault("a: &x [1]\n? *x\n: c\n", "", "an alias cannot be a key; write the key out"),
        Fault(
            "model: !ruby/object toy-equilibrium\n", "1:8",
            "the YAML tag `!ruby/object` means nothing here; leave it out"),
        // Model and keys
        Fault("axes: {gamma: 1}\n", "", "`model` is missing; known: toy-equilibrium, toy-dynamics"),
        Fault(
            "model: toy-equilibrum\n", "1:8",
            "no model `toy-equilibrum` (did you mean `toy-equilibrium`?); known: toy-equilibrium, toy-dynamics"),
        Fault(
            line: "axis: {gamma: 1}", 1,
            "unknown key `axis` (did you mean `axes`?); known: title, model, seed, along, replicas, direction, "
                + "orderParameter, figures, precision, quick, expect, workers, threads, gpus, timeout, watch, fixed, data, "
                + "axes, zip, derived, net, training, measure, refine, stopWhen"
        ),
        Fault(line: "seed:", 1, "`seed` has no value"),
        Fault(line: "seed: -1", 7, "`seed` must be a whole number in 0…18446744073709551615, not `-1`"),
        Fault(line: "replicas: 0\naxes: {gamma: 1}", 11, "`replicas` must be a whole number in 1…10000000, not `0`"),
        Fault(
            line: "axes: {gamma: 1}\ndirection: upp", 0,
            "toy-equilibrium has no direction `upp` (did you mean `up`?); it has cold, up, down"),
        Fault(line: "axes: {gamma: 1}\ndirection: [up, up]", 0, "the direction `up` stands here twice"),
        Fault(
            line: "axes: {gamma: 1}\norderParameter: squareNorm", 0,
            "toy-equilibrium has no observable `squareNorm` (did you mean `squaredNorm`?); "
                + "it has loss, zeroNetLoss, squaredNorm, overlap"),
        Fault(
            line: "axes: {gamma: 1}\nalong: depth", 0,
            "`along` must name an axis of numbers, not `depth`; numeric axes: gamma"),
        // Controls
        Fault(
            line: "axes: {gama: [1]}", 8,
            "toy-equilibrium has no control `gama` (did you mean `gamma`?); "
                + "it has gamma, depth, width, noise, activation, fault, tilt"),
        Fault(line: "fixed: {depth: 1}", 1, "toy-equilibrium needs `gamma` under `fixed` or `axes`: a number > 0"),
        Fault(line: "fixed: {gamma: 0}", 16, "`gamma` must be a number > 0, not 0"),
        Fault(line: "fixed: {gamma: abc}", 16, "`gamma` must be a number > 0, not abc"),
        Fault(line: "fixed: {gamma: '1'}", 16, "`gamma` must be a number > 0, not 1; leave the quotes out"),
        Fault(line: "fixed: {gamma: }", 16, "`gamma` has no value; it must be a number > 0"),
        Fault(line: "fixed: {gamma: {from: 1}}", 16, "`gamma` must be a number > 0, not a mapping"),
        Fault(line: "fixed: {gamma: 1, depth: 1.5}", 26, "`depth` must be a whole number in 0…8, not 1.5"),
        Fault(
            line: "fixed: {gamma: 1, activation: tan}", 31,
            "`activation` has no value `tan` (did you mean `tanh`?); allowed: linear, tanh, relu"),
        // Numbers that readers of YAML take differently
        Fault(
            line: "fixed: {gamma: 010}", 16,
            "`gamma`: `010` has a leading zero, which some YAML readers take for octal; leave it out"),
        Fault(
            line: "fixed: {gamma: 1:30}", 16,
            "`gamma`: `1:30` is a base-60 number to some YAML readers; write a decimal number"),
        Fault(line: "fixed: {gamma: .inf}", 16, "`gamma`: `.inf` is not a finite number"),
        Fault(line: "fixed: {gamma: -.Inf}", 16, "`gamma`: `-.Inf` is not a finite number"),
        Fault(line: "fixed: {gamma: .nan}", 16, "`gamma`: `.nan` is not a finite number"),
        Fault(line: "fixed: {gamma: 0x1F}", 16, "`gamma`: `0x1F` must be written as a decimal number"),
        Fault(line: "fixed: {gamma: 1_000}", 16, "`gamma`: `1_000` must be written without `_`"),
        Fault(line: "fixed: {gamma: 1e999}", 16, "`gamma`: `1e999` is out of the range of double precision"),
        Fault(line: "fixed: {gamma: 1e-999}", 16, "`gamma`: `1e-999` is out of the range of double precision"),
        // Axes
        Fault(line: "axes: {gamma: []}", 15, "the axis `gamma` has no values"),
        Fault(
            line: "axes: {gamma: [0.1, 0.2, 0.10]}", 26,
            "the axis `gamma` has the value 0.1 twice (values are rounded to 12 digits)"),
        Fault(line: "axes: {gamma: [0.1, -2]}", 21, "`gamma` must be a number > 0, not -2"),
        Fault(
            line: "axes: {gamma: {from: 1, to: 0.5, points: 3}}", 29,
            "the range of `gamma` runs downwards, from 1 to 0.5; swap the ends"),
        Fault(
            line: "axes: {gamma: {from: 0, to: 1, points: 3, spacing: log}}", 15,
            "a log range of `gamma` must start above 0, not at 0; log(0.001,1,3) would do"),
        Fault(
            line: "axes: {gamma: {from: 1, to: 2, points: 0}}", 40,
            "`points` must be a whole number in 1…10000000, not `0`"),
        Fault(
            line: "axes: {gamma: {from: 1, to: 2, points: 1}}", 40,
            "one point cannot reach from 1 to 2, both ends included; take 2 or more"),
        Fault(
            line: "axes: {gamma: {from: 1, to: 2, steps: 3}}", 32,
            "unknown key `steps` (did you mean `step`?) in the range of `gamma`; "
                + "a range is {from, to, points, spacing} or {from, to, step}"),
        Fault(
            line: "axes: {gamma: {from: 1, to: 2, step: 0.3}}", 38,
            "steps of 0.3 from 1 do not reach 2, which is part of the range; "
                + "`to: 1.9` or `step: 0.25` would fit"),
        Fault(line: "axes: {gamma: {from: 1, to: 2}}", 15, "the range of `gamma` needs `points` or `step`"),
        Fault(
            line: "axes: {gamma: {from: 1, to: 2, points: 3, spacing: cubic}}", 52,
            "`spacing` must be linear or log, not `cubic`"),
        Fault(
            line: "axes: {gamma: {from: 1, to: 2, points: 3, step: 1}}", 49,
            "the range of `gamma` has `points` and `step`; keep one"),
        Fault(
            line: "axes: {gamma: {from: 1, to: 2, points: 2001}}\nreplicas: 5000", 1,
            "the sweep has more than 10000000 points (all combinations, replicas and directions counted)"),
        // Pairs
        Fault(
            line: "zip: {size: {gamma: [1, 2], width: [1, 2, 3]}}", 29,
            "paired axes have equally many values: `gamma` has 2, `width` has 3"),
        Fault(
            line: "zip: {size: {gamma: [1, 1], width: [2, 2]}}", 25,
            "`zip: size` has the same combination of values twice"),
        Fault(line: "zip: {size: {}}", 7, "`zip: size` has no values"),
        // Data and optimiser
        Fault(
            line: "data: {sample: 5}", 8,
            "`sample` is no data key of toy-equilibrium (did you mean `samples`?); known: samples, file"),
        Fault(
            line: "data: {samples: many}", 17,
            "`samples` must be one of population, or a whole number in 1…100000, not `many`"),
        Fault(
            line: "training: {tolerence: 5}", 12,
            "`tolerence` is no training key of toy-equilibrium (did you mean `tolerance`?); known: tolerance"),
        Fault(
            line: "net: {tolerance: 0.5}", 7,
            "`tolerance` is no net key of toy-equilibrium; it belongs to `training`"),
        Fault(
            line: "optimiser: {tolerence: 5}", 13,
            "`tolerence` is no setting of toy-equilibrium (did you mean `tolerance`?); known: tolerance"),
        Fault(
            line: "axes: {gamma: 1}\ndata: {file: missing.csv}", 0,
            "no data file `missing.csv` in the folder of the spec"),
        Fault(line: "figures: [a, a]\naxes: {gamma: 1}", 14, "the figure `a` stands here twice"),
    ]

    @Test(arguments: faults)
    func aFaultIsNamedWithItsPlace(fault: Fault) {
        let error = #expect(throws: SpecError.self) { try bench.plan(fault.text) }
        let path = bench.folder + "/sweeps/toy.yaml"
        #expect(error?.message == fault.message)
        // A column of 0 stands for a fault in the third line, whose column the other cases do not need.
        if fault.place == "2:0" {
            #expect(error?.description.hasPrefix("\(path):3:") == true)
        } else {
            #expect(error?.place.description == (fault.place.isEmpty ? path : "\(path):\(fault.place)"))
        }
    }

    @Test func aControlSetTwiceNamesBothPlaces() {
        let path = bench.folder + "/sweeps/toy.yaml"
        for (text, place) in [
            ("model: toy-equilibrium\nfixed: {gamma: 1}\naxes: {gamma: [1]}\n", "3:8"),
            ("model: toy-equilibrium\naxes: {gamma: [1]}\nzip: {a: {gamma: [1]}}\n", "3:11"),
        ] {
            let error = #expect(throws: SpecError.self) { try bench.spec(text) }
            #expect(error?.place.description == "\(path):\(place)")
            #expect(
                error?.message
                    == "`gamma` is set twice, here and at \(path):2:\(text.contains("fixed") ? 9 : 8); keep one")
        }
    }

    @Test func aCombinationThatDoesNotFitPointsToTheControl() {
        let text = """
            model: toy-equilibrium
            fixed: {gamma: 1}
            axes:
              depth: [1, 2]
              noise: [0.5, [0.1, 0.2]]
            """
        let error = #expect(throws: SpecError.self) { try bench.plan(text) }
        #expect(error?.place.description.hasSuffix(":5:16") == true)
        #expect(error?.message == "`noise` needs one value per hidden layer (at depth = 1, noise = [0.1,0.2])")
    }

    @Test func aFileThatIsNoTextFileIsRefused() throws {
        func message(_ path: String) -> String? {
            #expect(throws: SpecError.self) { try SweepSpec.read(path: path, models: toys) }?.message
        }
        #expect(message(bench.folder + "/none.yaml") == "no such file")
        #expect(message(bench.folder) == "this is a folder; name a YAML file in it")
        let path = bench.folder + "/latin.yaml"
        try Data([0x6D, 0xFF, 0xFE, 0x0A]).write(to: URL(fileURLWithPath: path))
        #expect(message(path) == "the file is not UTF-8 text")
    }

    @Test(.timeLimit(.minutes(1))) func aliasesThatExplodeAreStopped() {
        var text = "model: toy-equilibrium\na: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let names = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "b\(level): &a\(level) [\(names)]\n"
        }
        let error = #expect(throws: SpecError.self) { try bench.spec(text) }
        #expect(error?.message.hasPrefix("more than 1000000 values") == true)
    }

    @Test(.timeLimit(.minutes(1))) func deepNestingIsAnErrorAndNoCrash() {
        let text = "model: " + String(repeating: "[", count: 100_000)
        #expect(throws: SpecError.self) { try bench.spec(text) }
    }
}
