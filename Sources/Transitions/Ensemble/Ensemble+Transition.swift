import Foundation
import GSLNumerics
import Lanes
import OrderedCollections
import PhaseSpace
import Support

extension EnsembleJudgement {
    /// The verdict on the curve, in the same words as one from replicas that each know their own transition.
    func transition(words: Words, amplitude: Amplitude, hasSlope: Bool, noise: Double) -> Transition {
        var transition: Transition
        if lead < Self.decisiveLead {
            transition = undecided(words)
        } else {
            switch best.family {
            case .smooth, .common: transition = smooth(words)
            case .crossover: transition = crossover(words)
            case .jump, .step, .fold: transition = jump(words, hasSlope: hasSlope, noise: noise)
            case .onset: transition = onset(words, amplitude: amplitude)
            }
        }
        let ends = [window.control(0), window.control(1)]
        let common: OrderedDictionary<String, JSONValue> = [
            "replicas": .number(Double(window.replicaCount)), "replicasAgreeing": .number(Double(window.replicaCount)),
            "controls": .number(Double(window.ts.count)), "method": "joint fit of all replicas",
            "scatter": .number(noise * scale.squareRoot()), "fitWindow": .numbers(ends),
            "leadOverNextOrder": .number(lead), "nextOrder": .text(rival.rawValue),
            "reducedChiSquared": .number(best.chiSquared / scale / best.freedom),
        ]
        transition.evidence = common.merging(transition.evidence) { $1 }
        return transition
    }

    private func undecided(_ words: Words) -> Transition {
        let place = best.family.hasPlace ? (try? median(best.table.bestPlaces)).map(window.control) : nil
        let names: (TransitionOrder) -> String = { order in
            switch order {
            case .first: "a jump"
            case .second: "a continuous onset"
            case .crossover: "a crossover"
            default: "a smooth curve"
            }
        }
        return Transition(
            order: .undecided,
            sentence: "undecided\(place.map { " near \(words.axis) = \(words.plain($0))" } ?? ""): within its scatter "
                + "\(words.orderParameter) is as well \(names(best.family.order)) as \(names(rival))")
    }

    private func smooth(_ words: Words) -> Transition {
        if let place = steepestPlace {
            let half = window.width / Double(window.ts.count - 1)
            let location = Estimate(place, Interval(place - half, place + half))
            return Transition(
                order: .crossover, location: location,
                sentence:
                    "crossover near \(words.axis) = \(words.plain(place)): \(words.orderParameter) changes fastest "
                    + "there, but smoothly")
        }
        return Transition(
            order: .none,
            sentence: "no transition between \(words.axis) = \(words.plain(window.control(0))) and "
                + "\(words.plain(window.control(1))): \(words.orderParameter) changes smoothly")
    }

    /// Where the mean curve has an interior maximum of its slope that rises by a quarter above both sides.
    private var steepestPlace: Double? {
        let degree: Int
        switch best.family {
        case .smooth(let own): degree = own
        case .common(let coefficients): degree = coefficients.count - 1
        default: return nil
        }
        guard let coefficients = window.meanPolynomial(degree: max(1, degree)) else { return nil }
        let slopes = (0...100).map { k -> (x: Double, y: Double) in
            let s = 2 * Double(k) / 100 - 1
            let slope = (1..<coefficients.count).reversed().reduce(0.0) { $0 * s + Double($1) * coefficients[$1] }
            return (Double(k) / 100, abs(slope))
        }
        return interiorPeak(slopes, prominence: 0.25).map { window.control($0.value) }
    }

    private func crossover(_ words: Words) -> Transition {
        let posterior = located.posterior
        let width = posterior.shape * window.width
        let step = window.width / Double(window.ts.count - 1)
        let place = window.control(posterior.place)
        guard width >= step else {
            return Transition(
                order: .undecided, location: Estimate(place, Interval(place - step, place + step)),
                sentence: "undecided: \(words.orderParameter) changes steeply near \(words.axis) = "
                    + "\(words.plain(place)), within less than two intervals of the grid")
        }
        let half = max(posterior.placeError * window.width, step / 2)
        let location = Estimate(place, Interval(place - half, place + half))
        var transition = Transition(
            order: .crossover, location: location,
            sentence: "crossover at \(words.axis) = \(words.measured(location)): \(words.orderParameter) changes "
                + "fastest there, but smoothly, over a width of \(words.plain(width))")
        transition.evidence["width"] = .number(width)
        transition.evidence["spreadOfReplicas"] = .number(posterior.spread * window.width)
        transition.evidence["pointsUsed"] = .number(Double(window.valueCount))
        return transition
    }

    /// - Parameter numerical: half of the interval within which the data cannot place the transition at all.
    private func located(_ posterior: PlacePosterior, numerical: Double) -> Estimate {
        let place = window.control(posterior.place)
        let statistical = posterior.placeError * window.width
        let half = max(hypotenuse(statistical, numerical), 4 * place.ulp)
        return Estimate(place, Interval(place - half, place + half))
    }

    /// Fitted amplitudes of every replica at its own best place, in the order parameter's units about its mean.
    private func amplitudes(_ table: ProfileTable, _ noise: Double) -> [[Double]] {
        let best = table.bestPlaces
        let shape = table.shapes[table.bestShape]
        return window.groups.flatMap { group in
            let ts = group.points.map { window.ts[$0] }
            return group.members.compactMap { member -> [Double]? in
                let columns = table.family.columns(at: ts, place: best[member.replica], shape: shape)
                let rows = ts.indices.map { i in columns.map { $0[i] } }
                return (try? linearFit(rows: rows, member.ys))?.coefficients.map { $0 * noise }
            }
        }
    }

    private func jump(_ words: Words, hasSlope: Bool, noise: Double) -> Transition {
        let (table, posterior) = located
        let place = window.control(posterior.place)
        let xs = window.ts.map(window.control)
        let i = max(0, (xs.firstIndex { $0 > place } ?? xs.count - 1) - 1)
        let bracket = Interval(xs[i], xs[min(i + 1, xs.count - 1)])
        let location = located(posterior, numerical: bracket.width / 2)
        let drops = amplitudes(table, noise).map { c in
            switch table.family {
            case .jump(let degree): Measured(c[0] - c[degree + 1], 0)
            case .step(let background, let isOrderedBelow): Measured(c[background + 1] * (isOrderedBelow ? 1 : -1), 0)
            case .fold(let isOrderedBelow): Measured(c[1] * (isOrderedBelow ? 1 : -1), 0)
            default: preconditionFailure("a jump's table is of its family")
            }
        }
        let drop = pooled(drops)
        var transition = Transition(order: .first, location: location)
        if hasSlope {
            transition.jump = drop
            transition.latentHeat = drop.map { drop in
                let ends = drop.interval.map { [$0.low * place, $0.high * place] } ?? [drop.value * place]
                return Estimate(drop.value * place, Interval(ends.min()!, ends.max()!))
            }
        }
        transition.evidence["bracket"] = bracket.json
        transition.evidence["drop"] = .optional(drop?.value)
        transition.evidence["spreadOfReplicas"] = .number(posterior.spread * window.width)
        transition.evidence["pointsUsed"] = .number(Double(window.valueCount))
        let clause =
            drop.map {
                "\(words.orderParameter) \($0.value < 0 ? "rises" : "drops") by \(words.plain(abs($0.value)))"
            } ?? "\(words.orderParameter) jumps"
        transition.sentence = "first order at \(words.axis) = \(words.measured(location)): \(clause)"
        return transition
    }

    private func onset(_ words: Words, amplitude: Amplitude) -> Transition {
        let (table, posterior) = located
        let location = located(posterior, numerical: posterior.resolution * window.width / 2)
        var transition = Transition(order: .second, location: location)
        let unit = amplitude == .squareRoot ? 0.5 : 1
        let beta = posterior.shape * unit
        let half = max(posterior.shapeError * unit, 4 * beta.ulp)
        let exponent = Estimate(beta, Interval(beta - half, beta + half))
        transition.exponent = exponent
        let distances = window.ts.map { abs(window.control($0) - location.value) / max(abs(location.value), 1e-300) }
        guard case .onset(let background, let isOrderedBelow) = table.family else {
            preconditionFailure("an onset's table is of its family")
        }
        let ordered = zip(window.ts, distances).filter { ($0.0 < posterior.place) == isOrderedBelow }.map(\.1)
        transition.evidence["exponentFitRange"] = .numbers([ordered.min() ?? 0, ordered.max() ?? 0])
        transition.evidence["exponentFitPoints"] = .number(Double(ordered.count))
        transition.evidence["spreadOfReplicas"] = .number(posterior.spread * window.width)
        transition.evidence["pointsUsed"] = .number(Double(window.valueCount))
        let clause =
            background == 0
            ? "\(words.orderParameter) leaves a constant value continuously" : "\(words.orderParameter) has a kink"
        transition.sentence =
            "second order at \(words.axis) = \(words.measured(location)): \(clause), exponent β = "
            + words.measured(exponent)
        return transition
    }
}
