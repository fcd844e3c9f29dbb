import Foundation
import Models
import PhaseSpace
import TinyNets

/// The net of the reference values: widths 3-4-4-1, ReLU, weights √2 sin(1 + 5i + 3j + 7k), three samples.
enum DeterministicNet {
    static let setting = try! DynamicsSetting(
        activation: "relu", inputs: 3, widths: [4, 4], parameterization: .ntk)

    static let data: SampledData = {
        var features: [Double] = []
        for s in 0..<3 {
            let raw = (0..<3).map { cos(1 + 2 * Double($0) + 3 * Double(s)) }
            let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
            features += raw.map { $0 * 3.0.squareRoot() / norm }
        }
        return SampledData(inputs: 3, features: features, targets: (0..<3).map { sin(Double($0) + 1) })
    }()

    /// Effective weights: the parameters times their layer's multiplier. The reference's √2 is the gain of ReLU, which
    /// our multiplier has already, but for the first layer.
    static let weights: [Double] = {
        let widths = setting.shape.allWidths
        var weights: [Double] = []
        for k in 0..<3 {
            for i in 0..<widths[k + 1] {
                for j in 0..<widths[k] {
                    let theta = 2.0.squareRoot() * sin(1 + 5 * Double(i) + 3 * Double(j) + 7 * Double(k))
                    weights.append(setting.initialScales[k] * theta)
                }
            }
        }
        return weights
    }()

    /// Three steps at η = 0.5/λ₀, everything recorded.
    static func run() -> DynamicsRun {
        var plan = DynamicsPlan(relativeRate: 0.5, steps: 3)
        plan.record = 1
        plan.measuresSharpness = true
        return trained(DynamicsRun(setting: setting, data: data, weights: weights, plan: plan))
    }

    /// Gradient in parameters: effective gradient times the square root of the rate factor.
    static func parameters(_ effective: [Double], _ setting: DynamicsSetting) -> [Double] {
        let offsets = setting.shape.layerOffsets
        return (0..<setting.shape.layerCount).flatMap { k in
            effective[offsets[k]..<offsets[k + 1]].map { $0 * setting.rateFactors[k].squareRoot() }
        }
    }

    /// Loss (with ½) and its gradient in parameters at effective weights.
    static func lossAndGradient(
        _ setting: DynamicsSetting, _ data: SampledData, _ weights: [Double]
    ) -> (loss: Double, gradient: [Double]) {
        let pack = SampledNetPack(shape: setting.shape, sampleCount: data.count)
        pack.setData(data)
        pack.setWeights(weights, lane: 0)
        pack.evaluate()
        return (pack.loss(lane: 0) / 2, parameters(pack.gradient(lane: 0).map { $0 / 2 }, setting))
    }

    /// Hessian in parameters times a direction in parameters.
    static func hessianProduct(
        _ setting: DynamicsSetting, _ data: SampledData, _ weights: [Double], _ direction: [Double]
    ) -> [Double] {
        let pack = SampledNetPack(shape: setting.shape, sampleCount: data.count)
        pack.setData(data)
        pack.setWeights(weights, lane: 0)
        pack.setDirection(parameters(direction, setting), lane: 0)
        pack.evaluate()
        pack.hessianProduct()
        return parameters(pack.hessianProduct(lane: 0).map { $0 / 2 }, setting)
    }

    /// The same at a residual of zero: the Gauss–Newton matrix.
    static func gaussNewtonProduct(
        _ setting: DynamicsSetting, _ data: SampledData, _ weights: [Double], _ direction: [Double]
    ) -> [Double] {
        let probe = NetProbe(setting: setting, data: data)
        probe.evaluate(weights)
        let fitted = SampledData(inputs: data.inputs, features: data.features, targets: probe.outputs)
        return hessianProduct(setting, fitted, weights, direction)
    }
}

/// Trains one run on its own.
func trained(_ run: DynamicsRun) -> DynamicsRun {
    let queue = RunList([run])
    try! DynamicsTrainer().run(queue)
    return run
}

final class RunList: DynamicsQueue {
    private var runs: [DynamicsRun]
    private(set) var done: [DynamicsRun] = []
    init(_ runs: [DynamicsRun]) { self.runs = runs.reversed() }
    func nextRun() -> DynamicsRun? { runs.popLast() }
    func finished(_ run: DynamicsRun) { done.append(run) }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
