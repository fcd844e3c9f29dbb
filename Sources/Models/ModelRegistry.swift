import PhaseSpace

/// Every model that a spec can name.
public let allModels: [any Model.Type] = [
    WeightDecay.self,
    StochasticDecay.self,
    LinearVAE.self,
    BatchReuse.self,
    EdgeOfChaos.self,
    TrainingDynamics.self,
    CatapultNet.self,
]
