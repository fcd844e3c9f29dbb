import Lanes
import OrderedCollections
import PhaseSpace
import Support

/// A minimum that training has led to.
protocol TrainedMinimum {
    var weights: [Double] { get }
    var loss: Double { get }
    var outcome: Outcome { get }
}

/// Where training at the points of a sweep begins: random numbers that are functions of keys alone.
struct TrainingStarts {
    let seed: UInt64

    /// Random numbers for the initial weights of one of a point's cold starts.
    ///
    /// A function of the controls and the replica, not of the direction: a warm sweep so begins with the very starts of
    /// the cold point at the same place, and with the best of its minima.
    func initialNumbers(_ point: Point, start: Int) -> RandomStream {
        let controls = OrderedDictionary(point.controls.map { ($0.key, $0.value.json) }, uniquingKeysWith: { $1 })
        let document: JSONValue = ["controls": .object(controls), "replica": .number(Double(point.replica))]
        return RandomStream(
            seed: seed, key: PointIdentity(hex: sha256(document.canonical)).randomKey, purpose: .initialWeights,
            substream: start)
    }

    /// A random direction, as normal numbers and their norm, that is a warm point's own.
    func kick(_ point: Point, count: Int) -> (numbers: [Double], norm: Double) {
        var stream = RandomStream(seed: seed, key: point.identity.randomKey, purpose: .noise)
        let numbers = stream.normals(count)
        return (numbers, numbers.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }

    /// The best of a point's cold starts, or the minimum that lies downhill of the last one of a warm sweep.
    /// - Parameters:
    ///   - previous: the weights of that last one; nil for a cold point.
    ///   - initialWeights: those of a start, counted from 0.
    func minimum<Minimum: TrainedMinimum>(
        at point: Point, after previous: [Double]?, coldStarts: Int, initialWeights: (_ start: Int) -> [Double],
        descent: (_ weights: [Double]) throws -> Minimum
    ) rethrows -> Minimum {
        if let previous {
            // A mode that has collapsed is a stationary point: a small kick lets it leave when it may.
            let (numbers, norm) = kick(point, count: previous.count)
            return try descent(zip(previous, numbers).map { $0 + 1e-6 * ($1 / norm) })
        }
        let found = try (0..<coldStarts).map { try descent(initialWeights($0)) }
        // Done beats failed, then the lower loss.
        return found.min { a, b in
            (a.outcome.isDone ? 0 : 1, a.loss) < (b.outcome.isDone ? 0 : 1, b.loss)
        }!
    }
}

extension ModelSettings {
    var trainingStarts: TrainingStarts { TrainingStarts(seed: seed) }
}
