import Foundation
import PhaseSpace
import Sweeps
import Testing

/// Specs with a few characters changed: read or refused with a place and a reason, quickly, never a crash.
@Suite struct SpecMutationTests {
    /// More in long runs.
    private static let count = Int(ProcessInfo.processInfo.environment["LANDAU_MUTANTS"] ?? "") ?? 2000
    private static let pieces = [
        "0", "-1", "1e999", ".nan", "[", "]", "{", "}", ":", "- ", "\n", "\t", "&a ", "*a ", "!!str ", "'", "\"", "|",
        ">", "%", "@", "`", "γ", "\u{FEFF}", "null", "true", "010", "1:30", "#", ",", "?", "  ", "9999999999999999999",
        "points", "gamma", "depth", "zip", "((((", "^^", "1/0", "<<: ", "step", "log",
    ]

    @Test func mutantsAreReadOrRefusedWithPlaceAndReason() throws {
        let bench = Workbench()
        let text = """
            title: A sweep
            model: toy-equilibrium
            seed: 7
            fixed: {activation: tanh}
            data: {samples: 500}
            zip: {size: {width: [4, 8], depth: [1, 2]}}
            derived: {noise: 0.5 / width}
            axes:
              gamma: {from: 0.01, to: 1, points: 3, spacing: log}
            replicas: 3
            direction: [down, cold]
            figures: [order-parameter]
            """
        var random = Mutations(state: 3)
        var accepted = 0
        for _ in 0..<Self.count {
            var scalars = Array(text.unicodeScalars)
            for _ in 0...random.next(3) {
                let at = random.next(scalars.count + 1)
                let piece = Array(Self.pieces[random.next(Self.pieces.count)].unicodeScalars)
                switch random.next(4) {
                case 0: scalars.insert(contentsOf: piece, at: at)
                case 1: scalars.removeSubrange(at..<min(scalars.count, at + random.next(12)))
                case 2: scalars.replaceSubrange(at..<min(scalars.count, at + 1), with: piece)
                default: scalars.insert(contentsOf: scalars[at..<min(scalars.count, at + 30)], at: at)
                }
            }
            var mutant = String.UnicodeScalarView()
            mutant.append(contentsOf: scalars)
            let begun = Self.processorTime()
            do {
                let plan = try bench.plan(String(mutant))
                _ = plan.points.first
                accepted += 1
            } catch let error as SpecError {
                #expect(!error.message.isEmpty && "\(error)".contains("toy.yaml"), "\(error)")
            } catch {
                Issue.record("\(error): \(String(mutant))")
            }
            #expect(Self.processorTime() - begun < 1, "\(String(mutant))")
        }
        #expect(accepted > Self.count / 100 && accepted < Self.count)
    }

    /// Seconds of this thread alone: what other programs do to the clock is no fault of the reader's.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }

    /// Numbers that a test can repeat.
    private struct Mutations {
        var state: UInt64
        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
    }
}
