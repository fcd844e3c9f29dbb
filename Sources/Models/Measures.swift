import PhaseSpace

/// Observables of several models; what each of them measures, its model says.
extension Measure {
    static let squaredNorm = Measure("squaredNorm")
    static let growthRate = Measure("growthRate")
    static let lyapunovExponent = Measure("lyapunovExponent")
    static let regime = Measure("regime")
    static let gradientNorm = Measure("gradientNorm")
    static let lowestCurvature = Measure("lowestCurvature")
    static let trainingSteps = Measure("trainingSteps")
    static let testLoss = Measure("testLoss")
    static let testError = Measure("testError")
}
