import Foundation
import Lanes
import OrderedCollections
import PhaseSpace
import Support
import Synchronization

/// The model `linear-vae`: linear β-variational autoencoders, whose latent modes collapse one by one as β grows.
///
/// They are trained on the exact average of the loss over data and latent noise.
public final class LinearVAE: StaticModel {
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
        let data = settings.dataReader
        let example =
            "`data` needs one source: {modes: [3, 2, 1]}, {teacher: gaussian, inputs: 5, samples: 500} or "
            + "{file: data.csv}"
        switch try data.onlySource(
            among: [
                (DataControls.modes, [DataControls.targetSecondMoment]),
                (
                    DataControls.teacher,
                    [
                        DataControls.inputs, DataControls.outputs, DataControls.inputVariances,
                        DataKeys.samples,
                    ]
                ),
                (
                    DataControls.file,
                    [
                        DataControls.target, DataKeys.columns, DataControls.standardize, DataControls.center,
                        DataControls.components,
                    ]
                ),
            ], example: example)
        {
        case DataControls.modes.name: source = .given(try Self.moments(ofModes: data), fingerprint: "")
        case DataControls.teacher.name: source = .teacher(try LinearVAETeacher(settings))
        default: source = try Self.file(data, folder: settings.folder)
        }
    }

    public var dataFingerprint: String {
        if case .given(_, let fingerprint) = source { fingerprint } else { "" }
    }

    // MARK: - Data

    private static func moments(ofModes data: ControlReader) throws(ControlError) -> LinearVAEMoments {
        let modes = try data[DataControls.modes]?.listed ?? []
        let d = modes.count
        var second = [Double](repeating: 0, count: d * d)
        for i in 0..<d { second[i * d + i] = modes[i] * modes[i] }
        let explained = modes.reduce(0) { $0 + $1 * $1 }
        let target = try data[DataControls.targetSecondMoment] ?? explained
        guard target >= explained * (1 - 1e-12) else {
            throw ControlError(
                control: DataControls.targetSecondMoment.name,
                message:
                    "`targetSecondMoment` \(target) is below \(explained), the sum of the modes' squares")
        }
        return LinearVAEMoments(
            inputs: d, outputs: d, inputSecondMoment: second, crossMoment: second,
            targetSecondMoment: target)
    }

    /// An autoencoder of a table's columns; the target column, a label, is set aside.
    private static func file(_ data: ControlReader, folder: String) throws -> Source {
        let name = try data[DataControls.file] ?? ""
        let path = name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name
        var table = try RegressionTable(
            contentsOf: path, target: try data[DataControls.target], columns: try data[DataKeys.columns])
        if try data[DataControls.standardize] { table = try table.standardized(file: path) }
        if try data[DataControls.center] { table = table.centered }
        guard table.columns <= 64 else {
            throw DataFileError(
                file: path, message: "has \(table.columns) input columns; at most 64 are supported")
        }
        let second = table.moments.inputSecondMoment
        let components = try data[DataControls.components]
        return .given(
            try components.map {
                try LinearVAEMoments(inputs: table.columns, autoencoding: second, components: $0)
            }
                ?? LinearVAEMoments(inputs: table.columns, autoencoding: second),
            fingerprint: sha256(try Data(contentsOf: URL(fileURLWithPath: path))))
    }

    /// Nil for the population of data that have no distribution behind them.
    func moments(_ ensemble: Ensemble) -> LinearVAEMoments? {
        switch (source, ensemble) {
        case (_, .replica(let replica)): replicaMoments(replica)
        case (.teacher(let teacher), .population): teacher.populationMoments
        case (.given(let moments, let fingerprint), .population): fingerprint.isEmpty ? moments : nil
        }
    }

    private func replicaMoments(_ replica: Int) -> LinearVAEMoments {
        switch source {
        case .given(let moments, _): return moments
        case .teacher(let teacher):
            if let found = cache.withLock({ $0[replica] }) { return found }
            let moments = teacher.moments(replica: replica)
            cache.withLock { $0[replica] = moments }
            return moments
        }
    }

    // MARK: - Points

    func net(_ controls: ControlReader, replica: Int) throws -> LinearVAENet {
        let setting = try Setting(controls)
        return LinearVAENet(
            moments: replicaMoments(replica), latent: setting.latent, beta: try controls[BetaVAE.beta],
            decoderVariance: setting.decoderVariance, encoderVariance: setting.encoderVariance,
            learnsPosterior: setting.posterior == .learned)
    }

    public func validateWarmSweep(along axis: String) throws(ControlError) {
        guard axis == Controls.latent.name else { return }
        throw ControlError(
            control: axis,
            message:
                "a warm sweep cannot run along `latent`, which changes the net's shape: use `direction: cold`"
        )
    }

    // MARK: - Theory

    func theory(_ controls: ControlReader, _ ensemble: Ensemble) throws -> LinearVAETheory? {
        guard let moments = moments(ensemble) else { return nil }
        let setting = try Setting(controls)
        let modes = try moments.singularModes()
        return LinearVAETheory(
            singularValues: modes.values, latentDimension: setting.latent,
            targetSecondMoment: moments.targetSecondMoment, decoderVariance: setting.decoderVariance,
            encoderVariance: setting.encoderVariance, posterior: setting.posterior,
            relativeError: modes.relativeError)
    }

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        let controls = ControlReader(controls)
        return try theory(controls, ensemble).map {
            Theory(measured: $0.values(beta: try controls[BetaVAE.beta]))
        }
    }

    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        guard key.isAlong(BetaVAE.beta) else { return nil }
        return try theory(key.reader, ensemble)?.transitions()
    }

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        guard name == "equilibrium", key.isAlong(BetaVAE.beta),
            let theory = try theory(key.reader, ensemble),
            let low = axisValues.min(), let high = axisValues.max()
        else { return [] }
        let edges = theory.transitions().compactMap(\.location?.value).filter { $0 > low && $0 < high }
        let xs = (axisValues + edges.flatMap { [$0 * (1 - 1e-9), $0 * (1 + 1e-9)] }).sorted()
        let measures = Self.declaration.observables.map { Measure($0.name) }.filter {
            theory.values(beta: high)[$0] != nil
        }
        // Broken at each threshold, where F″ jumps.
        var pieces: [[[Double]]] = [[]]
        for x in xs {
            if let last = pieces.last?.last?[0], edges.contains(where: { last < $0 && $0 < x }) {
                pieces.append([])
            }
            pieces[pieces.count - 1].append([x] + theory.values(beta: x).row(measures))
        }
        return pieces.map {
            TheoryCurve(name: "equilibrium", columns: [key.axis] + measures.map(\.name), rows: $0)
        }
    }
}
