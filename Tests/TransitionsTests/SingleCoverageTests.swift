import GSLNumerics
import PhaseSpace
import Testing
import Transitions

/// A small version of the benchmark of single curves, with the same tables.
@Suite struct SingleCoverageTests {
    /// What became of tables of every shape whose errors are of one kind.
    private struct Count {
        var (tables, right, wrong, located, covered) = (0, 0, 0, 0, 0)
        var wrongs: [String] = []

        mutating func add(_ shape: SyntheticTable.Shape, _ table: SyntheticTable) {
            tables += 1
            let found = tableVerdict(for: table.curve, options: table.options).verdict.transitions
            guard !found.contains(where: { $0.order == .undecided }) else { return }
            guard found.count == 1, table.orders.contains(found[0].order) else {
                wrong += 1
                wrongs += found.map(\.sentence)
                return
            }
            right += 1
            if shape.order == .second, let interval = found[0].location?.interval {
                located += 1
                if interval.contains(table.place) { covered += 1 }
            }
        }
    }

    @Test(arguments: SyntheticTable.Errors.allCases)
    func verdictsAreRightOrUndecidedAndIntervalsHoldTheTruth(_ errors: SyntheticTable.Errors) {
        var count = Count()
        for (j, shape) in errors.shapes.enumerated() {
            for (k, error) in errors.sizes.enumerated() {
                let random = RandomSequence(seed: UInt64(500_000 + 100 * j + k))
                for _ in 0..<4 { count.add(shape, SyntheticTable(shape, error: error, errors: errors, random)) }
            }
        }
        // The benchmark's bound.
        #expect(count.wrong * 100 <= count.tables, "\(count.wrongs)")
        #expect(count.right * 4 >= count.tables, "\(count.right) of \(count.tables)")
        // 95 % of 30: five misses or more have a probability of 0.02, seven of 1e-3.
        #expect(count.located >= 8 && count.located - count.covered <= 1 + count.located / 8, "\(count)")
    }
}
