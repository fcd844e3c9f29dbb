import Foundation

/// Processors that this process may use: what Slurm granted, or else what the scheduler's affinity mask holds.
public func availableProcessorCount(
    environment: [String: String] = ProcessInfo.processInfo.environment
) -> Int {
    if let text = environment["SLURM_CPUS_PER_TASK"], let count = Int(text), count > 0 {
        return count
    }
    // Foundation's own count does not know the affinity mask.
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") })
    else { return ProcessInfo.processInfo.activeProcessorCount }
    let bits = line.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount }
    return max(1, bits)
}
