import PhaseSpace
import Support
import Testing

@Suite struct ControlTests {
    enum Mood: String, ControlChoice { case calm, wild }
    enum Count: Hashable, Sendable {
        case population
        case number(Int)
    }

    static let gamma = Control<Double>("gamma", symbol: "γ", .above(0, upTo: 10), default: 0.5, meaning: "decay")
    static let depth = Control<Int>("depth", symbol: "D", 0...16, meaning: "layers")
    static let mood = Control<Mood>("mood", default: .calm, meaning: "")
    static let truth = Control<Bool>("truth", default: false, meaning: "", record: .whenSet)
    static let widths = Control<PerLayer<Int>>("width", 1...8, default: 4, meaning: "")
    static let list = Control<[Double]>("list", .any, meaning: "").optional
    static let samples = Control<Count>.either(
        Control<String>("samples", .choice(["population"]), meaning: ""),
        or: Control<Int>("samples", 2...100, meaning: ""), { _ in .population }, { .number($0) })
    static let starts = Control<Int>(
        "starts", 1...100,
        default: .rule("1 for depth 0, else 8") { controls throws(ControlError) in
            try controls[depth] == 0 ? 1 : 8
        }, meaning: "", record: .whenSet)

    private func value<V>(_ control: Control<V>, _ set: [String: ControlValue]) throws -> V {
        try ControlReader(set)[control]
    }

    @Test func valuesHaveTheTypesOfTheirControls() throws {
        #expect(try value(Self.gamma, ["gamma": .number(2)]) == 2)
        #expect(try value(Self.depth, ["depth": .number(3)]) == 3)
        #expect(try value(Self.mood, ["mood": .text("wild")]) == .wild)
        #expect(try value(Self.truth, ["truth": .text("true")]))
        #expect(try value(Self.widths, ["width": .list([1, 2])]) == .each([1, 2]))
        #expect(try value(Self.list, ["list": .number(2)]) == [2])
        #expect(try value(Self.samples, ["samples": .text("population")]) == .population)
        #expect(try value(Self.samples, ["samples": .number(7)]) == .number(7))
    }

    @Test func whatIsNotSetHasItsDefaultOrItsRule() throws {
        #expect(try value(Self.gamma, [:]) == 0.5)
        #expect(try value(Self.mood, [:]) == .calm)
        #expect(try !value(Self.truth, [:]))
        #expect(try value(Self.widths, [:]) == .all(4))
        #expect(try value(Self.list, [:]) == nil)
        #expect(try value(Self.starts, ["depth": .number(0)]) == 1)
        #expect(try value(Self.starts, ["depth": .number(2)]) == 8)
        #expect(throws: ControlError(control: "depth", message: "`depth` is missing")) { try value(Self.depth, [:]) }
    }

    @Test func valuesOfAnotherKindAreRefusedWithWhatWouldBeRight() {
        for (refused, words) in [
            (ControlValue.text("x"), "a whole number in 0…16, not x"), (.number(1.5), "not 1.5"),
            (.list([1]), "not [1]"),
        ] {
            let error = #expect(throws: ControlError.self) { try value(Self.depth, ["depth": refused]) }
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
        #expect(throws: ControlError.self) { try value(Self.mood, ["mood": .text("sad")]) }
        #expect(throws: ControlError.self) { try value(Self.samples, ["samples": .text("all")]) }
    }

    @Test func sectionsReadLikePoints() throws {
        let section = ControlReader(["truth": true, "gamma": 3, "list": nil] as JSONValue)
        #expect(try section[Self.truth] && section[Self.gamma] == 3 && section[Self.list] == nil)
        #expect(section.sets(Self.truth) && !section.sets(Self.list))
        #expect(section.first(of: [Self.list, Self.gamma])?.name == "gamma")
    }

    @Test func theBorderSeesWhatIsWrittenDownAndWhatIsNot() {
        #expect(Self.gamma.parameters[0].defaultValue == .number(0.5))
        #expect(Self.gamma.parameters[0].requirement == "a number in (0, 10]")
        #expect(Self.truth.parameters[0].defaultValue == nil && Self.truth.parameters[0].fallbackInWords == "false")
        #expect(Self.starts.parameters[0].fallbackInWords == "1 for depth 0, else 8")
        #expect(Self.samples.parameters.map(\.name) == ["samples", "samples"])
        #expect(Self.list.parameters[0].isOptional && Self.list.parameters[0].record == .whenSet)
    }

    @Test(arguments: [
        (ControlRange.any, "a finite number", [0.0, -1e300], [Double.infinity, .nan]),
        (.above(0), "a number > 0", [1e-300, 7], [0, -1]), (.from(0, below: 1), "a number in [0, 1)", [0, 0.5], [1]),
        (.within(-1...1), "a number in [-1, 1]", [-1, 1], [1.1]),
        (.above(0, upTo: 2), "a number in (0, 2]", [2], [0]), (.from(3), "a number ≥ 3", [3], [2.9]),
    ]) func rangesHaveOpenAndClosedEnds(
        _ range: ControlRange, _ words: String, _ inside: [Double], _ outside: [Double]
    ) {
        #expect("\(range)" == words)
        for x in inside { #expect(range.contains(x)) }
        for x in outside { #expect(!range.contains(x)) }
    }

    @Test func measuredValuesAreReadAndWrittenByMeasure() {
        var measured: Measured = [.loss: 1, .zeroNetLoss: 2]
        measured[.lossSlope] = 3
        measured[.loss] = nil
        #expect(measured.values == ["zeroNetLoss": 2, "lossSlope": 3])
        #expect(measured.row([.lossSlope, .zeroNetLoss]) == [3, 2])
        #expect(Measure("mode", 3).name == "mode_3")
        measured.merge([.lossSlope: 4])
        #expect(measured[.lossSlope] == 4)
    }
}
