import PhaseSpace
import Support
import Testing

@Suite struct ControlParameterTests {
    static let gamma = ControlParameter(
        "gamma", symbol: "γ", kind: .realPerLayer(0...10, excludingLow: true), defaultValue: nil, meaning: "decay")
    static let depth = ControlParameter(
        "depth", symbol: "D", kind: .integer(0...16), defaultValue: nil, meaning: "layers")
    static let activation = ControlParameter(
        "activation", symbol: "φ", kind: .choice(["linear", "tanh", "relu"]), defaultValue: nil, meaning: "unit")

    @Test func valuesInRangeAreTaken() throws {
        try Self.gamma.check(.number(10))
        try Self.gamma.check(.list([0.1, 5]))
        try Self.depth.check(.number(0))
        try Self.activation.check(.text("tanh"))
    }

    @Test(arguments: [
        (gamma, ControlValue.number(0), "must be a number in (0, 10], or a list of them, one per layer, not 0"),
        (gamma, .number(.nan), "not null"), (gamma, .number(11), "not 11"), (gamma, .list([]), "not []"),
        (gamma, .list([1, -1]), "not -1"), (gamma, .text("x"), "not x"),
        (depth, .number(1.5), "must be a whole number in 0…16, not 1.5"), (depth, .number(-1), "not -1"),
        (depth, .number(1e300), "whole number"), (depth, .list([1]), "not [1]"),
        (activation, .text("tahn"), "has no value `tahn` (did you mean `tanh`?); allowed: linear, tanh, relu"),
        (activation, .number(1), "must be one of linear, tanh, relu, not 1"),
    ]) func otherValuesAreRefusedWithWhatWouldBeRight(
        _ control: ControlParameter, _ value: ControlValue, _ text: String
    ) {
        let error = #expect(throws: ControlError.self) { try control.check(value) }
        #expect(error?.control == control.name)
        #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    }

    @Test func nearestNameForgivesTwoLettersAndNoMore() {
        #expect(nearestName(to: "gama", among: ["gamma", "depth"]) == "gamma")
        #expect(nearestName(to: "dpeth", among: ["gamma", "depth"]) == "depth")
        #expect(nearestName(to: "learning_rate", among: ["learningRate", "depth"]) == "learningRate")
        #expect(nearestName(to: "zzz", among: ["gamma", "depth"]) == nil)
        #expect(nearestName(to: "ab", among: ["cd"]) == nil)
    }
}
