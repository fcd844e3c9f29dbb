import Foundation
import GSLNumerics
import Models
import PhaseSpace
import Support
import Testing
import TinyNets

/// Items of `Reference/edge-of-chaos.json`: 40-digit results of an independent computation, each with its tolerance.
struct ReferenceItem: Sendable, CustomTestStringConvertible {
    let id: String
    let inputs: JSONValue
    let value: Double
    let tolerance: Double
    var testDescription: String { id }

    static let all: [ReferenceItem] = {
        let url = Bundle.module.url(forResource: "edge-of-chaos", withExtension: "json", subdirectory: "Reference")!
        let document = try! JSONValue(parsing: String(contentsOf: url, encoding: .utf8))
        return document["items"]!.list!.map {
            ReferenceItem(
                id: $0["id"]!.text!, inputs: $0["inputs"]!, value: Double($0["value"]!.text!)!,
                tolerance: $0["rel_tol"]!.number!)
        }
    }()

    func number(_ name: String) -> Double { inputs[name]!.number! }
}

@Suite struct EdgeOfChaosReferenceTests {
    @Test(arguments: ReferenceItem.all)
    func everyReferenceValueIsReproduced(item: ReferenceItem) throws {
        let ours = try #require(try Self.answer(item), "no answer to \(item.id)")
        #expect(
            abs(ours - item.value) <= item.tolerance * abs(item.value),
            "\(item.id): ours \(ours), reference \(item.value)")
    }

    @Test func thereAreFiftyFiveReferenceValues() { #expect(ReferenceItem.all.count == 55) }

    static func answer(_ item: ReferenceItem) throws -> Double? {
        if item.id.hasPrefix("det_relu") { return try deterministicNet(item.id) }
        if item.id.hasPrefix("catapult") { return try catapult(item) }
        if item.id.hasPrefix("prolonged") { return prolonged(item) }
        if item.id.hasPrefix("budget") {
            let phi = SignalActivation(name: item.inputs["act"]!.text!)!
            return preactivationBudget(
                layer: Int(item.number("k")), widthExponent: item.number("r"),
                slopeFluctuation: phi.slopeFluctuation!)
        }
        if item.inputs["sw2"] != nil || item.inputs["sb2"] != nil { return try meanField(item) }
        return homogeneous(item)
    }

    private static func homogeneous(_ item: ReferenceItem) -> Double? {
        let leaky = SignalActivation(name: "leakyRelu", leak: item.inputs["leak"]?.number ?? 0.1)!
        let name = item.id.contains("abs") && !item.id.hasPrefix("abrelu_rho_relu") ? "abs" : "relu"
        let kernel = CriticalKernel(
            asymmetry: item.id.contains("_relu") ? 0.5 : SignalActivation(name: name)!.asymmetry!)
        switch item.id {
        case "abrelu_rho_relu", "abrelu_rho_abs": return kernel.correlation(after: item.number("c"))
        case "leaky01_delta": return leaky.asymmetry
        case "leaky01_kappa": return leaky.slopeRatio
        case "abrelu_rhoprime_leaky":
            return CriticalKernel(asymmetry: leaky.asymmetry!).slope(at: item.number("c"))
        case "eoc_relu_c10", "eoc_abs_c10": return 1 - kernel.distances(from: 0, layers: 10)[10]
        case "eoc_relu_k2_1mc_1000": return kernel.distances(from: 0, layers: 1000)[1000] * 1e6
        default:
            guard item.id.hasPrefix("ntk_ratio") else { return nil }
            let matrices = Int(item.number("L"))
            return kernel.tangentKernel(correlation: 0, matrices: matrices) / Double(matrices)
        }
    }

    private static func meanField(_ item: ReferenceItem) throws -> Double? {
        let name = item.inputs["act"]?.text ?? "relu"
        let phi = SignalActivation(name: name)!
        if item.id.contains("_eoc_") {
            let point = try phi.criticalPoint(biasVariance: item.number("sb2"))
            return item.id.contains("eoc_q") ? point.variance : point.weightVariance
        }
        let field = MeanField(
            activation: phi, weightVariance: item.number("sw2"), biasVariance: item.number("sb2"))
        let point = try field.fixedPoint()
        if item.id.contains("cmap") {
            return field.correlation(after: item.number("c"), variance: point.variance!)
        }
        switch item.id.split(separator: "_").suffix(2).joined(separator: "_") {
        case let s where s.hasSuffix("qstar"): return point.variance
        case "chi_cstar": return point.correlationSlope
        case let s where s.hasSuffix("chi1"): return point.susceptibility
        case let s where s.hasSuffix("cstar"): return point.correlation
        case "xi_c": return point.correlationDepth
        case "xi_q": return point.varianceDepth
        default: return nil
        }
    }

    private static func catapult(_ item: ReferenceItem) throws -> Double? {
        var map = CatapultMap(rate: item.number("x0"), squaredResidual: item.number("z0"))
        switch item.id {
        case "catapult_xinf", "catapult_xinf_2.1": return map.fate().finalRate
        case "catapult_peak_z": return map.fate().peak
        default:
            for _ in 0..<Int(item.number("steps")) { map.advance() }
            return item.id == "catapult_x5" ? map.rate : map.squaredResidual
        }
    }

    private static func prolonged(_ item: ReferenceItem) -> Double? {
        let kappa = item.number("kappa")
        if item.id == "prolonged_lyap_3" { return ProlongedCatapult.lyapunovExponent(kappa: kappa) }
        if item.id == "prolonged_rate_3" { return ProlongedCatapult.flatteningRate(kappa: kappa) }
        var orbit = ProlongedCatapult(kappa: kappa, imbalance: item.number("tau0"))
        for _ in 0..<Int(item.number("steps")) { orbit.advance() }
        return item.id == "prolonged_tau6" ? orbit.imbalance : orbit.logKernel
    }

    private static func deterministicNet(_ id: String) throws -> Double? {
        let net = DeterministicNet.self
        let run = net.run()
        let (loss, gradient) = net.lossAndGradient(net.setting, net.data, net.weights)
        switch id.dropFirst("det_relu_".count) {
        case "loss0": return loss
        case "loss3": return run.losses[3]
        case "ntk_top0": return run.initialKernel
        case "ntk_topT": return run.kernels[3]
        case "ntk_trace0": return run.initialSpectrum.reduce(0, +)
        case "sharp0": return run.sharpnesses[0]
        case "gradnorm2": return dot(gradient, gradient)
        case "gHg": return dot(gradient, net.hessianProduct(net.setting, net.data, net.weights, gradient))
        case "gGNg": return dot(gradient, net.gaussNewtonProduct(net.setting, net.data, net.weights, gradient))
        case "hess_min0":
            let count = gradient.count
            let rows = (0..<count).flatMap { k in
                let unit = (0..<count).map { $0 == k ? 1.0 : 0 }
                return net.hessianProduct(net.setting, net.data, net.weights, unit)
            }
            return try symmetricEigenSystem(rows, order: count).values[0]
        case "pr_last":
            let probe = NetProbe(setting: net.setting, data: net.data)
            probe.evaluate(net.weights)
            return probe.participationRatio
        case "cos_t1": return run.cosines[1]?.total
        case "cos_t2": return run.cosines[2]?.total
        case "dh2": return run.probe.preactivationChanges[1]
        case "euler":
            let theta = zip(net.weights, net.parameters(net.weights.map { _ in 1 }, net.setting)).map { $0 / $1 }
            return dot(Array(theta[0..<12]), Array(gradient[0..<12]))
        default: return nil
        }
    }
}
