import Expressions
import Foundation
import Testing

@Suite struct FormulaTests {
    private func value(_ text: String, _ variables: [String: Double] = [:]) throws -> Double {
        let formula = try Formula(text)
        return formula.value(formula.variables.map { variables[$0]! })
    }

    @Test(arguments: [
        ("1 + 2 * 3", 7.0), ("(1 + 2) * 3", 9), ("8 - 4 - 2", 2), ("8 / 4 / 2", 1), ("2 ^ 3 ^ 2", 512),
        ("-2 ^ 2", -4), ("2 ^ -1", 0.5), ("2 * -3", -6), ("--3", 3), ("+3 − 5", -2), ("2·3", 6), (".5e1", 5),
        ("1e-3", 0.001), ("sqrt(16)", 4), ("exp(0)", 1), ("log(exp(2))", 2), ("tanh(0)", 0), ("erf(0)", 0),
        ("relu(-3) + relu(3)", 3), ("sign(-2) + sign(0)", -1), ("sin(pi / 2)", 1), ("cos(0)", 1), ("abs(-4)", 4),
        ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3), (" 7 ", 7),
    ]) func formulasFollowTheRulesOfArithmetic(_ text: String, _ expected: Double) throws {
        #expect(abs(try value(text) - expected) < 1e-15)
    }

    @Test func variablesStandInTheOrderOfTheirAppearance() throws {
        let formula = try Formula("0.5 / gamma + width * gamma + x_1")
        #expect(formula.variables == ["gamma", "width", "x_1"])
        #expect(formula.value([0.25, 4, 1]) == 4)
    }

    @Test func whatHasNoValueIsNotANumber() throws {
        for text in ["log(-1)", "sqrt(-1)", "0 / 0", "(-1) ^ 0.5", "max(1, 0 / 0)", "min(0 / 0, 1)", "relu(0/0)"] {
            #expect(try value(text).isNaN, "\(text)")
        }
    }

    @Test(arguments: [
        ("", 1, "ends where a value"), ("1 +", 4, "ends where a value"), ("1 2", 3, "`2` does not belong here"),
        ("(1", 3, "a `)` is missing"), ("1)", 2, "`)` does not belong"), ("foo(1)", 1, "there is no function `foo`"),
        ("2 * sqrt", 9, "needs its argument in parentheses"), ("sqrt(1, 2)", 1, "takes one argument, not 2"),
        ("min(1)", 1, "takes 2 to 16 arguments"), ("1e999", 1, "not a finite number"), ("1e", 1, "not a finite number"),
        ("`touch canary`", 1, "does not belong here"), ("a; b", 2, "`;` does not belong here"),
        ("$(x)", 1, "does not belong here"), ("x[0]", 2, "`[` does not belong here"), ("γ", 1, "does not belong"),
        (".", 1, "not a finite number"), ("2 ** 3", 4, "does not belong here"),
    ]) func errorsHavePlaceAndReason(_ text: String, _ column: Int, _ reason: String) {
        let error = #expect(throws: FormulaError.self) { try Formula(text) }
        #expect(error?.column == column, "\(String(describing: error))")
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func lengthAndDepthAreBounded() throws {
        func nested(_ n: Int) -> String {
            String(repeating: "(", count: n) + "1" + String(repeating: ")", count: n)
        }
        #expect(try value(nested(60)) == 1)
        for text in [
            nested(400), String(repeating: "-", count: 900) + "1", String(repeating: "2^", count: 400) + "2",
            String(repeating: "abs(", count: 150) + "1" + String(repeating: ")", count: 150),
        ] {
            let error = #expect(throws: FormulaError.self) { try Formula(text) }
            #expect(error?.message.contains("nested") == true)
        }
        #expect(try value("1" + String(repeating: "+1", count: 499)) == 500)
        let error = #expect(throws: FormulaError.self) { try Formula(String(repeating: "1+", count: 5000) + "1") }
        #expect(error?.message.contains("at most 1000 characters") == true)
    }

    @Test func randomTextsAreFormulasOrRefusedButNeverCrash() {
        let pieces = [
            "1", "x", "+", "-", "*", "/", "^", "(", ")", ",", "min", "sqrt", "(", ")", " ", ".", "e", "−", "@",
        ]
        var state: UInt64 = 1
        var accepted = 0
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<(state >> 60) + 1 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int((state >> 33) % UInt64(pieces.count))]
            }
            do throws(FormulaError) {
                let formula = try Formula(text)
                _ = formula.value(formula.variables.map { _ in 0.5 })
                accepted += 1
            } catch {
                #expect(!error.message.isEmpty && error.column >= 1 && error.column <= text.count + 1, "\(text)")
            }
        }
        #expect(accepted > 100)
    }

    @Test(arguments: ["exp(-x^2)", "tanh(x)", "erf(x)", "log(x^2)", "sin(x)", "cos(x)", "abs(x)^1.3", "x^5", "x^-1"])
    func columnsHaveTheBitsOfSingleNumbers(_ text: String) throws {
        let formula = try Formula(text)
        let xs = (0..<1000).map { 0.013 * Double($0) - 6.4 }
        #expect(formula.values([xs], rows: xs.count) == xs.map { formula.value([$0]) })
    }
}
