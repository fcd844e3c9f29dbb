import Expressions
import Foundation
import Models
import PhaseSpace
import Testing

@Suite struct TargetTests {
    @Test(arguments: [
        ("z1 + He3(z2)/sqrt(6)", [0.5, 2.0], 0.5 + 2 / 6.0.squareRoot()), ("z1*z2*z3", [2, 3, -1], -6),
        ("He4(z)", [1.5], 5.0625 - 13.5 + 3), ("tanh(z1) + relu(-z3)", [0, 9, -2], 2), ("abs(z2)", [4, -3], 3),
    ]) func aTargetIsAFunctionOfItsDirections(_ text: String, _ point: [Double], _ value: Double) throws {
        let target = try Target(text)
        #expect(target.dimension == point.count)
        #expect(abs(target.values(point.map { [$0] })[0] - value) < 1e-14)
    }

    @Test(arguments: [
        ("z1 + z9", 6, "beyond the 8 directions"), ("z1*x", 4, "`x` is no direction"),
        ("3", 1, "at least one direction"),
        ("z + z1", 5, "one direction"), ("(z1", 4, "a `)` is missing"), ("foo(z1)", 1, "there is no function `foo`"),
        ("log(z1)", 1, "not a finite number at z = ["), ("He21(z1)", 1, "degrees up to 20"),
        ("He3(z1, z2)", 1, "takes one argument"), ("He3", 4, "needs its argument"), ("z01", 1, "beyond"),
    ]) func targetsThatAreNoneAreRefusedWithAPlace(_ text: String, _ column: Int, _ reason: String) {
        let error = #expect(throws: FormulaError.self) { try Target(text) }
        #expect(error?.column == column, "\(String(describing: error))")
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
    }

    // MARK: - Exponents

    @Test(arguments: BatchReuseReference.polynomials)
    func exponentsOfPolynomialsAreExact(_ expected: BatchReuseReference.Case) throws {
        let target = try Target(expected.name)
        let found = try TargetExponents(target)
        func whole(_ key: String) -> Int { Int(expected.number(key)) }
        func wholes(_ key: String) -> [Int] { expected.row[key]!.numbers!.map { Int($0) } }
        func stages(_ key: String) -> [[Int]] { expected.row[key]!.list!.map { $0.numbers!.map { Int($0) } } }
        #expect(found.isExact)
        #expect(found.dimension == whole("k"))
        #expect(found.relevantDimension == whole("relevant_dim"))
        #expect(found.informationExponent == whole("information_exponent"))
        #expect(found.generativeExponent == whole("generative_exponent"))
        #expect(found.correlationalLeap == whole("csq_leap"))
        #expect(found.statisticalLeap == whole("sq_leap"))
        #expect(found.correlationalStages.map { [$0.order, $0.dimension] } == stages("csq_stages_order_dim"))
        #expect(found.statisticalStages.map { [$0.order, $0.dimension] } == stages("sq_stages_order_dim"))
        // The table leaves out what is never learned, and repeats the last dimension.
        #expect(found.onePassDimensions.filter { $0 > 0 } == wholes("onepass_finite_T_dims"))
        let multiPass = wholes("multipass_finite_T_dims")
        #expect(found.multiPassDimensions == Array(multiPass.prefix(found.multiPassDimensions.count)))
        #expect(multiPass.dropFirst(found.multiPassDimensions.count).allSatisfy { $0 == multiPass.last })
        let ranks = wholes("dim_Pperp_rank_by_power")
        #expect(Array(found.firstMomentRanks.prefix(ranks.count)) == ranks)
        for (m, texts) in found.moments.enumerated() {
            #expect(texts == expected.row["moments"]!["E[f^\(m + 1) z]"]!.list!.map { $0.text! })
        }
    }

    @Test(arguments: BatchReuseReference.functions)
    func exponentsOfOtherFunctionsComeFromQuadrature(_ expected: BatchReuseReference.Case) throws {
        let found = try TargetExponents(Target(expected.name))
        #expect(found.informationExponent == Int(expected.number("information_exponent")))
        #expect(found.generativeExponent == Int(expected.number("generative_exponent")))
    }

    @Test func rootsInCoefficientsAreExact() throws {
        // He3/√6 has moments in ℚ(√6); √2 z1 + √3 z2 depends on one direction, (√2, √3).
        let found = try TargetExponents(Target("z1 + He3(z2)/sqrt(6)"))
        #expect(found.isExact && found.multiPassDimensions == [1, 2] && found.statisticalLeap == 1)
        #expect(found.moments[2] == ["6", "9√6"])
        let line = try TargetExponents(Target("(sqrt(2)*z1 + sqrt(3)*z2)^2 / (1 + sqrt(5))"))
        #expect(line.isExact && line.relevantDimension == 1 && line.informationExponent == 2)
    }

    @Test func theProductOfSignsHasTwoLabelsAndNoTransformHelps() throws {
        let found = try TargetExponents(Target("sign(z1*z2*z3)"))
        #expect([found.informationExponent, found.correlationalLeap] == [3, 3])
        #expect([found.generativeExponent, found.statisticalLeap] == [3, 3])
        #expect(found.multiPassDimensions == [0])
    }

    @Test(arguments: [
        ("z1 + z1*z2", TargetExponents.Phase.easy), ("z1 + He3(z2)", .reuseOnly), ("z1 + z1*z2*z3", .hard),
        ("He3(z1) + He3(z2)", .hard), ("z1 + z1*z2 + z1*z2*z3", .easy), ("He2(z)", .hard),
    ]) func thePhaseIsWhatFinitelyManyStepsReach(_ text: String, _ phase: TargetExponents.Phase) throws {
        #expect(try TargetExponents(Target(text)).phase == phase)
    }

    @Test func onlyTheSumOfTwoEqualCubicsIsLearned() throws {
        let found = try TargetExponents(Target("He3(z1) + He3(z2)"))
        #expect(found.multiPassDirections == [[1, 1]])
        #expect(found.hardDirections.count == 1 && found.hardDirections[0][0] == -found.hardDirections[0][1])
    }

    @Test(arguments: [
        ("He2(z)", 0.5, 1e-8), ("abs(z)", 0.5, 1e-8), ("z1*z2", 0.593751, 4e-4), ("sign(z1*z2)", 2.4674011, 1e-3),
    ]) func weakRecoveryNeedsTheLiteraturesSampleRatio(_ text: String, _ ratio: Double, _ tolerance: Double) throws {
        let found = try weakRecoveryRatio(Target(text))
        #expect(abs(found.value - ratio) < tolerance)
        #expect(abs(found.value - ratio) < max(4 * found.standardError, 1e-8))
    }

    @Test func aPredictionAnswersWithAllExponents() throws {
        let answer = try BatchReuse.predict(["target": "He3(z)"])
        #expect(answer["informationExponent"] == 3 && answer["generativeExponent"] == 1 && answer["csqLeap"] == 3)
        #expect(answer["moments"]!["E[y^3 z]"] == ["324"])
        #expect(answer["phase"] == "reuse only" && answer["weakRecoveryRatio"] == 0)
        let error = #expect(throws: ControlError.self) { try BatchReuse.predict(["targt": "z1"]) }
        #expect(error?.message.contains("did you mean `target`") == true, "\(String(describing: error))")
        #expect(throws: ControlError.self) { try BatchReuse.predict(["target": "z1 +"]) }
    }
}
