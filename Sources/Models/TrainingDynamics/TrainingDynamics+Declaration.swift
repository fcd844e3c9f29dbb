import PhaseSpace
import TinyNets

extension TrainingDynamics {
    public static let declaration = ModelDeclaration(
        name: "training-dynamics",
        summary: "Full-batch gradient descent on tiny nets at the edge of chaos, loss (1/2n) Σ (f − y)²: learning-rate "
            + "regimes, sharpness, tangent kernel, and the cosine of new and cumulative updates.",
        sources: [
            "[recovered] Terjek, arXiv 2502.13110 version 1: νP with widths growing with depth, the hypothesis on the "
                + "cosine of new and cumulative updates, a schedule that prolongs the catapult phase; of the paper "
                + "only its abstract and public summaries were available",
            "[recovered] the same, version 2 (another system): homogeneous nets, polynomial widths with r = 2, "
                + "per-layer gradient scaling that cancels forward and backward norms, soft rank",
            "[standard] Lewkowycz et al., arXiv 2003.02218 (catapult); Cohen et al., arXiv 2103.00065 (edge of "
                + "stability)",
            "[our choice] every exact formula where the paper's own was not available: multipliers of νP, the "
                + "schedule η_t = κ/λ_t, ξ_k, the soft rank as participation ratio, thresholds of regimes, the task",
            "[derived] lazy baseline of the cosine, S_k(r), the exact theory of the schedule",
        ],
        controls: Controls.all,
        observables: wholeRun + alongRun,
        orderParameter: .regime,
        dataKeys: DataControls.all, measure: MeasureControls.all,
        trainingRule: "its nets move by full-batch gradient descent with `relativeRate` and `schedule`, since "
            + "the optimiser is the question",
        precisions: [.double, .single],
        theoryCurves: ["equilibrium": "tangent kernel of the infinitely wide net on the same data"],
        trajectoryObservables: [.loss, .relativeRateNow, .updateCosine])

    private static let wholeRun = [
        Observable(
            .regime, symbol: "regime",
            meaning: TrainingRegime.legend + " [lazy, catapult, divergent standard; the rest and all thresholds our "
                + "choice]",
            regimes: TrainingRegime.names),
        Observable(.initialLoss, symbol: "L₀", meaning: "loss at the start"),
        Observable(.initialKernel, symbol: "λ₀", meaning: "top tangent-kernel eigenvalue at the start [standard]"),
        Observable(.initialSharpness, symbol: "λ_H(0)", meaning: "top Hessian eigenvalue at the start [standard]"),
        Observable(
            .kernelDeviation, symbol: "‖Θ−Θ_∞‖/‖Θ_∞‖",
            meaning: "distance of the tangent kernel at the start from the infinitely wide net's, Frobenius norm; "
                + "homogeneous activations with the multipliers of ntk [recovered, companion arXiv 2501.14724]"),
        Observable(.conditionNumber, symbol: "λ_max/λ_min", meaning: "of the tangent kernel at the start"),
        Observable(.kernelRatio, symbol: "λ_T/λ₀", meaning: "flattening or sharpening of the tangent kernel"),
        Observable(.peak, symbol: "max L/L₀", meaning: "catapult peak [standard]"),
        Observable(.finalRatio, symbol: "L_T/L₀", meaning: "mean of the last five losses over the first"),
        Observable(
            .spikes, symbol: "spikes", meaning: "local maxima five percent above the running minimum of the loss"),
        Observable(
            .risingFraction, symbol: "rising share",
            meaning: "share of the last 200 steps before the annealing that raise the loss [our choice]"),
        Observable(
            .aboveEdge, symbol: "share above 2",
            meaning: "share of the measured steps before the annealing with η_t λ_t > 2"),
        Observable(
            .earlyCosine, symbol: "cos", meaning: "mean update cosine of steps 1 to 5 [concept recovered, version 1]"),
        Observable(.earlyLazyCosine, symbol: "cos_lin", meaning: "the same for a kernel that stays [derived]"),
        Observable(.meanCosine, symbol: "⟨cos⟩", meaning: "mean update cosine of all recorded steps"),
        Observable(
            .sharpeningCosine, symbol: "ρ_S",
            meaning:
                "Spearman correlation of update cosine and d ln λ over windows of ten steps; with `record: 1` only "
                + "[hypothesis recovered, version 1; form our choice]"),
        Observable(.profileRatio, symbol: "ρ_D/ρ₁", meaning: "preactivation change of the last over the first layer"),
        Observable(
            .testLoss, symbol: "L_test", meaning: "(1/2n) Σ (f − y)² on test samples, at the end",
            isOrderParameter: false),
        Observable(
            .testError, symbol: "ε",
            meaning: "test error: part of the test samples that the net puts into the wrong class, at the end"),
        Observable(
            .deadFraction, symbol: "dead share",
            meaning: "share of hidden units that are 0 for every sample at the end"),
    ]

    private static let alongRun =
        [
            Observable(
                .loss, symbol: "L", meaning: "(1/2n) Σ (f − y)², without weight decay",
                isRecordedAlongTrajectory: true),
            Observable(.learningRate, symbol: "η", meaning: "learning rate", isRecordedAlongTrajectory: true),
            Observable(
                .kernel, symbol: "λ",
                meaning: "top eigenvalue of the tangent kernel (1/n) Σ_k ξ_k J_k J_kᵀ [standard; with ξ derived]",
                isRecordedAlongTrajectory: true),
            Observable(
                .relativeRateNow, symbol: "η_t λ_t", meaning: "learning rate times kernel; the edge is at 2",
                isRecordedAlongTrajectory: true),
            Observable(
                .sharpness, symbol: "λ_H",
                meaning: "top eigenvalue of the (preconditioned) Hessian, to about 1e-6 of it [standard]",
                isRecordedAlongTrajectory: true),
            Observable(
                .edge, symbol: "ηλ_H/2", meaning: "learning rate times sharpness over 2; the edge is at 1 [standard]",
                isRecordedAlongTrajectory: true),
            Observable(
                .updateCosine, symbol: "cos",
                meaning: "update cosine, ⟨u_t, D_t⟩/(|u_t||D_t|) with u_t = θ_{t+1} − θ_t, D_t = θ_t − θ_0, all "
                    + "layers; null where either is 0 [concept recovered, version 1; form our choice]",
                isRecordedAlongTrajectory: true),
            Observable(
                .lazyCosine, symbol: "cos_lin",
                meaning: "the same for a kernel that stays; constant rate without ξ and γ [derived]",
                isRecordedAlongTrajectory: true),
            Observable(
                .participationRatio, symbol: "PR",
                meaning: "(tr G)²/tr G² of the last hidden layer's Gram matrix [soft rank recovered, version 2; form "
                    + "our choice]",
                isRecordedAlongTrajectory: true),
        ]
        + (1...SampledNetShape.depthRange.upperBound).map { k in
            Observable(
                .preactivationChange(k), symbol: "ρ_\(k)",
                meaning: "|h − h(0)|/|h(0)| of hidden layer \(k) [our choice]", isRecordedAlongTrajectory: true)
        }
        + (1...SampledNetShape.depthRange.upperBound + 1).map { k in
            Observable(
                .updateCosine(k), symbol: "cos_\(k)", meaning: "update cosine of weight matrix \(k)",
                isRecordedAlongTrajectory: true)
        }
}
