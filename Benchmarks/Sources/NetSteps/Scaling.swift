import Foundation
import Kernels
import TinyNets

/// How much faster several threads are than one, each with packs of its own.
enum Scaling {
    /// Clock time of the same work by one thread and by each of several at once, interleaved; medians count.
    static func sentence(threads: Int, _ kernel: SampledKernel) throws -> String {
        let packs = try (0..<threads).map { _ in try SendablePack(Contender.pack(.tanh, depth: 2, kernel)) }
        let steps = 20 * repetitions { packs[0].pack.descend(steps: 1) }
        var ratios: [Double] = []
        for _ in 0..<9 {
            let alone = clockTime(packs.prefix(1), steps)
            let together = clockTime(packs[...], steps)
            ratios.append(Double(threads) * alone / together)
        }
        let load = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8).prefix { $0 != " " }
        return String(
            format: "%d threads: %.2f times one (median of 9, best %.2f; load average %@)", threads, median(ratios),
            ratios.max()!, load.map(String.init) ?? "unknown")
    }

    private static func clockTime(_ packs: ArraySlice<SendablePack>, _ steps: Int) -> Double {
        let packs = Array(packs)
        let start = ContinuousClock.now
        DispatchQueue.concurrentPerform(iterations: packs.count) { packs[$0].pack.descend(steps: steps) }
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds) + 1e-18 * Double(elapsed.attoseconds)
    }

    /// One owner at a time: each iteration has its own.
    private struct SendablePack: @unchecked Sendable {
        let pack: SampledNetPack
        init(_ pack: SampledNetPack) { self.pack = pack }
    }
}
