import Foundation
import Lanes
import Testing

/// Distance from the C library's value in units of its last place.
private func ulps(_ value: Double, _ reference: Double) -> Double {
    value == reference ? 0 : abs(value - reference) / reference.ulp
}

/// Arguments of all sizes and both signs, dense near 0 and 1.
private let arguments: [Double] = {
    var stream = RandomStream(seed: 6, key: 6, purpose: .data)
    let wide = (0..<20_000).map { _ in exponentialArgument(stream.uniform()) }
    let narrow = (0..<20_000).map { _ in 6 * stream.normal() }
    return wide + narrow + wide.map { -$0 }
}()

private func exponentialArgument(_ u: Double) -> Double { pow(10, 40 * u - 37.2) }

@Test func logarithmIsWithinTwoUlp() {
    let sizes: [Double] = arguments.map(abs)
    let positive: [Double] = sizes.flatMap { [$0, 1 + $0, 1 / $0] as [Double] }
    let worst = positive.map { ulps(logarithm($0), log($0)) }.max()!
    #expect(worst <= 2)
    #expect(logarithm(0) == -.infinity && logarithm(1) == 0 && logarithm(.infinity) == .infinity)
    #expect(logarithm(-1).isNaN && logarithm(.nan).isNaN)
    #expect(ulps(logarithm(5e-324), log(5e-324)) <= 2)
}

@Test func exponentialIsWithinTwoUlp() {
    let worst = arguments.filter { abs($0) < 700 }.map { ulps(exponential($0), exp($0)) }.max()!
    #expect(worst <= 2)
    #expect(exponential(0) == 1 && exponential(710) == .infinity && exponential(-746) == 0)
    #expect(exponential(.infinity) == .infinity && exponential(-.infinity) == 0 && exponential(.nan).isNaN)
    #expect(exponential(-740) > 0)
}

@Test func hyperbolicTangentIsWithinFourUlpAndOdd() {
    let worst = arguments.map { ulps(hyperbolicTangent($0), tanh($0)) }.max()!
    #expect(worst <= 4)
    for x in arguments { #expect(hyperbolicTangent(-x) == -hyperbolicTangent(x)) }
    #expect(hyperbolicTangent(.infinity) == 1 && hyperbolicTangent(-.infinity) == -1)
    #expect(hyperbolicTangent(0) == 0 && hyperbolicTangent(.nan).isNaN)
}
