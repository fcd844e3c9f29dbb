import Foundation
import PhaseSpace

/// Where further points sharpen a curve's verdict.
///
/// Points go to the transitions only: beside each location by the width of its interval, and into the middle of the
/// grid intervals that hold it. A transition whose interval no longer shrinks is left alone, be it because the
/// replicas themselves differ or because of noise; smooth stretches get none.
public struct Refinement: Sendable {
    /// The full width that is asked of a location's interval, in units of the control.
    public let width: Double
    /// Rounds and points per curve at most.
    public static let roundLimit = 16
    public static let pointLimit = 96

    public init(width: Double) {
        self.width = width
    }

    /// Values of the control that are not on the curve yet, rising; empty where the verdict is as sharp as asked, or as
    /// sharp as it gets.
    /// - Parameters:
    ///   - before: the verdict of the previous round.
    ///   - added: number of points that earlier rounds have added.
    public func values(for curve: Curve, verdict: Verdict, before: Verdict?, added: Int) -> [Double] {
        let controls = Set(curve.samples.filter(\.counts).map(\.control)).sorted()
        guard controls.count >= 2, added < Self.pointLimit else { return [] }
        var wanted: [Double] = []
        for (index, transition) in verdict.transitions.enumerated() {
            guard isOpen(transition), !hasStalled(transition, before, index, verdict) else { continue }
            wanted += places(about: transition, controls)
        }
        // Nearer than this tells nothing new.
        let floor = width / 8
        var result: [Double] = []
        for x in wanted.map(Self.rounded).sorted() {
            let isNew = controls.allSatisfy { abs($0 - x) > floor } && result.allSatisfy { abs($0 - x) > floor }
            if isNew, x > controls[0], x < controls[controls.count - 1] { result.append(x) }
        }
        return Array(result.prefix(Self.pointLimit - added))
    }

    private func isOpen(_ transition: Transition) -> Bool {
        guard let interval = transition.location?.interval else { return false }
        switch transition.order {
        case .first, .second, .zeroth, .boundary, .undecided: return interval.width > width
        case .none, .crossover: return false
        }
    }

    /// Whether the last round has brought nothing: then the interval is that of the replicas or of the noise.
    private func hasStalled(_ transition: Transition, _ before: Verdict?, _ index: Int, _ verdict: Verdict) -> Bool {
        guard let before, before.transitions.count == verdict.transitions.count else { return false }
        let old = before.transitions[index]
        guard old.order == transition.order, let was = old.location?.interval?.width,
            let now = transition.location?.interval?.width
        else { return false }
        return now > 0.9 * was
    }

    private func places(about transition: Transition, _ controls: [Double]) -> [Double] {
        guard let location = transition.location, let interval = location.interval else { return [] }
        let bracket = bracket(of: transition, controls)
        let reach = min(max(interval.width / 2, width / 4), bracket.width / 4)
        var places = [location.value - reach, location.value + reach]
        if transition.order == .undecided || interval.width > bracket.width / 2 {
            places.append((bracket.low + bracket.high) / 2)
        }
        return places
    }

    /// The grid intervals that hold the transition of every replica.
    private func bracket(of transition: Transition, _ controls: [Double]) -> Interval {
        let stated = transition.evidence["bracket"]?.numbers ?? []
        if stated.count == 2, stated[1] > stated[0] { return Interval(stated[0], stated[1]) }
        let x = transition.location?.value ?? controls[0]
        return Interval(controls.last { $0 <= x } ?? controls[0], controls.first { $0 > x } ?? controls.last!)
    }

    /// Twelve significant digits, as axis values have.
    private static func rounded(_ x: Double) -> Double { Double(String(format: "%.12g", x)) ?? x }
}
