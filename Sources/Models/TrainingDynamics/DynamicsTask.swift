import Lanes
import PhaseSpace
import Support
import TinyNets

/// A smooth teacher on a sphere: inputs are Gaussian, scaled to norm √d; y = sin(1.5 w·x) + ½ (v·x)(w·x) with
/// orthonormal w and v, standardised to mean 0 and variance 1 (1/n).
///
/// Our choice of task; every replica has samples and a teacher of its own.
struct SphereTeacher: Sendable {
    let inputs: Int
    let samples: Int
    let seed: UInt64
    private let key: UInt64

    /// - Parameter settings: a text that tells these data from others with the same seed.
    init(inputs: Int, samples: Int, seed: UInt64, settings: String) {
        self.inputs = inputs
        self.samples = samples
        self.seed = seed
        key = PointIdentity(hex: sha256(settings)).randomKey
    }

    func draw(replica: Int) -> SampledData {
        var teacher = RandomStream(seed: seed, key: key, purpose: .teacher, substream: replica)
        let w = Self.normalized(teacher.normals(inputs))
        let raw = teacher.normals(inputs)
        let overlap = Self.dot(raw, w)
        let v = Self.normalized(zip(raw, w).map { $0 - overlap * $1 })
        var stream = RandomStream(seed: seed, key: key, purpose: .data, substream: replica)
        var features: [Double] = []
        var targets: [Double] = []
        for _ in 0..<samples {
            let x = Self.normalized(stream.normals(inputs)).map { $0 * Double(inputs).squareRoot() }
            features += x
            let a = Self.dot(w, x)
            targets.append(sine(1.5 * a) + 0.5 * Self.dot(v, x) * a)
        }
        let mean = targets.reduce(0, +) / Double(samples)
        let deviation = (targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples)).squareRoot()
        return SampledData(inputs: inputs, features: features, targets: targets.map { ($0 - mean) / deviation })
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    private static func normalized(_ x: [Double]) -> [Double] {
        let norm = dot(x, x).squareRoot()
        return x.map { $0 / norm }
    }
}
