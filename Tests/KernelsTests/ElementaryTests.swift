import Foundation
import Kernels
import Testing

/// An argument and the correctly rounded value there.
private struct Entry<Scalar: BinaryFloatingPoint & Sendable>: Sendable {
    let argument: Scalar
    let value: Scalar
}

private struct Oracle: Sendable {
    var double: [ElementaryFunction: [Entry<Double>]] = [:]
    var single: [ElementaryFunction: [Entry<Float>]] = [:]

    init() throws {
        let url = try #require(
            Bundle.module.url(forResource: "elementary", withExtension: "tsv", subdirectory: "Oracle"))
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: "\t").map(String.init)
            let function = try #require(ElementaryFunction(rawValue: fields[0]))
            if fields[1] == "double" {
                let entry = Entry(
                    argument: try #require(Double(fields[2])), value: try #require(Double(fields[3])))
                double[function, default: []].append(entry)
            } else {
                let entry = Entry(argument: try #require(Float(fields[2])), value: try #require(Float(fields[3])))
                single[function, default: []].append(entry)
            }
        }
    }
}

/// Units of the last place that a value may be away from the exact one.
private let bounds: [ElementaryFunction: Double] = [
    .tanh: 3, .exp: 1.5, .erf: 3, .logistic: 3, .softplus: 4, .gaussian: 1.5, .normal: 8,
]

/// Distance in units of the last place of the exact value; infinite where only one of the two is finite or a number.
private func ulps<Scalar: BinaryFloatingPoint>(_ value: Scalar, _ exact: Scalar) -> Double {
    if value.isNaN || exact.isNaN { return value.isNaN && exact.isNaN ? 0 : .infinity }
    if value == exact { return 0 }
    guard value.isFinite && exact.isFinite else { return .infinity }
    return Double(abs(value - exact) / exact.ulp)
}

@Test(arguments: bounds.keys)
func elementaryFunctionsKeepTheirBoundsOverTheWholeRange(_ function: ElementaryFunction) throws {
    let oracle = try Oracle()
    // The oracle is itself rounded.
    let bound = try #require(bounds[function]) + 0.5
    let double = try #require(oracle.double[function])
    let single = try #require(oracle.single[function])
    #expect(double.count > 100 && single.count > 100)
    for variant in KernelVariant.allCases where variant.isSupported {
        let doubles = function(double.map(\.argument), variant: variant)
        for (entry, value) in zip(double, doubles) {
            #expect(ulps(value, entry.value) <= bound, "\(function)(\(entry.argument)) is \(value), \(variant)")
        }
        let singles = function(single.map(\.argument), variant: variant)
        for (entry, value) in zip(single, singles) {
            #expect(ulps(value, entry.value) <= bound, "\(function)(\(entry.argument)) is \(value), \(variant), single")
        }
    }
}

/// Arguments of all sizes and signs, without a random generator: the golden ratio's multiples fill intervals evenly.
private func arguments(_ count: Int) -> [Double] {
    (0..<count).map { index in
        let fraction = (Double(index) * 0.6180339887498949).truncatingRemainder(dividingBy: 1)
        let size = pow(10, 8 * fraction - 5)
        return index.isMultiple(of: 2) ? size : -size
    }
}

@Test(arguments: ElementaryFunction.allCases)
func elementaryFunctionsGiveTheSameBitsInEveryVariant(_ function: ElementaryFunction) {
    let double = arguments(20_001)
    let single = double.map { Float($0) }
    let doubles = function(double, variant: .baseline).map(\.bitPattern)
    let singles = function(single, variant: .baseline).map(\.bitPattern)
    for variant in KernelVariant.allCases where variant.isSupported {
        #expect(function(double, variant: variant).map(\.bitPattern) == doubles)
        #expect(function(single, variant: variant).map(\.bitPattern) == singles)
    }
}

@Test func tanhAndErfAreOddToTheBitAndBounded() {
    let x = arguments(20_001)
    for function in [ElementaryFunction.tanh, .erf] {
        #expect(function(x) == function(x.map { -$0 }).map { -$0 })
        #expect(function(x).allSatisfy { abs($0) <= 1 })
        #expect(function(x.map { Float($0) }).allSatisfy { abs($0) <= 1 })
    }
}

#if arch(x86_64)
    /// The C library in extended precision.
    private func extended(_ function: ElementaryFunction, _ x: Float80) -> Float80 {
        switch function {
        case .tanh: Foundation.tanh(x)
        case .exp: Foundation.exp(x)
        case .erf: Foundation.erf(x)
        case .logistic: x < 0 ? Foundation.exp(x) / (1 + Foundation.exp(x)) : 1 / (1 + Foundation.exp(-x))
        case .softplus: x < 0 ? log1p(Foundation.exp(x)) : x + log1p(Foundation.exp(-x))
        case .gaussian: Foundation.exp(-x * x)
        case .normal: erfc(-x * Float80(0.5).squareRoot()) / 2
        case .rectifier: max(0, x)
        }
    }

    @Test(arguments: bounds.keys)
    func elementaryFunctionsKeepTheirBoundsAtManyArguments(_ function: ElementaryFunction) throws {
        let bound = try #require(bounds[function])
        // Where the double results are normal numbers: denormals have their rows in the oracle.
        let x = arguments(200_001).filter { abs($0) < (function == .gaussian ? 26 : 37) }
        #expect(x.count > 100_000)
        var worst = 0.0
        for (argument, value) in zip(x, function(x)) {
            let exact = extended(function, Float80(argument))
            worst = max(worst, Double(abs(Float80(value) - exact) / Float80(Double(exact).ulp)))
        }
        #expect(worst <= bound)
        let y = arguments(200_001).map { Float($0) }.filter { abs($0) < (function == .gaussian ? 9 : 13) }
        var worstSingle = 0.0
        for (argument, value) in zip(y, function(y)) {
            let exact = extended(function, Float80(argument))
            worstSingle = max(worstSingle, Double(abs(Float80(value) - exact) / Float80(Float(exact).ulp)))
        }
        #expect(worstSingle <= bound)
    }
#endif
