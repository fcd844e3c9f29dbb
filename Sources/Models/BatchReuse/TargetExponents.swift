import PhaseSpace
import Support

/// How hard a target is for gradient descent that sees fresh batches, and for one that reuses its batch.
///
/// Sources: information exponent, Ben Arous, Gheissari, Jagannath (arXiv 2003.10409); leap, Abbe, Boix-Adserà, Misiakiewicz
/// (arXiv 2302.11055); generative exponent, Damian, Pillaud-Vivien, Lee, Bruna (arXiv 2403.05529); directions found in
/// finitely many steps, Dandi et al. (arXiv 2402.03220).
public struct TargetExponents: Sendable {
    /// One stage of a staircase: the order of the moments that it took, and the dimension learned after it.
    public struct Stage: Sendable, Hashable {
        public let order: Int
        public let dimension: Int
    }

    /// What a two-layer net needs for all relevant directions of the target.
    public enum Phase: String, Sendable {
        /// Finitely many steps on fresh batches of order d.
        case easy
        /// Finitely many steps, but only on the same batch.
        case reuseOnly = "reuse only"
        /// More than finitely many steps on batches of order d.
        case hard
    }

    /// Whether polynomials and rational arithmetic decided, or quadrature with a threshold.
    public let isExact: Bool
    /// k, and how many directions the target depends on.
    public let dimension: Int
    public let relevantDimension: Int
    /// Lowest degree of a non-zero Hermite coefficient; nil where none is found up to the degree that is looked at.
    public let informationExponent: Int?
    /// Stages of correlational queries; the leap is the largest order.
    public let correlationalStages: [Stage]
    /// As the information exponent, minimised over transforms of the label.
    public let generativeExponent: Int?
    /// Stages of statistical queries.
    public let statisticalStages: [Stage]
    /// Dimension learned after 1, 2, … steps on fresh batches, until it grows no more.
    public let onePassDimensions: [Int]
    /// The same when every step sees the same batch.
    public let multiPassDimensions: [Int]
    /// Rank of E[y^m z] over m ≤ 1, 2, …: the last is the dimension of P*⊥, what two steps on one batch learn.
    public let firstMomentRanks: [Int]
    /// Orthogonal bases, not normalised: learned in finitely many steps on fresh batches, on one batch, and never.
    public let onePassDirections: [[Double]]
    public let multiPassDirections: [[Double]]
    public let hardDirections: [[Double]]
    /// E[y^m z] for m = 1 … 4 as text, for exact ones.
    public let moments: [[String]]

    public var correlationalLeap: Int? { correlationalStages.map(\.order).max() }
    public var statisticalLeap: Int? { statisticalStages.map(\.order).max() }

    public var phase: Phase {
        if onePassDimensions.last == relevantDimension { return .easy }
        return multiPassDimensions.last == relevantDimension ? .reuseOnly : .hard
    }

    /// - Throws: an error with a sentence where the target's mean square is not finite.
    public init(_ target: Target) throws {
        if let polynomial = target.polynomial {
            let moments = ExactMoments(polynomial, dimension: target.dimension)
            self.init(moments, isExact: true, texts: (1...min(4, moments.transformCount)).map(moments.firstMomentTexts))
        } else {
            self.init(try NumericalMoments(target), isExact: false, texts: [])
        }
    }

    private init<Moments: LabelMoments>(_ source: Moments, isExact: Bool, texts: [[String]]) {
        let staircase = Staircase(moments: source)
        let correlational = staircase.leap(transforms: 1)
        let statistical = staircase.leap(transforms: source.transformCount)
        let onePass = staircase.finiteTime(reuse: false)
        let multiPass = staircase.finiteTime(reuse: true)
        self.isExact = isExact
        dimension = source.dimension
        // No direction found up to the highest order means that all are harder than that, not that none matters.
        let found = max(correlational.basis.count, statistical.basis.count)
        relevantDimension = found > 0 ? found : source.dimension
        informationExponent = correlational.stages.first?.order
        correlationalStages = correlational.stages.map { Stage(order: $0.order, dimension: $0.dimension) }
        generativeExponent = statistical.stages.first?.order
        statisticalStages = statistical.stages.map { Stage(order: $0.order, dimension: $0.dimension) }
        onePassDimensions = onePass.map(\.count)
        multiPassDimensions = multiPass.map(\.count)
        firstMomentRanks = (1...source.transformCount).map { staircase.firstMoments(transforms: $0).count }
        onePassDirections = onePass.last!.map(source.approximation)
        multiPassDirections = multiPass.last!.map(source.approximation)
        let relevant = correlational.basis.count >= statistical.basis.count ? correlational.basis : statistical.basis
        var hard: [[Moments.Scalar]] = []
        for direction in relevant {
            if let rest = source.residual(of: direction, beyond: multiPass.last! + hard) { hard.append(rest) }
        }
        hardDirections = hard.map(source.approximation)
        moments = texts
    }
}

extension TargetExponents {
    /// The answer of `predict`.
    var json: JSONValue {
        func dimensions(_ xs: [Int]) -> JSONValue { .numbers(xs.map(Double.init)) }
        func stages(_ stages: [Stage]) -> JSONValue {
            .list(stages.map { .numbers([Double($0.order), Double($0.dimension)]) })
        }
        func optional(_ x: Int?) -> JSONValue { .optional(x.map(Double.init)) }
        func basis(_ directions: [[Double]]) -> JSONValue {
            .list(
                directions.map { direction in
                    let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
                    return .numbers(direction.map { $0 / norm })
                })
        }
        return [
            "exact": .bool(isExact), "dimension": .number(Double(dimension)),
            "relevantDimension": .number(Double(relevantDimension)),
            "informationExponent": optional(informationExponent), "csqLeap": optional(correlationalLeap),
            "generativeExponent": optional(generativeExponent), "sqLeap": optional(statisticalLeap),
            "csqStages": stages(correlationalStages), "sqStages": stages(statisticalStages),
            "onePassDimensions": dimensions(onePassDimensions), "multiPassDimensions": dimensions(multiPassDimensions),
            "firstMomentRanks": dimensions(firstMomentRanks), "phase": .text(phase.rawValue),
            "difficulty": .text(difficulty),
            "onePassDirections": basis(onePassDirections), "multiPassDirections": basis(multiPassDirections),
            "hardDirections": basis(hardDirections),
            "moments": .object(
                .init(
                    uniqueKeysWithValues: moments.enumerated().map { m, texts in
                        ("E[y\(m == 0 ? "" : "^\(m + 1)") z]", JSONValue.list(texts.map(JSONValue.text)))
                    })),
        ]
    }

    /// The phase as a sentence with its sample and step counts.
    var difficulty: String {
        let leap = statisticalLeap ?? 0
        switch phase {
        case .easy:
            let steps = onePassDimensions.count
            return "all directions after \(steps) step\(steps == 1 ? "" : "s") on fresh batches of order d"
        case .reuseOnly:
            return
                "all directions after \(multiPassDimensions.count) steps on one batch of order d; fresh batches of order "
                + "d do not suffice in finitely many steps"
        case .hard where leap == 2:
            return
                "\(hardDirections.count) of \(relevantDimension) directions need about log d steps on batches of order d "
                + "(statistical leap 2)"
        case .hard where leap == 0:
            return "no direction is found by moments of up to the order that was tried"
        case .hard:
            return "\(hardDirections.count) of \(relevantDimension) directions need polynomially more samples than d "
                + "(statistical leap \(leap))"
        }
    }
}
