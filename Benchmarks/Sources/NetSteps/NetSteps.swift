import Foundation
import Kernels
import TinyNets

/// Net-steps per second on one core, beside what the processor could do.
///
/// `swift run -c release --package-path Benchmarks NetSteps [--json | --threads k | --other | --dynamics [--json] | --steps n]`:
/// the table; how much faster k threads are than one; what data moments and denormal weights cost; the parts of a step
/// with its curvature; or n steps of one pack and nothing else.
@main
enum NetSteps {
    static let rounds = 15

    struct Report: Codable {
        var kernel: String
        var inputs = Row.inputs
        var width = Row.width
        var samples = Row.samples
        var threads = 1
        var rows: [Row]
    }

    struct SoloReport: Codable {
        var kernel: String
        /// Independent multiply–adds.
        var gigaflops: Double
        var trainings: [SoloTraining]
    }

    static func main() throws {
        let variant = try KernelVariant.fromEnvironment()
        if let index = CommandLine.arguments.firstIndex(of: "--threads") {
            let count = CommandLine.arguments.dropFirst(index + 1).first.flatMap { Int($0) } ?? 2
            print(try Scaling.sentence(threads: count, SampledKernel(variant, .double)))
            return
        }
        if CommandLine.arguments.contains("--other") {
            for sentence in try OtherCosts.sentences(variant) { print(sentence) }
            return
        }
        if CommandLine.arguments.contains("--dynamics") {
            let trainings = try [UnitActivation.relu, .tanh].map { try SoloTraining($0) }
            if CommandLine.arguments.contains("--json") {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
                let report = SoloReport(
                    kernel: variant.name, gigaflops: SoloCosts.peakGigaflops(variant), trainings: trainings)
                print(String(decoding: try encoder.encode(report), as: UTF8.self))
                return
            }
            for sentence in try SoloCosts.sentences(variant) { print(sentence) }
            for training in trainings {
                print(
                    String(
                        format: "%@: %.2f products a step; nine tenths of the errors below %.1e, all below %.1e",
                        training.activation, training.products, training.usualError, training.largestError))
            }
            return
        }
        if let index = CommandLine.arguments.firstIndex(of: "--steps") {
            let count = CommandLine.arguments.dropFirst(index + 1).first.flatMap { Int($0) } ?? 1000
            // Nothing else, for tools that count allocations.
            try Contender.pack(.tanh, depth: 2, SampledKernel(variant, .double)).descend(steps: count)
            return
        }
        var contenders: [Contender] = []
        for precision in Precision.allCases {
            for activation in [UnitActivation.linear, .tanh, .relu] {
                for depth in [1, 2, 4] {
                    contenders.append(try Contender(activation, depth: depth, SampledKernel(variant, precision)))
                }
            }
        }
        let workspaces = Dictionary(
            uniqueKeysWithValues: Precision.allCases.map { ($0, Workspace(SampledKernel(variant, $0))) })
        for _ in 0..<rounds {
            for contender in contenders {
                let kernel = SampledKernel(variant, contender.precision)
                contender.measure(Limits(kernel, workspaces[contender.precision]!))
            }
        }
        for contender in contenders { try contender.measureEnsemble() }
        let report = Report(kernel: variant.name, rows: contenders.map(\.row))
        if CommandLine.arguments.contains("--json") {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
        } else {
            print(table(report))
        }
    }

    static func table(_ report: Report) -> String {
        var lines = [
            "One core, kernel \(report.kernel); d = \(report.inputs), width \(report.width) with biases, "
                + "n = \(report.samples); medians of \(rounds) interleaved rounds.",
            "% of peak: multiply-adds of the matrix products against the peak measured beside them.",
            "% of roofline: the same, allowing for the activations at their own measured rate.",
            "",
            "activation  depth  precision  net-steps/s  4,096 nets  GFLOP/s  peak  % of peak  ns/activation  % of roofline",
        ]
        for row in report.rows {
            lines.append(
                pad(row.activation, 10, left: true) + pad("\(row.depth)", 7) + "  "
                    + pad(row.precision, 9, left: true) + pad(String(format: "%.0f", row.netStepsPerSecond), 13)
                    + pad(String(format: "%.0f", row.ensembleNetStepsPerSecond), 12)
                    + pad(String(format: "%.1f", row.gigaflops), 9)
                    + pad(String(format: "%.0f", row.peakGigaflops), 6)
                    + pad(String(format: "%.0f", 100 * row.peakShare), 11)
                    + pad(String(format: "%.3f", row.activationNanoseconds), 15)
                    + pad(String(format: "%.0f", 100 * row.rooflineShare), 15))
        }
        return lines.joined(separator: "\n")
    }

    static func pad(_ text: String, _ width: Int, left: Bool = false) -> String {
        let fill = String(repeating: " ", count: max(0, width - text.count))
        return left ? text + fill : fill + text
    }
}
