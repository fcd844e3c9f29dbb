import PhaseSpace
import Support

extension SweepSpec {
    /// What `refine:` asks for: how sharply transitions are to be located.
    public struct RefinementRequest: Sendable, Hashable {
        /// Full width of a location's interval, in units of the swept control.
        public let until: Double
    }
}

extension SweepPlan {
    /// Cold points of a curve off the grid, one for each value and replica. Their identities are those of grid points:
    /// a grid that gets such a value later finds it in the store.
    /// - Parameter replicas: as many for each value; without it the sweep's.
    /// - Throws: `ControlError` where a derived control has no value there, or the model refuses the point.
    public func refinementPoints(
        of curve: CurveKey, at values: [Double], replicas: Int? = nil
    ) throws(ControlError) -> [Point] {
        var points: [Point] = []
        for value in values {
            var controls = curve.controls(at: value)
            try controls.set(spec.derived)
            try model.validate(controls)
            points += (0..<(replicas ?? spec.replicas)).map { offGridPoint(controls, replica: $0) }
        }
        return points
    }

    /// Chains that run points on their own.
    public func chains(of points: [Point]) -> [Chain] { points.map { Chain(points: [$0], axis: spec.along) } }
}

extension SpecReader {
    /// The `refine:` section; nil where there is none.
    func refinement(along axis: String) throws(SpecError) -> SweepSpec.RefinementRequest? {
        guard let place = sections.keyPlace["refine"] else { return nil }
        var until: Double?
        for member in sections.members("refine") {
            switch member.key {
            case "axis":
                let name = try member.value.text("`axis`")
                guard name == axis else {
                    throw SpecError(
                        member.value.place,
                        "`refine` puts points along the curves' own axis, `\(axis)`, not along `\(name)`"
                            + nearestHint(to: name, among: [axis]))
                }
            case "until":
                let width = try member.value.number("`until`")
                guard width > 0, width.isFinite else {
                    throw SpecError(member.value.place, "`until` must be a number > 0, not \(width)")
                }
                until = width
            default:
                throw SpecError(
                    member.keyPlace,
                    "`\(member.key)` is no key of `refine`\(nearestHint(to: member.key, among: ["axis", "until"])); "
                        + "known: axis, until")
            }
        }
        guard let until else {
            throw SpecError(place, "`refine` needs `until`, the full width of the interval that is asked for")
        }
        return SweepSpec.RefinementRequest(until: until)
    }
}
