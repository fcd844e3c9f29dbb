import PhaseSpace
import TinyNets

/// The data of one replica as functions of a control that shapes them. One owner, one thread.
final class DataAlongAxis {
    /// In each of them moments and samples are smooth: random numbers are those of the replica, whatever the control.
    static let controls: [any AnyControl] = [
        WeightDecay.Controls.signal, WeightDecay.Controls.labelNoise, WeightDecay.Controls.conditionNumber,
        WeightDecay.Controls.parameter,
    ]

    /// Whether a control shapes the data.
    static func contains(_ axis: String) -> Bool { controls.contains { $0.name == axis } }

    private let model: WeightDecay
    private let point: Point
    private let axis: any AnyControl
    private let shape: SampledNetShape
    /// The last few, newest last: a corrector asks again and again for a control and its two neighbours.
    private var recentMoments: [(control: Double, moments: DataMoments)] = []
    private var recentNets: [(control: Double, net: SampledNet)] = []
    private static let memory = 12

    /// Nil where the chain's axis does not shape the data.
    init?(_ model: WeightDecay, _ chain: Chain, _ net: Net) {
        guard let axis = Self.controls.first(where: { $0.name == chain.axis }) else { return nil }
        self.model = model
        point = chain.points[0]
        self.axis = axis
        shape = net.shape
    }

    private func controls(at value: Double) -> ControlReader { point.reader.setting(axis, to: .number(value)) }

    func moments(_ control: Double) -> DataMoments {
        if let found = recentMoments.last(where: { $0.control == control }) { return found.moments }
        guard let moments = try? model.drawnMoments(controls(at: control), replica: point.replica) else {
            preconditionFailure("\(axis.name) shapes data of a teacher, or given moments")
        }
        recentMoments = recentMoments.suffix(Self.memory - 1) + [(control, moments)]
        return moments
    }

    func net(_ control: Double) -> SampledNet {
        if let found = recentNets.last(where: { $0.control == control }) { return found.net }
        // The same call has made the net that the branch begins with.
        guard
            let net = try? model.makeSampledNet(controls(at: control), replica: point.replica, shape: shape)
        else { preconditionFailure("a net that exists at one value of \(axis.name) exists at all") }
        recentNets = recentNets.suffix(Self.memory - 1) + [(control, net)]
        return net
    }
}
