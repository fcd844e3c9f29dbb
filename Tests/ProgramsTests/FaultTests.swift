import Foundation
import PhaseSpace
import Programs
import Support
import Testing

/// What real children do wrong, and what it costs: a point, never the run.
@Suite struct FaultTests {
    /// Has a program with a fault train some chains.
    private func train(
        _ fault: String, _ chains: [Chain], strikes: String = "3", start: Int = 60, point: Int? = nil
    ) throws -> (context: ListContext, error: (any Error)?) {
        let program = try #require(
            Bundle.module.url(forResource: "faulty", withExtension: "py", subdirectory: "Programs"))
        let command = try ProgramCommand(run: ["python3", program.path, fault, strikes], folder: "")
        let settings = ProgramSettings(
            words: .file("./faulty.py"), folder: "", startSeconds: start, pointSeconds: point)
        let run = ProgramRun(
            command: command, host: ProgramHost(landau: "test", results: nil), program: settings, seed: 1,
            precision: .double, effort: 1, settings: ["data": [:]])
        let worker = ProgramWorker(run, number: 0)
        let context = ListContext(chains)
        defer { worker.end() }
        do { try worker.run(context) } catch { return (context, error) }
        return (context, nil)
    }

    @Test(arguments: [
        ("exception", "by zero"), ("abort", "SIGABRT"), ("segv", "SIGSEGV"), ("exit", "exit status 0"),
        ("memory", "MemoryError"), ("half", "exit status 1"), ("undeclared", "did you mean `squaredNorm`"),
        ("outcome", "no outcome `fine`"), ("nan", "no answer"), ("silent", "no answer"), ("forks", "exit status 3"),
    ])
    func aFailingPointCostsItselfInAWarmChain(fault: String, sentence: String) throws {
        let (context, error) = try train(fault, [warmChain(5)])
        #expect(error == nil)
        #expect(context.observations.count == 5)
        let failed = try #require(context.observation(at: 3))
        #expect(failed.outcome == .failed)
        #expect(failed.reason.contains(sentence), "\(failed.reason)")
        #expect(!failed.reason.contains("\u{1b}"))
        for gamma in [1.0, 2, 4, 5] {
            let observation = try #require(context.observation(at: gamma))
            #expect(observation.outcome == .converged)
            #expect(observation.values == ["loss": 1 + gamma, "squaredNorm": gamma])
        }
    }

    @Test(arguments: ["abort", "exception"])
    func rowsBehindAFailedPointSayThatTheChainWentPastIt(fault: String) throws {
        let (context, _) = try train(fault, [warmChain(5)])
        #expect(context.observation(at: 2)?.reason == "")
        #expect(context.observation(at: 5)?.reason == "continued past gamma = 3")
    }

    @Test(arguments: ["exception", "abort"])
    func aFailingPointCostsItselfAmongColdOnes(fault: String) throws {
        let (context, error) = try train(fault, coldChains(5))
        #expect(error == nil)
        #expect(
            context.observations.filter { $0.outcome == .failed }.map { $0.point.controls["gamma"] } == [.number(3)])
        #expect(context.observations.filter { $0.outcome == .converged }.count == 4)
        #expect(context.observation(at: 5)?.reason == "")
    }

    @Test(arguments: ["prints", "unknown", "whole", "utf8", "twice"])
    func whatIsNoAnswerCostsNothing(fault: String) throws {
        let (context, error) = try train(fault, [warmChain(5)])
        #expect(error == nil)
        #expect(context.observations.count == 5)
        #expect(context.observations.allSatisfy { $0.outcome == .converged })
        #expect(context.observation(at: 3)?.values["squaredNorm"] == 3)
    }

    @Test func anEndlessPointEndsWithItsTimeOut() throws {
        let (context, error) = try train("loop", [warmChain(4)], point: 1)
        #expect(error == nil)
        #expect(context.observation(at: 3)?.outcome == .failed)
        #expect(context.observation(at: 3)?.reason.contains("no answer within 1 s") == true)
        #expect(context.observation(at: 4)?.outcome == .converged)
    }

    @Test func aChildThatNeverReadsEndsWithTheStart() throws {
        let (context, error) = try train("deaf", coldChains(2), start: 1)
        #expect("\(try #require(error))".contains("within 1 s"))
        #expect(context.observations.isEmpty)
    }

    @Test func aProgramThatDiesBeforeItIsReadyStopsTheRunAfterThreeStarts() throws {
        let (context, error) = try train("stillborn", coldChains(50))
        let sentence = "\(try #require(error))"
        #expect(sentence.contains("3 times before it was ready"))
        #expect(sentence.contains("no module named torch"))
        #expect(context.observations.isEmpty)
    }

    @Test(arguments: ["exception", "abort"])
    func aBrokenProgramStopsAtThreeBadValuesAndNotAfterTheGrid(fault: String) throws {
        let all = (1...50).map { "\($0)" }.joined(separator: ",")
        for chains in [coldChains(50), [warmChain(50)]] {
            let (context, error) = try train(fault, chains, strikes: all)
            #expect(context.observations.count == 3)
            #expect("\(try #require(error))".contains("points failed at gamma = 1, 2, 3"))
            #expect(context.observations.allSatisfy { $0.outcome == .failed })
        }
    }

    @Test func aProgramThatIsNotThereIsSaidWithItsName() {
        #expect(throws: ProgramError.unusable("the program `./nothing.py` cannot be run: there is no such file")) {
            try ProgramCommand(file: "./nothing.py", folder: NSTemporaryDirectory())
        }
    }
}
