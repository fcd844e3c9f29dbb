import PhaseSpace

extension ProgramCheck {
    /// A chain against its points on their own. Equal numbers to the last bit, where they would be others from another
    /// start, mean that the program begins anew at every point.
    func carriesOver(_ chain: Chain, _ straight: ProgramTrial, _ worker: ProgramWorker) throws -> ProgramFinding {
        let rest = Array(chain.points.dropFirst())
        let single = try trial(alone(rest.map { moved($0, direction: .cold) }), worker)
        let isEqual = rest.allSatisfy { point in
            difference(straight, single, at: point, and: moved(point, direction: .cold)) == nil
        }
        guard isEqual else {
            return .passed(
                "along a chain (\(chain.direction)) weights carry over: its points are not those of fresh starts")
        }
        // Another replica has another first net.
        let others = rest.map { moved($0, direction: .cold, replica: $0.replica + 1) }
        let other = try trial(alone(others), worker)
        // At every point: training that ends at the last bit has two neighbouring ends, and meets either by chance.
        let startMatters = zip(rest, others).allSatisfy { point, twin in
            difference(straight, other, at: point, and: twin) != nil
        }
        guard startMatters else {
            return .skipped(
                "whether weights carry over along a chain cannot be told: each point ends alike from any start")
        }
        return .failed(
            "a chain forgets: every point of it (\(chain.direction)) has the numbers of a fresh start to the last bit. "
                + "Make the net before the loop over the chain's points, not inside it")
    }

    /// A child that is killed in mid-chain against the straight run.
    func resumes(_ chain: Chain, _ straight: ProgramTrial) throws -> ProgramFinding {
        guard model.program.saves else {
            return .skipped("it saves no states: a chain that was stopped is trained from its beginning")
        }
        let worker = worker()
        defer { worker.end() }
        let broken = try trial([chain], worker, killsAfter: max(1, chain.points.count / 2))
        guard broken.hasKilled else {
            return .failed(
                broken.hasSaved
                    ? "it saves a state at the end of a chain only: one that is stopped begins anew"
                    : "it declares `saves` and saved nothing behind any point of a chain")
        }
        for point in chain.points {
            guard let difference = difference(straight, broken, at: point) else { continue }
            if !model.program.isDeterministic, difference.relative < 1e-3 { continue }
            return .failed(
                "killed in mid-chain and started again it ends elsewhere: \(difference.words). What `save` keeps is not "
                    + "all that the next point begins from, or it is not restored")
        }
        return .passed("killed in mid-chain and started again from its saved state it ends with the same numbers")
    }

    /// Chains trained together against each alone.
    func lanes(_ worker: ProgramWorker) throws -> ProgramFinding {
        let count = min(model.program.batch, 4)
        guard count > 1 else { return .skipped("lanes: it trains one chain at a time") }
        // Replicas are alike in all controls, so that they may share a message.
        let together = (0..<count).map { moved(cold[0], replica: cold[0].replica + $0) }
        let batch = try trial(alone(together), worker, together: true)
        for point in together {
            let single = try trial(alone([point]), worker)
            guard let difference = difference(single, batch, at: point) else { continue }
            if model.program.hasExactLanes {
                return .failed(
                    "lanes leak, or round otherwise: alone and with others a chain has other numbers, although "
                        + "`lanes: exact` promises the same bits: \(difference.words)")
            }
            guard difference.relative < 1e-4 else {
                return .failed("lanes leak: a chain has other numbers alone and with others: \(difference.words)")
            }
        }
        return .passed(
            "\(count) chains trained together have the numbers of each alone"
                + (model.program.hasExactLanes ? ", to the last bit" : " up to rounding"))
    }

    // MARK: - Derivatives

    /// Declared derivatives against difference quotients at two distances.
    func derivatives(_ worker: ProgramWorker) throws -> [ProgramFinding] {
        let declared = model.program.observables.filter { $0.derivative != nil }
        var findings: [ProgramFinding] = []
        for observable in declared {
            guard let derivative = observable.derivative else { continue }
            findings.append(try check(observable.name, derivative, worker))
        }
        return findings
    }

    private func check(
        _ name: String, _ derivative: Observable.Derivative, _ worker: ProgramWorker
    ) throws -> ProgramFinding {
        let title = "`\(name)` as the derivative of `\(derivative.of)` by `\(derivative.by)`"
        var (done, tried) = (0, 0)
        for centre in [points.count / 2, 0, points.count - 1].map({ cold[$0] }) {
            guard let x = centre.controls[derivative.by]?.number, let control = model.declaration.control(derivative.by)
            else { continue }
            let step = 1e-3 * max(abs(x), 1e-3)
            let places = [-2.0, -1, 0, 1, 2].map { moved(centre, to: (derivative.by, x + $0 * step)) }
            guard places.allSatisfy({ (try? control.check($0.controls[derivative.by]!)) != nil }) else { continue }
            let found = try trial(alone(places), worker)
            let rows = places.map { found.observation(of: $0) }
            guard rows.allSatisfy({ $0?.outcome.isDone == true }) else { continue }
            done += 1
            let f = rows.compactMap { $0?.values[derivative.of] }
            guard f.count == 5, let value = rows[2]?.values[name] else { continue }
            tried += 1
            let (near, far) =
                derivative.order == 1
                ? ((f[3] - f[1]) / (2 * step), (f[4] - f[0]) / (4 * step))
                : ((f[3] - 2 * f[2] + f[1]) / (step * step), (f[4] - 2 * f[2] + f[0]) / (4 * step * step))
            let scatter = abs(near - far)
            let size = max(abs(near), abs(value))
            // Quotients that disagree with one another tell nothing.
            guard scatter < 0.1 * size else { continue }
            let allowed = 10 * scatter + (derivative.order == 1 ? 1e-3 : 1e-2) * size
            guard abs(value - near) <= allowed else {
                return .failed(
                    "\(title) is wrong: \(place(of: places[2])) has \(value), the difference quotient is \(near)")
            }
            return .passed("\(title) is right: \(value) at \(derivative.by) = \(x), the difference quotient is \(near)")
        }
        return .skipped(
            "\(title) cannot be told: "
                + (done == 0
                    ? "no five points close together were done"
                    : tried == 0 ? "the program reports no value of it" : "difference quotients scatter"))
    }
}
