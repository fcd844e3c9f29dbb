import Foundation
import PhaseSpace

extension IsotropicNet {
    /// The ordered branch round its fold, as a corrector would have followed it; nil without hidden layers.
    func followedBranch(replica: Int) -> FollowedBranch? {
        guard depth > 0 else { return nil }
        let d = Double(depth)
        let fold = depth > 1 ? log((d - 1) / (d + 1)) : -.infinity
        let maxwell = depth > 1 ? log(d - 1) : -.infinity
        var parameters = (0...120).map { 5 - 0.07 * Double($0) }.filter { $0 > (depth > 1 ? -3 : -6) }
        if depth > 1 { parameters += [fold, maxwell] }
        let rows = parameters.sorted(by: >).enumerated().map { index, u in
            let (gamma, point) = point(s: exp(u))
            return BranchRow(
                arcLength: Double(index), control: gamma, isStable: u >= fold,
                event: u == fold ? .fold : u == maxwell ? .maxwell : nil,
                uncertainty: u == fold || u == maxwell ? 1e-12 : nil,
                values: [
                    "loss": point.loss, "squaredNorm": point.slope, "lossSlope": point.slope,
                    "zeroNetLoss": zeroNetLoss,
                ])
        }
        return FollowedBranch(axis: "gamma", replica: replica, rows: rows)
    }
}
