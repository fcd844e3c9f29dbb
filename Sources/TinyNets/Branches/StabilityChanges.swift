import GSLNumerics

/// Where a branch's stability changes otherwise than at its folds.
struct StabilityChanges {
    struct Crossing {
        let position: BranchFollower.Position
        let arcLength: Double
        /// Of norm 1; the eigenvalue of this direction of weights passes zero.
        let direction: [Double]
        let uncertainty: Double
        /// Whether the branch is stable on one side.
        let isStable: Bool
    }

    /// Eigenvalues below this part of the largest are zero: those of symmetries are.
    private static let floor = 1e-10

    private let follower: BranchFollower
    private let walk: BranchWalk
    private(set) var all: [Crossing] = []

    init(_ follower: BranchFollower, _ walk: BranchWalk) {
        self.follower = follower
        self.walk = walk
        guard follower.system.weightCount <= BranchCollection.weightLimit else { return }
        // At a fold itself nothing can be counted.
        let places = walk.positions.indices.filter { abs(walk.positions[$0].tangent.control) * walk.unit > 1e-5 }
        let spectra = places.map { spectrum(walk.positions[$0])?.values ?? [] }
        for (k, (i, j)) in zip(places, places.dropFirst()).enumerated() where j == i + 1 {
            let counts = [k, k + 1].map { transverse(spectra[$0], walk.positions[places[$0]]) }
            guard let a = counts[0], let b = counts[1], a != b else { continue }
            if let found = crossing(in: i, spectra[k], spectra[k + 1], rises: b < a) { all.append(found) }
        }
    }

    private func spectrum(_ position: BranchFollower.Position) -> SymmetricEigenSystem? {
        try? symmetricEigenSystem(
            follower.system.hessian(at: position.weights, position.control), order: position.weights.count)
    }

    private func tolerance(_ values: [Double]) -> Double {
        Self.floor * max(abs(values.first ?? 0), abs(values.last ?? 0))
    }

    private func negatives(_ values: [Double]) -> Int { values.count { $0 < -tolerance(values) } }

    /// Number of unstable directions beside the branch's own.
    private func transverse(_ values: [Double], _ position: BranchFollower.Position) -> Int? {
        values.isEmpty ? nil : negatives(values) - (position.isUnstable ? 1 : 0)
    }

    /// - Parameter rises: whether the eigenvalue is negative at the interval's beginning.
    private func crossing(in i: Int, _ first: [Double], _ second: [Double], rises: Bool) -> Crossing? {
        // Counted at the unstable end, the eigenvalue that passes zero first is the last negative one.
        let rank = negatives(rises ? first : second) - 1
        func passing(_ values: [Double]) -> Double {
            let count = negatives(values)
            if count > rank { return values[rank] }
            return values.first { $0 > tolerance(values) } ?? 0
        }
        func position(_ x: Double) -> BranchFollower.Position? {
            x == 0 ? walk.positions[i] : x == 1 ? walk.positions[i + 1] : walk.position(in: i, at: x)
        }
        struct Lost: Error {}
        let root = try? GSLNumerics.root(
            of: { x in
                guard let here = position(x), let values = spectrum(here)?.values else { throw Lost() }
                return passing(values)
            }, in: 0...1, relativeTolerance: 0, absoluteTolerance: 1e-13)
        guard let root, let found = position(root),
            // A little way into the unstable side the direction stands apart from those of symmetries.
            let aside = position(rises ? root * 0.95 : root + 0.05 * (1 - root)), let system = spectrum(aside),
            negatives(system.values) > rank
        else { return nil }
        let value = system.values[rank]
        let group = system.values.indices.filter { abs(system.values[$0] - value) <= 1e-3 * abs(value) }
        let slope = abs(value) / max(abs(aside.control - found.control), 1e-300)
        let band = 2 * tolerance(system.values) / slope
        let location =
            sharpened(in: i, root, passing) ?? (found, max(band, 1e-12 * abs(found.control)))
        return Crossing(
            position: location.position,
            arcLength: walk.arcLengths[i] + walk.distance(walk.positions[i], location.position),
            direction: Self.direction(group.map { system.vectors[$0] }), uncertainty: location.uncertainty,
            isStable: min(negatives(first), negatives(second)) == 0)
    }

    /// Within the band in which an eigenvalue counts as zero it cannot be seen; on both sides of it it is smooth in the
    /// control, which four points then give as a function of the eigenvalue.
    private func sharpened(
        in i: Int, _ root: Double, _ passing: ([Double]) -> Double
    ) -> (position: BranchFollower.Position, uncertainty: Double)? {
        let reach = 0.02 * min(root, 1 - root)
        guard reach > 1e-4 else { return nil }
        let points = [-2, -1, 1, 2].compactMap { k -> (eigenvalue: Double, control: Double)? in
            guard let here = walk.position(in: i, at: root + Double(k) * reach), let values = spectrum(here)?.values
            else { return nil }
            return (passing(values), here.control)
        }
        guard points.count == 4, (points[0].eigenvalue < 0) != (points[3].eigenvalue < 0) else { return nil }
        func control(_ points: ArraySlice<(eigenvalue: Double, control: Double)>) -> Double {
            points.indices.reduce(0) { sum, a in
                sum
                    + points.indices.filter { $0 != a }.reduce(points[a].control) {
                        $0 * points[$1].eigenvalue / (points[$1].eigenvalue - points[a].eigenvalue)
                    }
            }
        }
        let location = control(points[...])
        let error = [points[0...2], points[1...3]].map { abs(control($0) - location) }.max()!
        guard error <= 1e-6 * abs(location), let near = walk.position(in: i, at: root),
            let fixed = follower.corrected(near.weights, location),
            let found = follower.tangent(at: fixed, forward: near.tangent, unit: walk.unit)
        else { return nil }
        return (found, error + 1e-12 * abs(location))
    }

    /// One direction of a space, whatever basis it is given by: the image of the coordinate that lies most in it.
    private static func direction(_ basis: [[Double]]) -> [Double] {
        let count = basis[0].count
        let parts = (0..<count).map { k in basis.reduce(0) { $0 + $1[k] * $1[k] } }
        let largest = parts.max()!
        let k = parts.firstIndex { $0 > largest * (1 - 1e-6) }!
        var image = [Double](repeating: 0, count: count)
        for vector in basis { for i in 0..<count { image[i] += vector[k] * vector[i] } }
        let length = norm(image)
        return image.map { $0 / length }
    }
}
