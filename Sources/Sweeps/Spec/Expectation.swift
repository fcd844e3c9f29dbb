import PhaseSpace
import Support

/// A number, or an order, that a sweep must reproduce: what makes it a recipe.
public struct Expectation: Sendable {
    /// What is looked at.
    public enum Subject: Sendable {
        /// A member of a verdict (`order`, `location`, `spinodal` …, or `count`, the number of transitions) on the
        /// curve with these controls.
        case transition(String, curve: [String: ControlValue], Choice)
        /// The second control's value at the first special point of a kind (`tricritical`, `criticalEnd`) on the lines
        /// that the transitions of the curves with these controls make over that control.
        case specialPoint(String, over: String, curve: [String: ControlValue])
        /// The mean over replicas of an observable at the points with these controls; `minus` takes another point's
        /// off, replica by replica. With a step it is the one recorded there.
        case observable(String, at: [String: ControlValue], minus: [String: ControlValue]?, step: Int?, Direction?)
        /// A member of what the model's exact theory answers to a question; dots lead into objects, numbers into lists.
        case prediction(String, query: JSONValue)
    }
    /// Which of a curve's transitions.
    public enum Choice: Sendable {
        /// Counted from 0, by rising location.
        case index(Int)
        /// The one whose location is nearest.
        case nearest(Double)
    }
    /// What it must be.
    public enum Target: Sendable {
        case number(Double, Tolerance)
        case text(String)
        /// Inside these bounds, ends included.
        case range(Double, Double)
        /// The exact value of the same thing, from the model's own theory.
        case theory(Tolerance)
    }
    /// How far off it may be. A value passes that is within any of them.
    public struct Tolerance: Sendable {
        public var absolute: Double?
        /// In units of the expected value.
        public var relative: Double?
        /// In standard errors of ours and, where it has one, of the expected value together.
        public var errors: Double?
        /// Standard error of the expected value.
        public var ofExpected: Double?
    }
    /// What has been found out about a claim before, and must be found again.
    public enum Finding: String, Sendable, CaseIterable {
        case reproduced = "reproduced"
        case notReproduced = "not reproduced"
        case undecided = "undecided"
    }

    public let subject: Subject
    public let target: Target
    /// In words, for the table; a name is made of the subject where there is none.
    public let name: String
    /// Where the expected value comes from.
    public let source: String
    /// Nil where the number itself must hold. Otherwise the target is a claim, judged with the 95 % interval of ours,
    /// and the recipe is right when the judgement is this one.
    public let finding: Finding?
    /// Where the spec says which curve or point.
    public let place: SpecPlace
}

extension Expectation {
    /// Members of a verdict that may be expected.
    public static let transitionMembers = [
        "count", "order", "location", "jump", "curvatureJump", "latentHeat", "spinodal", "lowerSpinodal", "barrier",
        "exponent",
    ]
    /// Special points that may be expected.
    public static let specialPoints = ["tricritical", "criticalEnd"]
    static let keys = [
        "name", "transition", "special", "observable", "predict", "over", "curve", "which", "near", "at", "minus",
        "step", "direction",
        "query",
        "value", "between", "tolerance", "relative", "errors", "error", "finding", "source",
    ]
}
