import PhaseSpace
import Synchronization

private let registry = Mutex<[any Model.Type]>([
    WeightDecay.self,
    StochasticDecay.self,
    LinearVAE.self,
    VAE.self,
    BatchReuse.self,
    EdgeOfChaos.self,
    TrainingDynamics.self,
    CatapultNet.self,
])

/// Every model that a spec can name.
public var allModels: [any Model.Type] { registry.withLock { $0 } }

/// Makes a model from outside known by its name: specs, predictions and figures then work with it as with the others.
/// - Precondition: no model of this name is there yet.
public func register(_ model: any Model.Type) {
    registry.withLock { models in
        let name = model.declaration.name
        precondition(!models.contains { $0.declaration.name == name }, "there is a model `\(name)` already")
        models.append(model)
    }
}
