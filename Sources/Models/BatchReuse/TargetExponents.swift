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

    /// Whether exact arithmetic decided, or quadrature with a threshold.
    public let isExact: Bool
    /// Powers of the label, or of a bounded function of it, that were tried.
    public let triedPowers: Int
    /// How sure each answer is, by its name in JSON; names that are missing are exact.
    public let claims: [String: Claim]
    /// k, and how many directions the target depends on.
    public let dimension: Int
    public let relevantDimension: Int
    /// Lowest degree of a non-zero Hermite coefficient; nil where none is found up to the degree that is looked at.
    public let informationExponent: Int?
    /// Whether the searches ended with all relevant directions; else leaps are only those of what was found.
    private let isFullyFound: Bool
    private let isFullyFoundByTransforms: Bool
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

    /// nil where some direction was not found by moments of any order that was tried.
    public var correlationalLeap: Int? { isFullyFound ? correlationalStages.map(\.order).max() : nil }
    public var statisticalLeap: Int? { isFullyFoundByTransforms ? statisticalStages.map(\.order).max() : nil }

    public var phase: Phase {
        if onePassDimensions.last == relevantDimension { return .easy }
        return multiPassDimensions.last == relevantDimension ? .reuseOnly : .hard
    }

    /// - Throws: `ControlError` with a sentence for a target that depends on no direction or has no finite mean square.
    public init(_ target: Target) throws {
        if let moments = ExactMoments(target) {
            guard !moments.relevant.isEmpty else { throw Target.independent(target) }
            let texts = (1...min(4, moments.transformCount)).map(moments.firstMomentTexts)
            do {
                try self.init(moments, isExact: true, texts: texts) { moments.triedPowers }
                return
            } catch is ExactMoments.TooManyTerms {}
        }
        try self.init(try NumericalMoments(target), isExact: false, texts: []) { NumericalMoments.powerLimit }
    }

    private init<Moments: LabelMoments>(
        _ source: Moments, isExact: Bool, texts: [[String]], triedPowers: () -> Int
    ) throws {
        let staircase = Staircase(moments: source)
        let correlational = try staircase.leap(transforms: 1)
        let statistical = try staircase.leap(transforms: source.transformCount)
        let onePass = try staircase.finiteTime(reuse: false)
        let multiPass = try staircase.finiteTime(reuse: true)
        self.isExact = isExact
        dimension = source.dimension
        relevantDimension = source.relevant.count
        informationExponent = correlational.stages.first?.order
        correlationalStages = correlational.stages.map { Stage(order: $0.order, dimension: $0.dimension) }
        generativeExponent = statistical.stages.first?.order
        statisticalStages = statistical.stages.map { Stage(order: $0.order, dimension: $0.dimension) }
        isFullyFound = correlational.basis.count == relevantDimension
        isFullyFoundByTransforms = statistical.basis.count == relevantDimension
        onePassDimensions = onePass.bases.map(\.count)
        multiPassDimensions = multiPass.bases.map(\.count)
        firstMomentRanks = try source.firstMomentRanks()
        onePassDirections = onePass.bases.last!.map(source.approximation)
        multiPassDirections = multiPass.bases.last!.map(source.approximation)
        hardDirections = source.complement(of: multiPass.bases.last!).map(source.approximation)
        moments = texts
        self.triedPowers = triedPowers()
        claims = Self.claims(
            source, isExact: isExact, powers: self.triedPowers, correlational: correlational, statistical: statistical,
            onePass: onePass.bases, multiPass: multiPass)
    }

    /// What is proven: moments that are not zero; in exact arithmetic also those that are; the absence of any order-1
    /// moment where a symmetry forbids it. The rest holds up to the powers that were tried.
    private static func claims<Moments: LabelMoments>(
        _ source: Moments, isExact: Bool, powers: Int, correlational: Staircase<Moments>.Search,
        statistical: Staircase<Moments>.Search, onePass: [Moments.Basis],
        multiPass: (bases: [Moments.Basis], isProven: [Bool])
    ) -> [String: Claim] {
        var claims: [String: Claim] = [:]
        let tried = Claim.upToPowers(powers)
        let relevant = source.relevant.count
        func mark(_ names: String..., unless isProven: Bool) {
            if !isProven { for name in names { claims[name] = tried } }
        }
        let nothingAtFirstOrder = source.isComplete || source.firstOrderBound([]) == 0
        let generative = statistical.stages.first?.order
        mark("generativeExponent", unless: generative == 1 || (generative == 2 && nothingAtFirstOrder))
        mark("sqLeap", unless: statistical.isProven)
        mark("sqStages", unless: statistical.isProven && statistical.areStagesProven)
        let order = multiPass.bases.map(\.count)
        // A step that finds all there is is certain of it.
        let steps = order.indices.allSatisfy { multiPass.isProven[$0] || order[$0] == relevant }
        let isClosed = multiPass.isProven.last! || order.last == relevant
        mark("multiPassDimensions", unless: steps && isClosed)
        mark("multiPassDirections", "hardDirections", unless: isClosed)
        let ranks = source.isComplete || source.firstOrderBound([]) == multiPass.bases[min(1, order.count - 1)].count
        mark("firstMomentRanks", unless: isExact || ranks)
        if !isExact {
            // Quadrature shows that a moment is not zero, and only a symmetry that it is.
            let byY = source.firstOrderBound([]) == onePass[0].count
            mark(
                "informationExponent",
                unless: correlational.stages.first?.order == 1 || (correlational.stages.first?.order == 2 && byY))
            let easy = onePass.last!.count == relevant
            let isFound = correlational.basis.count == relevant
            mark("csqLeap", unless: isFound && (easy || correlational.isProven))
            mark("csqStages", unless: isFound && correlational.isProven && correlational.areStagesProven)
            let firstSteps = onePass.indices.dropLast().allSatisfy {
                source.firstOrderBound(onePass[$0]) == onePass[$0 + 1].count
            }
            let lastStep = easy || source.firstOrderBound(onePass.last!) == onePass.last!.count
            mark("onePassDimensions", unless: lastStep && byY && firstSteps)
            mark("onePassDirections", unless: lastStep)
            mark("multiPassDimensions", unless: byY && steps && isClosed)
        }
        let easy = onePass.last!.count == relevant
        let onePassIsCertain = claims["onePassDirections"] == nil
        if !easy {
            let reaches = order.last == relevant
            mark("phase", unless: onePassIsCertain && (reaches || isClosed))
            mark("difficulty", unless: onePassIsCertain && (reaches || (isClosed && statistical.isProven)))
        }
        return claims
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
            "claim": .text(claim.word),
            "claims": .object(
                .init(uniqueKeysWithValues: claims.sorted { $0.key < $1.key }.map { ($0, .text($1.word)) })),
            "triedPowers": .number(Double(triedPowers)), "dimension": .number(Double(dimension)),
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

    /// The weakest word of all.
    public var claim: Claim { claims.isEmpty ? .exact : .upToPowers(triedPowers) }

    /// The phase as a sentence with its sample and step counts.
    var difficulty: String {
        let leap = statisticalLeap ?? 0
        switch phase {
        case .easy:
            let steps = onePassDimensions.count
            return "all directions after \(counted(steps, "step")) on fresh batches of order d"
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
