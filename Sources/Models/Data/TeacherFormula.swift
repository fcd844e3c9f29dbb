import Expressions
import PhaseSpace
import Support

/// A teacher's target as a formula of projections: `z1` (single index), `z1 + -0.72*He3(z1)`, `z1*z2` (multi-index).
///
/// z_k = ŵ_kᵀx with orthonormal directions ŵ_k, so that inputs of variance 1 have independent standard normal z_k. A
/// formula may name a parameter `c`, a control of the sweep: `z1 + c*He3(z1)`.
struct TeacherFormula: Sendable {
    /// The number of directions: the largest k among the variables.
    let directions: Int
    private let formula: Formula
    /// Index of the projection that each variable of the formula stands for; nil for the parameter.
    private let projections: [Int?]

    /// - Throws: `ControlError` of the key `teacher`.
    init(_ text: String, inputs: Int) throws(ControlError) {
        func refusal(_ message: String) -> ControlError { ControlError(control: "teacher", message: message) }
        do { formula = try Formula(text) } catch {
            throw refusal("`teacher` is neither `gaussian` nor a formula of z1, z2 …: \(error)")
        }
        var projections: [Int?] = []
        for name in formula.variables {
            if name == Self.parameter {
                projections.append(nil)
                continue
            }
            guard name.first == "z", let k = Int(name.dropFirst()), k >= 1, "z\(k)" == name else {
                throw refusal(
                    "`teacher` has no variable `\(name)`\(nearestHint(to: name, among: ["gaussian", "z1"])): it is "
                        + "`gaussian`, or a formula of the projections z1, z2 … of the inputs and of the control c")
            }
            guard k <= inputs else {
                throw refusal("`teacher` uses z\(k), and \(inputs) inputs have no more than \(inputs) projections")
            }
            projections.append(k - 1)
        }
        guard let last = projections.compactMap({ $0 }).max() else {
            throw refusal("`teacher` is a formula without a projection z1 of the inputs")
        }
        self.projections = projections
        directions = last + 1
    }

    /// The name of the parameter.
    static let parameter = "c"

    var hasParameter: Bool { projections.contains(nil) }

    /// - Parameters:
    ///   - z: at least `directions` projections.
    ///   - parameter: c; a formula that names it has no value without.
    func value(_ z: [Double], parameter: Double?) -> Double {
        formula.value(projections.map { $0.map { z[$0] } ?? parameter ?? .nan })
    }
}
