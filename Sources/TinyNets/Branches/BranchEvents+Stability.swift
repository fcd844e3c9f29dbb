import PhaseSpace

// Which points of a branch are minima.
extension BranchEvents {
    /// Of the stable pieces at a control, between the walk's points by interpolation.
    func losses(at control: Double) -> [Double] {
        stablePieces.map { StablePiece(self, $0) }.filter { $0.low <= control && control <= $0.high }
            .map { $0.loss(at: control) }
    }

    func addSpectra(to path: inout BranchPath) {
        let stops = path.atStops.keys.sorted()
        let judged = follower.judged(path.points + stops.flatMap { path.atStops[$0]! })
        path.points = Array(judged.prefix(path.points.count))
        var rest = judged.dropFirst(path.points.count)
        for stop in stops {
            let count = path.atStops[stop]!.count
            path.atStops[stop] = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
    }

    /// Branch points where a minimum is lost to a direction that the branch itself does not move in, by its lowest
    /// curvature. Where that is zero anyway, by a symmetry of the loss, it tells nothing.
    func addLosses(to path: inout BranchPath) {
        var found: [Point] = []
        for (a, b) in zip(path.points, path.points.dropFirst())
        where a.isStable != b.isStable && a.event != .fold && b.event != .fold {
            guard let i = walk.arcLengths.indices.dropLast().last(where: { walk.arcLengths[$0] <= a.arcLength }),
                positions[i].tangent.control * positions[i + 1].tangent.control > 0,
                let (position, arc) = locate(i, tolerance: 1e-10, { lowestCurvature($0).lowest })
            else { continue }
            let (lowest, size) = lowestCurvature(position)
            let rate = abs(b.lowestCurvature - a.lowestCurvature) / max(abs(b.control - a.control), 1e-300)
            let stable = a.isStable ? a : b
            guard stable.lowestCurvature > 1e-7 * size, a.arcLength < arc, arc < b.arcLength else { continue }
            var point = Point(position, arcLength: arc)
            point.event = .branchPoint
            point.lowestCurvature = lowest
            point.uncertainty = 2 * (abs(lowest) + 1e-10 * size) / max(rate, 1e-300)
            found.append(point)
        }
        path.points = (path.points + found).sorted { $0.arcLength < $1.arcLength }
    }

    private func lowestCurvature(_ position: Position) -> (lowest: Double, size: Double) {
        follower.system.spectra(of: [(position.weights, position.control)], limit: follower.settings.lanczosLimit)[0]
    }
}

extension BranchFollower {
    /// Points with their lowest curvatures, and whether they are minima.
    func judged(_ points: [BranchPath.Point]) -> [BranchPath.Point] {
        let spectra = system.spectra(
            of: points.map { ($0.weights, $0.control) }, limit: settings.lanczosLimit, settling: 1e-10)
        return zip(points, spectra).map { point, spectrum in
            var point = point
            point.lowestCurvature = spectrum.lowest
            let isMarginal = point.event == .fold || point.event == .branchPoint
            point.isStable = spectrum.lowest > -1e-7 * spectrum.size && (!point.isUnstableInMotion || isMarginal)
            return point
        }
    }
}
