import Foundation
import GRDB
import PhaseSpace
import Support

/// Tells whether a store's constants are what its rows rest on: the identity of a cold point is the hash of constants and
/// controls, so that a single row whose identity comes out is proof.
struct ConstantsWitness {
    private let form: IdentityForm
    private let controls: [ControlParameter]

    /// Nil for constants that describe no store of these models.
    init?(_ constants: JSONValue, _ models: [ModelDeclaration]) {
        guard let name = constants["model"]?.text, let seed = constants["seed"]?.text.flatMap(UInt64.init),
            let data = constants["data"], let settings = constants["settings"],
            let declaration = models.first(where: { $0.name == name })?.ofStore(with: constants)
        else { return nil }
        controls = declaration.controls
        let names = controls.map(\.name)
        guard constants["controls"]?.list?.compactMap(\.text) == names.sorted() else { return nil }
        form = IdentityForm(
            Physics(
                model: name, revision: Physics.revision(in: constants), seed: seed, data: data, settings: settings),
            grid: nil, along: nil, controls: names)
    }

    /// Whether some cold point among the records has the identity that follows from the constants.
    func confirms(_ pages: SQLitePages) -> Bool {
        var isConfirmed = false
        _ = pages.forEachRecord { record in
            let values = record.values
            guard !isConfirmed, !record.hasRowID, values.count > controls.count + StoreLayout.trailing.count,
                let identity = String.fromDatabaseValue(values[0]).flatMap(PointIdentity.init(ifHex:)),
                let replica = Int.fromDatabaseValue(values[controls.count + 1]),
                String.fromDatabaseValue(values[controls.count + 2]) == Direction.cold.rawValue
            else { return }
            var point: [String: ControlValue] = [:]
            for (index, control) in controls.enumerated() { point[control.name] = value(values[index + 1], control) }
            guard point.count == controls.count else { return }
            isConfirmed = form.identity(controls: point, replica: replica, direction: .cold) == identity
        }
        return isConfirmed
    }

    private func value(_ stored: DatabaseValue, _ control: ControlParameter) -> ControlValue? {
        if let text = String.fromDatabaseValue(stored) {
            guard control.isNumeric else { return .text(text) }
            return (try? JSONValue(parsing: text))?.numbers.map(ControlValue.list)
        }
        return Double.fromDatabaseValue(stored).map(ControlValue.number)
    }
}
