import Foundation
import PhaseSpace
import Sweeps
import Testing

@Suite struct SpecTests {
    let bench = Workbench()

    @Test func everyKeyOfASpecArrives() throws {
        let spec = try bench.spec(
            """
            title: "Depth: first order"
            model: toy-equilibrium
            seed: 18446744073709551615
            fixed: {activation: tanh}
            data: {samples: 500}
            training: {tolerance: 1e-6}
            zip: {size: {width: [4, 8], noise: [0.5, 0.25]}}
            axes:
              depth: [0, 2]
              gamma: {from: 0.01, to: 1, points: 3, spacing: log}
            along: gamma
            replicas: 3
            direction: [down, cold]
            orderParameter: overlap
            figures: [order-parameter, loss-derivatives]
            """)
        #expect(spec.title == "Depth: first order")
        #expect(spec.name == "toy")
        #expect(spec.seed == .max)
        #expect(spec.settings.data["samples"] == .number(500))
        #expect(spec.settings.optimiser["tolerance"] == .number(1e-6))
        #expect(spec.fixed == ["activation": .text("tanh"), "fault": .text("none")])
        #expect(spec.dimensions.map(\.name) == ["size", "depth", "gamma"])
        #expect(spec.dimensions[0].values == [[.number(4), .number(0.5)], [.number(8), .number(0.25)]])
        #expect(spec.dimensions[2].numbers == [0.01, 0.1, 1])
        #expect(spec.along == "gamma")
        #expect(spec.replicas == 3)
        #expect(spec.directions == [.cold, .down])
        #expect(spec.orderParameter == "overlap")
        #expect(spec.figures == ["order-parameter", "loss-derivatives"])
    }

    @Test func whatIsNotSetHasTheModelsDefault() throws {
        let spec = try bench.spec("model: toy-equilibrium\naxes: {depth: [1, 2], gamma: 0.5, activation: [linear]}\n")
        #expect(spec.seed == 1)
        #expect(spec.replicas == 1)
        #expect(spec.directions == [.cold])
        #expect(spec.along == "gamma")
        #expect(spec.orderParameter == "squaredNorm")
        #expect(spec.settings.data["samples"] == .text("population"))
        #expect(spec.settings.data["file"] == nil)
        #expect(spec.fixed["width"] == .number(4))
    }

    @Test func rangesIncludeTheirStopAndAreRoundedToTwelveDigits() throws {
        func values(_ range: String) throws -> [Double]? {
            try bench.spec("model: toy-equilibrium\naxes: {gamma: \(range)}\n").dimensions[0].numbers
        }
        #expect(try values("{from: 0.1, to: 0.3, step: 0.1}") == [0.1, 0.2, 0.3])
        #expect(try values("{from: 0.1, to: 0.4, points: 4}") == [0.1, 0.2, 0.3, 0.4])
        #expect(try values("{from: 1e-3, to: 10, points: 5, spacing: log}") == [0.001, 0.01, 0.1, 1, 10])
        #expect(try values("{from: 0.5, to: 0.5, points: 1}") == [0.5])
        #expect(try values("[0.1234567890123456]") == [0.123456789012])
    }

    @Test(
        arguments: [
            ("{from: 0.9, to: 1, points: 3, spacing: log}", true), ("{from: 0.01, to: 1, points: 3}", false),
            ("[0.001, {from: 0.01, to: 1, points: 3, spacing: log}]", true), ("[0.01, 0.1, 1]", nil),
        ] as [(String, Bool?)]) func theSpacingOfARangeIsRemembered(_ axis: String, _ isLogarithmic: Bool?) throws
    {
        let spec = try bench.spec("model: toy-equilibrium\naxes: {gamma: \(axis)}\n")
        #expect(spec.isLogarithmic == isLogarithmic)
        let overridden = try bench.spec("model: toy-equilibrium\naxes: {gamma: [1, 2]}\n", ["gamma=log(0.1,1,3)"])
        #expect(overridden.isLogarithmic == true)
    }

    @Test func listsOfAControlPerLayerAreValues() throws {
        let text = "model: toy-equilibrium\nfixed: {depth: 2, gamma: 1}\naxes: {noise: [[0.1, 0.2], 0.5]}\n"
        let spec = try bench.spec(text)
        #expect(spec.dimensions[0].values == [[.list([0.1, 0.2])], [.number(0.5)]])
        #expect(spec.along == "gamma")
    }

    @Test func aByteOrderMarkAndWindowsLineEndsDoNotMatter() throws {
        let spec = try bench.spec("\u{FEFF}model: toy-equilibrium\r\ntitle: a γ b\r\nfixed: {gamma: 1}\r\n")
        #expect(spec.title == "a γ b")
        #expect(spec.fixed["gamma"] == .number(1))
    }

    @Test func valuesMayBeNamedAndUsedAgain() throws {
        let spec = try bench.spec(
            "model: toy-equilibrium\nfixed: {gamma: 1}\nzip: {size: {width: &sizes [2, 4], depth: *sizes}}\n")
        #expect(spec.dimensions[0].values == [[.number(2), .number(2)], [.number(4), .number(4)]])
    }

    @Test(arguments: [
        ("sweeps/weight-decay/depth.yaml", "weight-decay/depth"), ("./sweeps/depth.yml", "depth"),
        ("/a/sweeps/b/sweeps/c/d.yaml", "c/d"), ("depth.yaml", "depth"), ("other/depth.v2.yaml", "depth.v2"),
        ("sweeps/../sweeps/x/../y.yaml", "y"), ("sweeps/../../etc/passwd", "passwd"),
    ])
    func theNameIsThePathBelowSweeps(path: String, name: String) {
        #expect(SweepSpec.name(ofPath: path) == name)
    }

    @Test func overridesReplaceAxesAndFixedControls() throws {
        let text = """
            model: toy-equilibrium
            fixed: {depth: 1, width: 8}
            axes: {gamma: [0.1, 0.2]}
            """
        func read(_ overrides: String...) throws -> SweepSpec { try bench.spec(text, overrides) }
        #expect(try read("gamma=0.3,0.4").dimensions[0].numbers == [0.3, 0.4])
        #expect(try read("gamma=0.3").dimensions[0].numbers == [0.3])
        #expect(try read("gamma=log(0.01,1,3)").dimensions[0].numbers == [0.01, 0.1, 1])
        #expect(
            try read("gamma=0.001,log(0.01,1,3),2,range(3,4,0.5)").dimensions[0].numbers == [
                0.001, 0.01, 0.1, 1, 2, 3, 3.5, 4,
            ])
        #expect(try read("gamma=linear(0.5,1,3)").dimensions[0].numbers == [0.5, 0.75, 1])
        #expect(try read("gamma=range(0.5,1,0.25)").dimensions[0].numbers == [0.5, 0.75, 1])
        #expect(try read("depth=2").fixed["depth"] == .number(2))
        #expect(try read("activation=relu").fixed["activation"] == .text("relu"))
        #expect(try read("depth=2", "noise=[0.1,0.2]").fixed["noise"] == .list([0.1, 0.2]))
        #expect(
            try read("depth=2", "noise=[0.1,0.2],0.3").dimensions[0].values == [[.list([0.1, 0.2])], [.number(0.3)]])
        let deep = try read("depth=0,1", "replicas=4", "seed=3", "data.samples=500", "direction=cold,up", "title=a, b")
        #expect(deep.dimensions.map(\.name) == ["depth", "gamma"])
        #expect(deep.along == "gamma")
        #expect(deep.fixed["depth"] == nil)
        #expect(deep.replicas == 4)
        #expect(deep.seed == 3)
        #expect(deep.settings.data["samples"] == .number(500))
        #expect(deep.directions == [.cold, .up])
        #expect(deep.title == "a, b")
    }

    /// A remedy stays within the ends that were given.
    @Test(arguments: [
        ("gamma=log(-4,0,16)", "log(0.0001,1,16) has these powers, linear(-4,0,16) these values"),
        ("gamma=log(-0.5,2,16)", "not at -0.5; log(0.002,2,16) would do"),
        ("noise=log(0,2,16)", "log(0.002,2,16) or linear(0,2,16) would do, and 0,log(0.002,2,15) has 0 as well"),
        ("gamma=range(0.1,1,0.4)", "`to: 0.9` or `step: 0.3` would fit"),
        ("gamma=range(0.1,1,0.7)", "`to: 0.8` or `step: 0.45` would fit"),
        ("gamma=range(0.1,1,2)", "; `step: 0.9` would fit"),
    ])
    func aRemedyIsOne(override: String, remedy: String) throws {
        let error = #expect(throws: SpecError.self) {
            try bench.spec("model: toy-equilibrium\naxes: {gamma: [0.1]}\n", [override])
        }
        #expect(error?.description.hasSuffix(remedy) == true, "\(error?.description ?? "")")
    }

    @Test func anAxisJoinsValuesAndRanges() throws {
        let spec = try bench.spec(
            "model: toy-equilibrium\naxes: {gamma: [0.5, {from: 1, to: 2, points: 3}, {from: 3, to: 4, step: 1}]}\n", []
        )
        #expect(spec.dimensions[0].numbers == [0.5, 1, 1.5, 2, 3, 4])
    }

    @Test(arguments: [
        ("gama=1", "`gama` is no control of toy-equilibrium and no key of a sweep (did you mean `gamma`?)"),
        ("gamma", "an override is written `key=value`"), ("=1", "an override is written `key=value`"),
        ("gamma=", "a value is missing"), ("gamma=0.1,,0.2", "a value is missing"),
        ("gamma=0.1,0.1", "the axis `gamma` has the value 0.1 twice (values are rounded to 12 digits)"),
        ("gamma=log(0,1,3)", "a log range of `gamma` must start above 0, not at 0; log(0.001,1,3) would do"),
        ("gamma=log(1,3)", "`log` takes three values: log(from,to,points)"),
        ("gamma=log(1,2,3),2", "the axis `gamma` has the value 2 twice (values are rounded to 12 digits)"),
        ("gamma=-1", "`gamma` must be a number > 0, not -1"),
        ("gamma=[1,2]", "`gamma` must be a number > 0, not [1,2]"),
        ("depth=linear(0,1,3)", "`depth` must be a whole number in 0…8, not 0.5"),
        ("replicas=two", "`replicas` must be a number, not `two`"), ("noise=[0.1", "the brackets do not match"),
        ("data.sample=3", "`sample` is no data key of toy-equilibrium (did you mean `samples`?); known: samples, file"),
        ("width=1", "`width` is paired with others in `zip: size`; change it in the file"),
        ("model=toy-dynamics", "`model` is no control of toy-equilibrium and no key of a sweep"),
    ])
    func aWrongOverrideIsNamed(override: String, message: String) throws {
        let text = "model: toy-equilibrium\naxes: {gamma: [0.1]}\nzip: {size: {width: [1, 2], depth: [1, 2]}}\n"
        let plain = "model: toy-equilibrium\naxes: {gamma: [0.1]}\n"
        let error = #expect(throws: SpecError.self) {
            try bench.spec(override.hasPrefix("width") ? text : plain, [override])
        }
        #expect(error?.description == "command line: \(override): \(message)")
    }

    @Test func anOverrideGivenTwiceIsAnError() {
        let error = #expect(throws: SpecError.self) {
            try bench.spec("model: toy-equilibrium\naxes: {gamma: [0.1]}\n", ["gamma=1", "gamma=2"])
        }
        #expect(error?.message == "`gamma` is overridden twice; keep one")
    }
}
