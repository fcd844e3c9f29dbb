import OrderedCollections
import PhaseSpace
import Support
import Sweeps

/// Files of a program that are not what they were when its store's points were trained.
struct ProgramChange {
    let store: String
    let points: Int
    /// Files that have changed, come or gone.
    let files: [String]

    /// Nil where nothing has changed, and where there is no store.
    init?(since store: String, _ plan: SweepPlan) {
        guard let now = plan.model.record, let (before, points) = Store.record(of: store), points > 0 else {
            return nil
        }
        let (old, new) = (before["code"]?.object ?? [:], now["code"]?.object ?? [:])
        files = OrderedSet(old.keys).union(new.keys).filter { old[$0] != new[$0] }
        guard !files.isEmpty else { return nil }
        (self.store, self.points) = (store, points)
    }

    /// - Throws: `Failure`, always.
    func refuse() throws {
        let one = files.count == 1
        throw Failure(
            "\(store): \(files.joined(separator: ", ")) \(one ? "has" : "have") changed since "
                + "\(counted(points, "point")) \(points == 1 ? "was" : "were") trained, under the same `version`. "
                + "Where results are the same, go on with --same-results; where they are not, raise `version` in the "
                + "program and start afresh with --restart")
    }

    /// What stands in the provenance in place of a kernel: which files trained, under which versions.
    static func trainer(_ record: JSONValue) -> String {
        let code = (record["code"]?.object ?? [:]).map { "\($0.key) sha256 \($0.value.text ?? "")" }
        let versions = (record["versions"]?.object ?? [:]).map { "\($0.key) \($0.value.text ?? "")" }
        let device = record["device"]?.text ?? ""
        return (["program"] + code + versions + (device.isEmpty ? [] : ["device \(device)"])).joined(separator: "; ")
    }
}
