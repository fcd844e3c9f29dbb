import PhaseSpace
import Synchronization

private let registry = Mutex<[ModelFamily]>([
    ModelFamily(WeightDecay.self),
    ModelFamily(StochasticDecay.self),
    ModelFamily(LinearVAE.self),
    ModelFamily(VAE.self),
    ModelFamily(BatchReuse.self),
    ModelFamily(EdgeOfChaos.self),
    ModelFamily(TrainingDynamics.self),
    ModelFamily(CatapultNet.self),
])

/// Every model that a spec can name.
public var allModels: [ModelFamily] { registry.withLock { $0 } }

/// Makes a model from outside known by its name: specs, predictions and figures then work with it as with the others.
/// - Precondition: no model of this name is there yet.
public func register(_ model: ModelFamily) {
    registry.withLock { models in
        let name = model.declaration.name
        precondition(!models.contains { $0.declaration.name == name }, "there is a model `\(name)` already")
        models.append(model)
    }
}

/// The same for a model that is written in Swift.
public func register(_ model: (some StaticModel).Type) { register(ModelFamily(model)) }
