/// One kind of figure: what it is called, what it shows, what a sweep must have for it, and how its script is made. Each
/// stands in a file of its own in `Kinds`; a new one is such a file and its name in `all`.
struct FigureKind: Sendable {
    /// As `figures:` of a sweep file names it, and as its template in `plots/` is called.
    let name: String
    /// What to see in it, as a sentence for its caption.
    let caption: String
    let needs: Needs
    /// - Parameter width: of the page, in cm.
    let script: @Sendable (_ input: FigureInput, _ width: Double) throws(FigureError) -> FigureScript

    enum Needs: Sendable {
        /// Two values or more of the swept control.
        case sweptControl
        /// Nothing but points.
        case points
    }

    static let all: [FigureKind] = [
        .orderParameter, .lossDerivatives, .effectiveLandscape, .phaseDiagram, .transitionLine, .bifurcation,
        .hysteresis, .trapping, .histogram, .binder, .collapse, .trajectory, .profile,
    ]

    static func named(_ name: String) throws(FigureError) -> FigureKind {
        guard let kind = all.first(where: { $0.name == name }) else { throw .unknownFigure(name) }
        return kind
    }

    /// - Throws: `FigureError.nothingToDraw` where the sweep lacks what the figure needs.
    func checked(_ input: FigureInput, _ width: Double) throws(FigureError) -> FigureScript {
        let controls = Set(input.curves.flatMap { $0.samples.map(\.control) })
        if needs == .sweptControl, controls.count == 1, let only = controls.first {
            let others = [Self.trajectory.name, Self.histogram.name].map { "`\($0)`" }.joined(separator: " or ")
            throw .nothingToDraw(
                figure: name,
                reason: "`\(input.axis.name)` has the single value \(only); sweep it, or use \(others)")
        }
        return try script(input, width)
    }
}
