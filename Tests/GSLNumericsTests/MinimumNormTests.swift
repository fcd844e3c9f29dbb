import GSLNumerics
import Testing

@Suite struct MinimumNormTests {
    @Test func aRegularSystemHasItsSolution() throws {
        let x = try minimumNormSolution([2, 1, 1, 3], [3, 5])
        #expect(abs(x[0] - 0.8) < 1e-15 && abs(x[1] - 1.4) < 1e-15)
    }

    @Test func aSingularSystemHasItsShortestSolution() throws {
        // x + y = 2 twice: the shortest of all solutions is (1, 1).
        let x = try minimumNormSolution([1, 1, 1, 1], [2, 2])
        #expect(abs(x[0] - 1) < 1e-15 && abs(x[1] - 1) < 1e-15)
        #expect(try minimumNormSolution([0, 0, 0, 0], [1, 2]) == [0, 0])
        #expect(try minimumNormSolution([], []) == [])
    }

    @Test func anInconsistentSystemIsSolvedInTheLeastSquaresSense() throws {
        let x = try minimumNormSolution([1, 0, 0, 0], [3, 7])
        #expect(abs(x[0] - 3) < 1e-15 && x[1] == 0)
    }

    @Test func whatDoesNotFitIsRefused() {
        #expect(throws: GSLError.self) { try minimumNormSolution([1, 2, 3], [1, 2]) }
        #expect(throws: GSLError.self) { try minimumNormSolution([.nan], [1]) }
    }
}
