import GSLNumerics
import PhaseSpace
import Support

/// What `stopWhen:` asks for: replicas until the mean of an observable is known well enough.
///
/// Replicas come in batches, in the order of their numbers. After each batch the standard error of the mean over all
/// replicas so far is looked at, and the next batch is run only where it is too large. So the number of replicas is a
/// function of results alone, the same for any threads, shards, order or interruption.
public struct ReplicaRule: Sendable, Hashable {
    public let observable: String
    /// Largest standard error, in the observable's units; nil where only `relative` is asked for.
    public let error: Double?
    /// Largest standard error, in units of the mean's absolute value. Where both are given, one of them is enough.
    public let relative: Double?
    /// Replicas of the first batch; as many must have the observable before a point can be good enough, against those
    /// that look quiet by accident.
    public let from: Int
    /// Replicas of each further batch.
    public let step: Int
    /// Replicas at most: the sweep's `replicas`.
    public let limit: Int

    /// Whether the observable is declared to take whole numbers only.
    public let isDiscrete: Bool

    package init(
        observable: String, error: Double?, relative: Double?, from: Int = usualFirst, step: Int = usualStep,
        limit: Int,
        isDiscrete: Bool
    ) {
        self.observable = observable
        self.error = error
        self.relative = relative
        self.from = from
        self.step = step
        self.limit = limit
        self.isDiscrete = isDiscrete
    }

    /// Fewer say nothing of their scatter.
    public static let fewestReplicas = 4
    /// Where a spec does not say.
    public static let usualFirst = 8
    public static let usualStep = 4

    /// Numbers of replicas after which the error is looked at, the last one excepted: there is nothing left to decide.
    public var levels: [Int] { Array(stride(from: from, to: limit, by: step)) + [limit] }

    /// Whether the mean of values, one for each replica that has it, is known as well as asked.
    package func isMet(by values: [Double]) -> Bool {
        guard values.count >= from, let scatter = try? standardError(values), let mean = try? mean(values) else {
            return false
        }
        let uncertainty = max(scatter, discreteError(of: values) ?? 0)
        return error.map { uncertainty <= $0 } ?? false || relative.map { uncertainty <= $0 * abs(mean) } ?? false
    }

    /// The standard error of a mean of whole numbers; nil for a quantity.
    ///
    /// Equal numbers of few replicas do not say that all are equal: one that a replica in ten has is missing among four of
    /// them with probability 0.66. As in the interval of Agresti and Coull (1998) four numbers are added, two at either
    /// end; where there is one number only, the other end is the next. An observable that does not say that it is discrete
    /// counts as such where all its values are whole and not 0, which a vanishing quantity is as well.
    private func discreteError(of values: [Double]) -> Double? {
        guard isDiscrete || values.allSatisfy({ $0 == $0.rounded() && $0 != 0 }), let low = values.min(),
            let high = values.max()
        else { return nil }
        let end = high > low ? high : low + 1
        return try? GSLNumerics.standardError(values + [low, low, end, end])
    }

    /// `64 at most, from 8 in steps of 4, until the standard error of squaredNorm is at most 0.01`.
    public var sentence: String {
        let bounds =
            [error.map { "\(ControlValue.number($0))" }, relative.map { "\(ControlValue.number($0)) of its mean" }]
            .compactMap { $0 }.joined(separator: " or ")
        return
            "\(limit) at most, from \(from) in steps of \(step), until the standard error of \(observable) is at most "
            + bounds
    }
}

extension SpecReader {
    /// The `stopWhen:` section; nil where there is none.
    func replicaRule(_ orderParameter: String, replicas: Int) throws(SpecError) -> ReplicaRule? {
        guard let place = sections.keyPlace["stopWhen"] else { return nil }
        let known = ["observable", "error", "relative", "from", "step"]
        var observable = orderParameter
        var bounds: [String: Double] = [:]
        var (from, step) = (ReplicaRule.usualFirst, ReplicaRule.usualStep)
        var fromPlace = place
        for member in sections.members("stopWhen") {
            switch member.key {
            case "observable":
                observable = try member.value.text("`observable`")
                let names = declaration.observables.map(\.name)
                guard names.contains(observable) else {
                    throw SpecError(
                        member.value.place,
                        "\(declaration.name) has no observable `\(observable)`"
                            + "\(nearestHint(to: observable, among: names)); it has \(names.joined(separator: ", "))")
                }
            case "error", "relative":
                let bound = try member.value.number("`\(member.key)`")
                guard bound > 0, bound.isFinite else {
                    throw SpecError(member.value.place, "`\(member.key)` must be a number > 0, not \(bound)")
                }
                bounds[member.key] = bound
            case "from":
                from = try member.value.wholeNumber("`from`", ReplicaRule.fewestReplicas...pointLimit)
                fromPlace = member.value.place
            case "step": step = try member.value.wholeNumber("`step`", 1...pointLimit)
            default:
                throw SpecError(
                    member.keyPlace,
                    "`\(member.key)` is no key of `stopWhen`\(nearestHint(to: member.key, among: known)); "
                        + "known: \(known.joined(separator: ", "))")
            }
        }
        guard !bounds.isEmpty else {
            throw SpecError(
                place,
                "`stopWhen` needs `error` or `relative`, the largest standard error of `\(observable)`, in its units or "
                    + "in units of its mean")
        }
        guard replicas >= from else {
            throw SpecError(
                fromPlace,
                "`stopWhen` begins with \(from) replicas (`from`), and `replicas`, their largest number, is \(replicas)"
            )
        }
        return ReplicaRule(
            observable: observable, error: bounds["error"], relative: bounds["relative"], from: from, step: step,
            limit: replicas, isDiscrete: declaration.observable(observable)?.isDiscrete ?? false)
    }
}
