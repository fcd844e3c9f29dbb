import Foundation
import Lanes
import Testing

@Suite struct DecimalTests {
    @Test func thePowerOfTenBelowANumberIsExact() {
        for exponent in -300...300 {
            let power = Double("1e\(exponent)")!
            #expect(powerOfTen(exponent) == power)
            #expect(decimalExponent(power) == exponent && decimalExponent(-power) == exponent)
            #expect(decimalExponent(power.nextDown) == exponent - 1)
            #expect(decimalExponent(9.5 * power) == exponent)
        }
        for x in [0, -0.0, .infinity, -.infinity, .nan] { #expect(decimalExponent(x) == nil) }
        #expect(decimalExponent(.leastNonzeroMagnitude) == -324 && decimalExponent(.greatestFiniteMagnitude) == 308)
    }

    @Test func theHypotenuseDoesNotOverflow() {
        #expect(hypotenuse(3, 4) == 5 && hypotenuse(-4, 3) == 5 && hypotenuse(0, 0) == 0)
        #expect(hypotenuse(3e300, 4e300) == 5e300 && hypotenuse(0, 1e-320) == 1e-320)
        #expect(hypotenuse(.infinity, 1) == .infinity)
        #expect(hypotenuse(.nan, 1).isNaN && hypotenuse(1, .nan).isNaN)
        for k in 1...1000 {
            let (x, y) = (Double(k) / 7, 3 / Double(k))
            #expect(abs(hypotenuse(x, y) - hypot(x, y)) <= 2 * hypot(x, y).ulp)
        }
    }
}
