import Foundation
import Lanes
import OrderedCollections
import PhaseSpace
import Support
import Synchronization

/// The model `linear-vae`: linear β-variational autoencoders, whose latent modes collapse one by one as β grows.
///
/// They are trained on the exact average of the loss over data and latent noise.
public final class LinearVAE: Model {
    let settings: ModelSettings
    private let source: Source
    private let cache = Mutex<[Int: LinearVAEMoments]>([:])

    private enum Source: Sendable {
        /// The same moments for all replicas, with the text that tells external data apart.
        case given(LinearVAEMoments, fingerprint: String)
        case teacher(LinearVAETeacher)
    }

    public init(settings: ModelSettings) throws {
        self.settings = settings
        let data = settings.data
        let kinds = ["modes", "teacher", "file"].filter { !(data[$0]?.isNull ?? true) }
        guard kinds.count == 1 else {
            throw ControlError(
                control: kinds.last ?? "data",
                message: "`data` needs one source: {modes: [3, 2, 1]}, {teacher: gaussian, inputs: 5, samples: 500} or "
                    + "{file: data.csv}" + (kinds.isEmpty ? "" : ", not \(kinds.joined(separator: " and "))"))
        }
        let belonging = [
            "modes": ["targetSecondMoment"], "teacher": ["inputs", "outputs", "inputVariances", "samples"],
            "file": ["target", "columns", "standardize", "center", "components"],
        ]
        for (kind, keys) in belonging.sorted(by: { $0.key < $1.key }) where kind != kinds[0] {
            if let stray = keys.first(where: { !(data[$0]?.isNull ?? true) }) {
                throw ControlError(control: stray, message: "`\(stray)` belongs to `\(kind)`, not to `\(kinds[0])`")
            }
        }
        switch kinds[0] {
        case "modes": source = .given(try Self.moments(ofModes: data), fingerprint: "")
        case "teacher": source = .teacher(try LinearVAETeacher(settings))
        default: source = try Self.file(settings)
        }
    }

    public var dataFingerprint: String {
        if case .given(_, let fingerprint) = source { fingerprint } else { "" }
    }

    // MARK: - Data

    private static func moments(ofModes data: JSONValue) throws(ControlError) -> LinearVAEMoments {
        let modes = data["modes"]?.numbers ?? [data["modes"]?.number].compactMap { $0 }
        let d = modes.count
        var second = [Double](repeating: 0, count: d * d)
        for i in 0..<d { second[i * d + i] = modes[i] * modes[i] }
        let explained = modes.reduce(0) { $0 + $1 * $1 }
        let target = data["targetSecondMoment"]?.number ?? explained
        guard target >= explained * (1 - 1e-12) else {
            throw ControlError(
                control: "targetSecondMoment",
                message: "`targetSecondMoment` \(target) is below \(explained), the sum of the modes' squares")
        }
        return LinearVAEMoments(
            inputs: d, outputs: d, inputSecondMoment: second, crossMoment: second, targetSecondMoment: target)
    }

    /// An autoencoder of a table's columns; the target column, a label, is set aside.
    private static func file(_ settings: ModelSettings) throws -> Source {
        let name = settings.data["file"]!.text!
        let path = name.hasPrefix("/") || settings.folder.isEmpty ? name : settings.folder + "/" + name
        var table = try RegressionTable(
            contentsOf: path, target: settings.data["target"]?.text,
            columns: try RegressionTable.names(settings.data["columns"]))
        if settings.data["standardize"]?.text == "true" { table = try table.standardized(file: path) }
        if settings.data["center"]?.text == "true" { table = table.centered }
        guard table.columns <= 64 else {
            throw DataFileError(file: path, message: "has \(table.columns) input columns; at most 64 are supported")
        }
        let second = table.moments.inputSecondMoment
        let components = settings.data["components"]?.number.map { Int($0) }
        return .given(
            try components.map { try LinearVAEMoments(inputs: table.columns, autoencoding: second, components: $0) }
                ?? LinearVAEMoments(inputs: table.columns, autoencoding: second),
            fingerprint: sha256(try Data(contentsOf: URL(fileURLWithPath: path))))
    }

    func moments(_ ensemble: Ensemble) -> LinearVAEMoments? {
        switch (source, ensemble) {
        case (.given(let moments, let fingerprint), _):
            // A data file has no distribution behind it that we know of.
            return ensemble == .population && !fingerprint.isEmpty ? nil : moments
        case (.teacher(let teacher), .population): return teacher.populationMoments
        case (.teacher(let teacher), .replica(let replica)):
            if let found = cache.withLock({ $0[replica] }) { return found }
            let moments = teacher.moments(replica: replica)
            cache.withLock { $0[replica] = moments }
            return moments
        }
    }

    // MARK: - Points

    func net(_ controls: [String: ControlValue], replica: Int) -> LinearVAENet {
        LinearVAENet(
            moments: moments(.replica(replica))!, latent: Int(controls["latent"]!.number!),
            beta: controls["beta"]!.number!, decoderVariance: controls["decoderVariance"]!.number!,
            encoderVariance: controls["encoderVariance"]!.number!,
            learnsPosterior: controls["posterior"]!.text == LinearVAETheory.Posterior.learned.rawValue)
    }

    public func validateWarmSweep(along axis: String) throws(ControlError) {
        guard axis == "latent" else { return }
        throw ControlError(
            control: axis,
            message: "a warm sweep cannot run along `latent`, which changes the net's shape: use `direction: cold`")
    }

    // MARK: - Theory

    func theory(_ controls: [String: ControlValue], _ ensemble: Ensemble) throws -> LinearVAETheory? {
        guard let moments = moments(ensemble) else { return nil }
        let modes = try moments.singularModes()
        return LinearVAETheory(
            singularValues: modes.values, latentDimension: Int(controls["latent"]!.number!),
            targetSecondMoment: moments.targetSecondMoment, decoderVariance: controls["decoderVariance"]!.number!,
            encoderVariance: controls["encoderVariance"]!.number!,
            posterior: LinearVAETheory.Posterior(rawValue: controls["posterior"]!.text!)!,
            relativeError: modes.relativeError)
    }

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        try theory(controls, ensemble).map { Theory(values: $0.values(beta: controls["beta"]!.number!)) }
    }

    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        guard key.axis == "beta" else { return nil }
        return try theory(key.controls(at: 1), ensemble)?.transitions()
    }

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard name == "equilibrium", key.axis == "beta", let theory = try theory(key.controls(at: 1), ensemble),
            let low = axisValues.min(), let high = axisValues.max()
        else { return [] }
        let edges = theory.transitions().compactMap(\.location?.value).filter { $0 > low && $0 < high }
        let xs = (axisValues + edges.flatMap { [$0 * (1 - 1e-9), $0 * (1 + 1e-9)] }).sorted()
        let names = Self.declaration.observables.map(\.name).filter { theory.values(beta: high)[$0] != nil }
        // Broken at each threshold, where F″ jumps.
        var pieces: [[[Double]]] = [[]]
        for x in xs {
            if let last = pieces.last?.last?[0], edges.contains(where: { last < $0 && $0 < x }) { pieces.append([]) }
            let values = theory.values(beta: x)
            pieces[pieces.count - 1].append([x] + names.map { values[$0] ?? .nan })
        }
        return pieces.map { TheoryCurve(name: "equilibrium", columns: ["beta"] + names, rows: $0) }
    }
}
