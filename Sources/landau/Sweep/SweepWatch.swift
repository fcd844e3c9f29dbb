import Figures
import Foundation
import PhaseSpace
import Sweeps
import Synchronization
import Transitions

/// Draws a sweep's order parameter in the terminal again and again while points arrive.
///
/// It only reads the store: what is trained, kept, judged and returned is the same without it.
final class SweepWatch: Sendable {
    private let plan: SweepPlan
    private let store: String
    private let writer: FigureWriter
    private let isEnding = Mutex(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// Nil, with the reason on standard error, where there is no terminal, no gnuplot or no templates.
    init?(_ plan: SweepPlan, store: String, _ templates: TemplateOptions) {
        guard TerminalSize.ofStandardOutput != nil else {
            complain("landau: `--watch` draws in a terminal, and standard output is none: running without it")
            return nil
        }
        do {
            writer = FigureWriter(templates: try templates.find())
            _ = try gnuplotVersion()
        } catch {
            complain("landau: running without `--watch`: \(error)")
            return nil
        }
        (self.plan, self.store) = (plan, store)
        Thread { [self] in
            var pause = 1.0
            while !waits(pause) {
                let start = ContinuousClock.now
                draw()
                // At most a tenth of one processor goes into pictures.
                pause = max(1, 10 * ((ContinuousClock.now - start) / .seconds(1)))
            }
            hasEnded.signal()
        }.start()
    }

    /// Draws a last time and returns when nothing will be drawn any more.
    func end() {
        let isFirst = isEnding.withLock { isEnding in
            defer { isEnding = true }
            return !isEnding
        }
        guard isFirst else { return }
        hasEnded.wait()
        draw()
    }

    /// - Returns: whether the end has come.
    private func waits(_ seconds: Double) -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if isEnding.withLock({ $0 }) { return true }
            usleep(50_000)
        }
        return isEnding.withLock { $0 }
    }

    private func draw() {
        guard let size = TerminalSize.ofStandardOutput, let picture = picture(size) else { return }
        // The bar on standard error has the line below the picture.
        let clear = "\u{1B}[H\u{1B}[2J"
        try? FileHandle.standardOutput.write(contentsOf: Data((clear + picture + "\n").utf8))
    }

    /// Nil as long as there is nothing to be seen.
    private func picture(_ size: TerminalSize) -> String? {
        guard let store = try? Store.open(store, for: plan, .reading) else { return nil }
        defer { try? store.close() }
        guard let curves = try? plan.curves(in: store), !curves.isEmpty else { return nil }
        let declaration = plan.spec.declaration
        let input = try? FigureInput(
            title: plan.spec.title, curves: curves,
            verdicts: curves.map { Verdict(key: $0.key, varying: $0.varying, transitions: []) },
            axis: declaration.control(plan.spec.along)!, controls: declaration.controls,
            observables: declaration.observables, orderParameter: plan.spec.orderParameter,
            theory: curves.map { _ in CurveTheory() })
        guard let input else { return nil }
        return try? writer.drawText(
            "order-parameter", input, columns: size.columns, rows: size.rows - 3, colour: true)
    }
}
