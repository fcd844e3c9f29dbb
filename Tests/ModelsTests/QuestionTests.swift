import Models
import PhaseSpace
import Support
import Testing

/// What all models' exact theory makes of questions that it cannot answer.
@Suite struct QuestionTests {
    private static func refusal(_ model: ModelFamily, _ query: JSONValue) throws -> ControlError {
        try #require(throws: ControlError.self) { _ = try model.predict(query) }
    }

    /// Enough for the model to look at the rest of the question.
    private static func question(to model: ModelFamily, _ key: String, _ value: JSONValue) -> JSONValue {
        var members: JSONValue = [:]
        if ["training-dynamics", "catapult-map"].contains(model.declaration.name) { members = ["law": "catapult"] }
        var object = members.object!
        object[key] = value
        return .object(object)
    }

    @Test(arguments: 0..<allModels.count) func anUnknownKeyIsNamedWithTheKnownOnes(_ index: Int) throws {
        let model = allModels[index]
        let error = try Self.refusal(model, Self.question(to: model, "nonsense", 1))
        #expect(error.control == "nonsense")
        #expect(error.message.contains("`nonsense` is not a key of this "))
        #expect(error.message.contains("known: "))
    }

    @Test(arguments: 0..<allModels.count) func aListIsNoQuestion(_ index: Int) throws {
        let error = try Self.refusal(allModels[index], [1, 2])
        #expect(error.message.contains("a JSON object such as {"))
    }

    @Test func aNullCountsAsLeftOut() throws {
        let plain = try WeightDecay.predict(["depth": 2])
        #expect(try WeightDecay.predict(["depth": 2, "gamma": .null, "data": .null, "correlations": .null]) == plain)
    }

    @Test func aNumberOutsideItsRangeIsQuoted() throws {
        let error = try Self.refusal(ModelFamily(EdgeOfChaos.self), ["correlation": 3])
        #expect(error.message == "`correlation` must be a number in [-1, 1], not 3")
    }

    @Test func keysThatExcludeEachOtherAreNamed() throws {
        let error = try Self.refusal(ModelFamily(LinearVAE.self), ["modes": [1, 2], "crossMoment": [[1]]])
        #expect(error.message == "`crossMoment` and `modes` exclude each other")
    }
}
