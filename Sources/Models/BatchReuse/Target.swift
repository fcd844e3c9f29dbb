import Expressions
import PhaseSpace

/// The teacher's function g of k orthogonal directions: labels are y = g(z1, …, zk), z ~ N(0, I_k), without noise.
public struct Target: Sendable, Hashable, CustomStringConvertible {
    public let formula: Formula
    /// k: the highest direction that is named.
    public let dimension: Int
    /// Which direction each variable of the formula is, from 0.
    let directions: [Int]

    public static let dimensionLimit = 8

    public var description: String { formula.text }

    /// Reads a target such as `z1 + He3(z2)/sqrt(6)`; `z` alone is the same as `z1`.
    /// - Throws: `FormulaError` with the place, also for names other than z, z1 … z8, for a target without directions,
    ///   and for one that is not a finite number everywhere.
    public init(_ text: String) throws(FormulaError) {
        formula = try Formula(text)
        var directions: [Int] = []
        for (name, column) in zip(formula.variables, formula.variableColumns) {
            guard let direction = Self.direction(named: name) else {
                let isDirection = name.hasPrefix("z") && name.dropFirst().allSatisfy(\.isNumber)
                throw FormulaError(
                    column: column,
                    message: isDirection
                        ? "`\(name)` is beyond the \(Self.dimensionLimit) directions z1 … z\(Self.dimensionLimit)"
                        : "`\(name)` is no direction: a target's variables are z1 … z\(Self.dimensionLimit), or z")
            }
            if directions.contains(direction) {
                throw FormulaError(column: column, message: "`z` and `z1` are one direction: use one of the names")
            }
            directions.append(direction)
        }
        guard let highest = directions.max() else {
            throw FormulaError(column: 1, message: "a target depends on at least one direction z1 … z8")
        }
        self.directions = directions
        dimension = highest + 1
        if let point = firstPointWithoutValue() {
            throw FormulaError(column: 1, message: "the target is not a finite number at z = \(point)")
        }
    }

    /// The target without the strictly monotone functions around it.
    var monotoneCore: Target { Target(formula: formula.monotoneCore, dimension: dimension, directions: directions) }

    private init(formula: Formula, dimension: Int, directions: [Int]) {
        (self.formula, self.dimension, self.directions) = (formula, dimension, directions)
    }

    private static func direction(named name: String) -> Int? {
        if name == "z" { return 0 }
        guard name.hasPrefix("z"), let number = Int(name.dropFirst()), (1...dimensionLimit).contains(number),
            "z\(number)" == name
        else { return nil }
        return number - 1
    }

    /// Labels of many samples.
    /// - Parameter preactivations: one column per direction, equally long: the teacher's pre-activations.
    public func values(_ preactivations: [[Double]]) -> [Double] {
        formula.values(directions.map { preactivations[$0] }, rows: preactivations[0].count)
    }

    /// A few points of the normal distribution's bulk are enough to find `log` and `sqrt` of negative numbers. No two
    /// coordinates are equal or opposite: at a pole or a kink such as that of 1/(z1 − z2) a formula need not have a value.
    private func firstPointWithoutValue() -> [Double]? {
        let radii = [300.0, -700, 1100, -1600, 2300, -2900]
        let offsets = [0.0, 13, -29, 37, -47, 61, -73, 89]
        for shift in radii.indices {
            let point = (0..<dimension).map {
                (radii[(shift + $0 * (shift + 1)) % radii.count] + offsets[$0]) / 1000
            }
            if !formula.value(directions.map { point[$0] }).isFinite { return point }
        }
        return nil
    }
}

extension Target {
    /// - Throws: `ControlError` for the control `target`.
    init(control text: String) throws(ControlError) {
        do throws(FormulaError) {
            try self.init(text)
        } catch {
            throw ControlError(control: "target", message: "`target` \(text): \(error)")
        }
    }
}
