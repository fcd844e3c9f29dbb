import PhaseSpace

/// A number with half the width of its interval.
package struct Measured: Sendable, Equatable {
    package var value: Double
    package var error: Double
    package init(_ value: Double, _ error: Double) {
        self.value = value
        self.error = error
    }
}

/// One singular point of one replica's global phase.
struct PhaseChange {
    /// The phase on one side, continued to the singular point.
    struct Side {
        var isZeroNet = false
        var slope: Double?
        var curvature: Double?
        var orderParameter: Double?
    }
    /// The end of a metastable branch, or what the warm sweep says instead.
    enum BranchEnd {
        case at(Measured, bracket: Interval, lastSeen: Double)
        /// The branch lives on to this end of the grid.
        case beyondGrid(Double)

        /// The farthest control at which the branch was seen.
        var outermost: Double {
            switch self {
            case .at(_, _, let last), .beyondGrid(let last): last
            }
        }
    }

    /// `first`, `second`, `zeroth`, `boundary`, or `undecided` with a reason.
    var order: TransitionOrder
    var location: Measured
    /// Neighbouring controls of the grid.
    var bracket: Interval
    var left = Side()
    var right = Side()
    /// F′ on the left minus F′ on the right.
    var jump: Measured?
    /// F″ on the right minus F″ on the left.
    var curvatureJump: Measured?
    /// F of the two phases where they meet.
    var commonLoss: Double?
    /// F on the right minus F on the left, for a zeroth-order transition.
    var lossJump: Measured?
    var exponent: Exponent?
    var upperEnd: BranchEnd?
    var lowerEnd: BranchEnd?
    /// Controls where the up- and the down-sweep are in different states.
    var hysteresis: [Double] = []
    /// Loss of the unstable point between the two phases, above their common loss.
    var barrier: Measured?
    var pointsUsed = 0
    /// Whether it was located on followed branches.
    var isFromBranch = false
    /// Whether the order parameter is zero on one side.
    var vanishes = false
    /// Why the order is undecided.
    var reason = ""

    init(order: TransitionOrder, location: Measured, bracket: Interval, reason: String = "") {
        self.order = order
        self.location = location
        self.bracket = bracket
        self.reason = reason
    }
}
