"""Keys of sweep files as types, for editors and type checkers. Written by python/keys.py; do not edit.

    from landau_nets import keys
    mine: keys.WeightDecay = {"model": "weight-decay", "axes": {"gamma": [0.1, 0.2]}}
"""

from typing import Any, Dict, List, Literal, TypedDict, Union


class WeightDecayFixed(TypedDict, total=False):
    """controls that stay the same:

    gamma: γ: weight decay: multiplies Σ‖W‖² without ½; a list gives one per layer, first layer first (> 0, ≤
        1e+06)
    depth: D: number of hidden layers (trained up to 16, theory up to 100) (≥ 0, ≤ 100)
    width: d₀: neurons per hidden layer (trained up to 128) (≥ 1, ≤ 10000; default 8)
    noise: σ²: variance of the multiplicative noise on hidden neurons; dropout at rate p is p/(1−p). Noise of
        the target is `labelNoise` (≥ 0, ≤ 1e+06; default 0)
    activation: φ: activation of the hidden neurons; relu(a,b) has the slopes a above and b below 0,
        leakyRelu(a) 1 and a, shiftedErf(a) is erf((h + a)/√2); others than linear need samples (default
        "linear")
    signal: ‖w‖: norm of the teacher's weights (data from a teacher) (≥ 0, ≤ 1e+06; default 1)
    labelNoise: σ_y: standard deviation of the target's noise (data from a teacher). Noise of neurons is
        `noise`, a variance (≥ 0, ≤ 1e+06; default 0)
    initScale: s: factor on the initial weights of cold starts (> 0, ≤ 1000; default 1)
    c: c: parameter of a teacher's formula that names it, such as `z1 + c*He3(z1)` (≥ -1e+06, ≤ 1e+06)
    conditionNumber: κ: largest over smallest input variance: variances fall geometrically from `inputVariances`
        (a teacher's, or given moments) (≥ 1, ≤ 1e+12)
    """

    gamma: Union[float, List[float]]
    depth: int
    width: Union[int, List[int]]
    noise: Union[float, List[float]]
    activation: Union[Literal['linear', 'tanh', 'erf', 'relu', 'leakyRelu', 'abs', 'softplus', 'swish', 'gelu'], str]
    signal: float
    labelNoise: float
    initScale: float
    c: float
    conditionNumber: float


class WeightDecayData(TypedDict, total=False):
    """where the data come from:

    teacher: `gaussian`: Gaussian inputs, linear target, x ~ N(0, diag a), y = signal·ŵᵀx + labelNoise·ε; or the
        target as a formula of projections on orthonormal directions, such as `z1 + -0.72*He3(z1)`
    inputs: d: input dimension (teacher) (≥ 1, ≤ 64)
    inputVariances: a: variance of each input (teacher, moments) (> 0, ≤ 1e+09)
    correlations: g: moments instead of data: E[x y], one number per input (≥ -1e+09, ≤ 1e+09)
    targetSecondMoment: E[y²]: moments instead of data; default Σ g²/a, a noiseless target (≥ 0, ≤ 1e+18)
    samples (≥ 2, ≤ 1e+07)
    modes: s: several outputs y_k = signal·s_k·ŵ_kᵀx + labelNoise·ε_k of the gaussian teacher (> 0, ≤ 1e+06)
    draws: a teacher's inputs: `random`, or `lattice`, at the quantiles of a lattice that each replica shifts at
        random, far nearer to the distribution
    symmetrized: every sample (x, y) has its mirror image (−x, −y) beside it; a teacher's `samples` count both
    file: CSV file of numbers, relative to the spec; or images in the IDX format of MNIST, with `labels`
    target: name of the target column, or its number from 1; default the last
    columns: input columns of a table, by name or number from 1; or those that are left out, with a minus before
        them: [-id, -date]; default all but the target
    labels: IDX file with the labels of the images
    pool: images are averaged over blocks of so many pixels squared (28 × 28 by 4 gives 7 × 7) (≥ 1, ≤ 64)
    classes: labels whose rows are kept: two become the targets −1 and +1, more one output each (1 or 0) (≥
        -1e+09, ≤ 1e+09)
    oneHot: one output for each class, 1 or 0; without `classes` for all labels of the file
    standardize: every column and the target to mean 0 and variance 1 (1/n) over the training samples; targets
        of classes stay, and with them a constant input becomes 0
    limit: uses the first so many rows (of the wanted classes) (≥ 2, ≤ 1e+07)
    trainFraction: trains on this part of the rows, drawn anew for each replica, and tests on the others (> 0, ≤
        1)
    test: file with test samples, like `file`
    testLabels: labels of `test`, like `labels`
    """

    teacher: Union[str, float]
    inputs: int
    inputVariances: Union[float, List[float]]
    correlations: Union[float, List[float]]
    targetSecondMoment: float
    samples: Union[Literal['population'], int]
    modes: Union[float, List[float]]
    draws: Literal['random', 'lattice']
    symmetrized: Literal['true', 'false', True, False]
    file: Union[str, float]
    target: Union[str, float]
    columns: Union[str, float, List[Union[str, float]]]
    labels: Union[str, float]
    pool: int
    classes: Union[float, List[float]]
    oneHot: Literal['true', 'false', True, False]
    standardize: Literal['true', 'false', True, False]
    limit: int
    trainFraction: float
    test: Union[str, float]
    testLabels: Union[str, float]


class WeightDecayAxes(TypedDict, total=False):
    """controls that vary; every combination is a point:

    gamma: γ: weight decay: multiplies Σ‖W‖² without ½; a list gives one per layer, first layer first
    depth: D: number of hidden layers (trained up to 16, theory up to 100) (≥ 0, ≤ 100)
    width: d₀: neurons per hidden layer (trained up to 128) (default 8)
    noise: σ²: variance of the multiplicative noise on hidden neurons; dropout at rate p is p/(1−p). Noise of
        the target is `labelNoise` (default 0)
    activation: φ: activation of the hidden neurons; relu(a,b) has the slopes a above and b below 0,
        leakyRelu(a) 1 and a, shiftedErf(a) is erf((h + a)/√2); others than linear need samples (default
        "linear")
    signal: ‖w‖: norm of the teacher's weights (data from a teacher) (≥ 0, ≤ 1e+06; default 1)
    labelNoise: σ_y: standard deviation of the target's noise (data from a teacher). Noise of neurons is
        `noise`, a variance (≥ 0, ≤ 1e+06; default 0)
    initScale: s: factor on the initial weights of cold starts (> 0, ≤ 1000; default 1)
    c: c: parameter of a teacher's formula that names it, such as `z1 + c*He3(z1)` (≥ -1e+06, ≤ 1e+06)
    conditionNumber: κ: largest over smallest input variance: variances fall geometrically from `inputVariances`
        (a teacher's, or given moments) (≥ 1, ≤ 1e+12)
    """

    gamma: Union[float, List[float], List[Union[float, List[float], Dict[str, Any]]], Dict[str, Any]]
    depth: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    width: Union[int, List[int], List[Union[int, List[int], Dict[str, Any]]], Dict[str, Any]]
    noise: Union[float, List[float], List[Union[float, List[float], Dict[str, Any]]], Dict[str, Any]]
    activation: Union[Literal['linear', 'tanh', 'erf', 'relu', 'leakyRelu', 'abs', 'softplus', 'swish', 'gelu'], str, List[Union[Literal['linear', 'tanh', 'erf', 'relu', 'leakyRelu', 'abs', 'softplus', 'swish', 'gelu'], str]], Dict[str, Any]]
    signal: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    labelNoise: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    initScale: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    c: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    conditionNumber: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]


class WeightDecayDerived(TypedDict, total=False):
    """controls computed from others, such as `0.5 / gamma`:

    gamma: a formula of controls
    depth: a formula of controls
    width: a formula of controls
    noise: a formula of controls
    signal: a formula of controls
    labelNoise: a formula of controls
    initScale: a formula of controls
    c: a formula of controls
    conditionNumber: a formula of controls
    """

    gamma: Union[str, float]
    depth: Union[str, float]
    width: Union[str, float]
    noise: Union[str, float]
    signal: Union[str, float]
    labelNoise: Union[str, float]
    initScale: Union[str, float]
    c: Union[str, float]
    conditionNumber: Union[str, float]


class WeightDecayNet(TypedDict, total=False):
    """loss, biases and noise of the net:

    loss: ℓ: squaredError, (f − y)²; or logistic, log(1 + e^(−y f)) for classes y = ±1; summed over outputs
    biases: b: biases on all units, without weight decay
    noiseSamples: masks: frozen masks of neuron noise for nonlinear nets, in antithetic pairs (linear nets
        average the noise exactly, unless this is set) (≥ 2, ≤ 4096)
    """

    loss: Literal['squaredError', 'logistic']
    biases: Literal['true', 'false', True, False]
    noiseSamples: int


class WeightDecayTraining(TypedDict, total=False):
    """how it is trained:

    starts: starts: independent initial weights of a cold point; default 1, 8, 16, 32 for depth 0, 1, 2, ≥ 3 (≥
        1, ≤ 10000)
    branches: what direction `branch` follows: `one` is the branch of the lowest minimum at the lower end;
        `falls` those too that training goes on to where a minimum is lost; `all` also those that emanate from
        branch points (nets of up to 400 weights)
    optimiser: moves cold starts in place of the fastest way down, over at most 20000 steps: descent, momentum
        (0.9) or adam (0.9, 0.999), full batches; the decay is part of the gradient
    rate: η: the optimiser's, constant (> 0, ≤ 1000; default 0.01)
    polish: whether a second-order method goes on from where the optimiser ends; without it a point is
        `completed` where the steps are used up, and there are no curvatures (default "true")
    """

    starts: int
    branches: Literal['one', 'falls', 'all']
    optimiser: Literal['descent', 'momentum', 'adam']
    rate: float
    polish: Literal['true', 'false', True, False]


class WeightDecayRefine(TypedDict, total=False):
    """points where the verdicts need them:

    axis
    until: full width of a location's 95 % interval, in units of the axis (> 0)
    """

    axis: Literal['gamma', 'depth', 'width', 'noise', 'signal', 'labelNoise', 'initScale', 'c', 'conditionNumber']
    until: float


class WeightDecayStopWhen(TypedDict, total=False):
    """replicas, up to `replicas`, until a mean is known well enough:

    observable
    error: largest standard error of the mean (> 0)
    relative: largest standard error in units of the mean (> 0)
    step: replicas of each further batch (≥ 1, ≤ 1e+07; default 4)
    """

    observable: Literal['loss', 'lossSlope', 'lossCurvature', 'zeroNetLoss', 'dataLoss', 'testLoss', 'testError', 'squaredNorm', 'layerSquaredNorm', 'weightAmplitude', 'imbalance', 'gradientNorm', 'lowestCurvature', 'orderedFraction', 'trainingSteps']
    error: float
    relative: float
    step: int


class WeightDecay(TypedDict, total=False):
    """Deep nets under weight decay: loss = E‖f − y‖² + Σ γ_l‖W_l‖², multiplicative noise on hidden neurons.

    title: stands over the figures
    model: Deep nets under weight decay: loss = E‖f − y‖² + Σ γ_l‖W_l‖², multiplicative noise on hidden neurons.
    seed (≥ 0; default 1)
    fixed: controls that stay the same
    data: where the data come from
    axes: controls that vary; every combination is a point
    zip: controls that change together, by a name of your own
    derived: controls computed from others, such as `0.5 / gamma`
    along: the axis of curves and warm sweeps
    precision (default "double")
    replicas (≥ 1, ≤ 1e+07; default 1)
    direction
    orderParameter (default "squaredNorm")
    net: loss, biases and noise of the net
    training: how it is trained
    measure: what is recorded
    refine: points where the verdicts need them
    stopWhen: replicas, up to `replicas`, until a mean is known well enough
    figures
    quick
    expect
    """

    title: str
    model: Literal['weight-decay']
    seed: int
    fixed: WeightDecayFixed
    data: WeightDecayData
    axes: WeightDecayAxes
    zip: Dict[str, Any]
    derived: WeightDecayDerived
    along: Literal['gamma', 'depth', 'width', 'noise', 'signal', 'labelNoise', 'initScale', 'c', 'conditionNumber']
    precision: Literal['double']
    replicas: int
    direction: Union[Literal['cold', 'up', 'down', 'branch'], List[Literal['cold', 'up', 'down', 'branch']]]
    orderParameter: Literal['lossSlope', 'squaredNorm', 'layerSquaredNorm', 'weightAmplitude']
    net: WeightDecayNet
    training: WeightDecayTraining
    measure: Union[Dict[str, Any], None]
    refine: WeightDecayRefine
    stopWhen: WeightDecayStopWhen
    figures: List[Literal['order-parameter', 'loss-derivatives', 'effective-landscape', 'phase-diagram', 'transition-line', 'bifurcation', 'hysteresis', 'trapping', 'histogram', 'binder', 'collapse', 'trajectory', 'profile']]
    quick: List[str]
    expect: List[Dict[str, Any]]


class SgdDecayFixed(TypedDict, total=False):
    """controls that stay the same:

    gamma: γ: weight decay: multiplies Σ‖W‖² without ½ (> 0, ≤ 1000)
    learningRate: η: θ ← θ − η ∇, constant (> 0, ≤ 1; default 0.01)
    batch: S: fresh samples of each step (≥ 1, ≤ 1024; default 1)
    time: ηT: learning rate times number of steps; the second half is averaged over (≥ 1, ≤ 1e+06; default 2000)
    width: d₀: hidden neurons (≥ 1, ≤ 64; default 4)
    inputs: d: input dimension (≥ 1, ≤ 64; default 5)
    signal: ‖g‖: y = signal·x₁ + labelNoise·ε with x ~ N(0, I): ‖E[xy]‖ (> 0, ≤ 100; default 1)
    labelNoise: σ_y: standard deviation of the target's noise (≥ 0, ≤ 100; default 0)
    """

    gamma: float
    learningRate: float
    batch: int
    time: float
    width: int
    inputs: int
    signal: float
    labelNoise: float


class SgdDecayAxes(TypedDict, total=False):
    """controls that vary; every combination is a point:

    gamma: γ: weight decay: multiplies Σ‖W‖² without ½ (> 0, ≤ 1000)
    learningRate: η: θ ← θ − η ∇, constant (> 0, ≤ 1; default 0.01)
    batch: S: fresh samples of each step (≥ 1, ≤ 1024; default 1)
    time: ηT: learning rate times number of steps; the second half is averaged over (≥ 1, ≤ 1e+06; default 2000)
    width: d₀: hidden neurons (≥ 1, ≤ 64; default 4)
    inputs: d: input dimension (≥ 1, ≤ 64; default 5)
    signal: ‖g‖: y = signal·x₁ + labelNoise·ε with x ~ N(0, I): ‖E[xy]‖ (> 0, ≤ 100; default 1)
    labelNoise: σ_y: standard deviation of the target's noise (≥ 0, ≤ 100; default 0)
    """

    gamma: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    learningRate: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    batch: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    time: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    width: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    inputs: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    signal: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    labelNoise: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]


class SgdDecayDerived(TypedDict, total=False):
    """controls computed from others, such as `0.5 / gamma`:

    gamma: a formula of controls
    learningRate: a formula of controls
    batch: a formula of controls
    time: a formula of controls
    width: a formula of controls
    inputs: a formula of controls
    signal: a formula of controls
    labelNoise: a formula of controls
    """

    gamma: Union[str, float]
    learningRate: Union[str, float]
    batch: Union[str, float]
    time: Union[str, float]
    width: Union[str, float]
    inputs: Union[str, float]
    signal: Union[str, float]
    labelNoise: Union[str, float]


class SgdDecayRefine(TypedDict, total=False):
    """points where the verdicts need them:

    axis
    until: full width of a location's 95 % interval, in units of the axis (> 0)
    """

    axis: Literal['gamma', 'learningRate', 'batch', 'time', 'width', 'inputs', 'signal', 'labelNoise']
    until: float


class SgdDecayStopWhen(TypedDict, total=False):
    """replicas, up to `replicas`, until a mean is known well enough:

    observable
    error: largest standard error of the mean (> 0)
    relative: largest standard error in units of the mean (> 0)
    step: replicas of each further batch (≥ 1, ≤ 1e+07; default 4)
    """

    observable: Literal['squaredNorm', 'growthRate']
    error: float
    relative: float
    step: int


class SgdDecay(TypedDict, total=False):
    """A linear net with one hidden layer under weight decay, trained by stochastic gradient descent on fresh samples: the transition lies below the loss's own.

    title: stands over the figures
    model: A linear net with one hidden layer under weight decay, trained by stochastic gradient descent on
        fresh samples: the transition lies below the loss's own.
    seed (≥ 0; default 1)
    fixed: controls that stay the same
    data: where the data come from
    axes: controls that vary; every combination is a point
    zip: controls that change together, by a name of your own
    derived: controls computed from others, such as `0.5 / gamma`
    along: the axis of curves and warm sweeps
    precision (default "double")
    replicas (≥ 1, ≤ 1e+07; default 1)
    direction
    orderParameter (default "squaredNorm")
    net: loss, biases and noise of the net
    training: how it is trained
    measure: what is recorded
    refine: points where the verdicts need them
    stopWhen: replicas, up to `replicas`, until a mean is known well enough
    figures
    quick
    expect
    """

    title: str
    model: Literal['sgd-decay']
    seed: int
    fixed: SgdDecayFixed
    data: Union[Dict[str, Any], None]
    axes: SgdDecayAxes
    zip: Dict[str, Any]
    derived: SgdDecayDerived
    along: Literal['gamma', 'learningRate', 'batch', 'time', 'width', 'inputs', 'signal', 'labelNoise']
    precision: Literal['double']
    replicas: int
    direction: Union[Literal['cold'], List[Literal['cold']]]
    orderParameter: Literal['squaredNorm', 'growthRate']
    net: Union[Dict[str, Any], None]
    training: Union[Dict[str, Any], None]
    measure: Union[Dict[str, Any], None]
    refine: SgdDecayRefine
    stopWhen: SgdDecayStopWhen
    figures: List[Literal['order-parameter', 'loss-derivatives', 'effective-landscape', 'phase-diagram', 'transition-line', 'bifurcation', 'hysteresis', 'trapping', 'histogram', 'binder', 'collapse', 'trajectory', 'profile']]
    quick: List[str]
    expect: List[Dict[str, Any]]


class LinearVAEFixed(TypedDict, total=False):
    """controls that stay the same:

    beta: β: weight of the divergence of the posterior from the prior (> 0, ≤ 1e+09)
    latent: d₁: dimension of the latent space (≥ 1, ≤ 64; default 5)
    decoderVariance: η_dec²: variance of the decoder's likelihood (> 0, ≤ 1e+09; default 1)
    encoderVariance: η_enc²: variance of the prior of the latent variables (> 0, ≤ 1e+09; default 1)
    posterior: Σ: posterior variances: learned with the weights, or fixed at η_enc² (default "learned")
    """

    beta: float
    latent: int
    decoderVariance: float
    encoderVariance: float
    posterior: Literal['learned', 'fixed']


class LinearVAEData(TypedDict, total=False):
    """where the data come from:

    modes: ζ: an autoencoder of independent inputs with these standard deviations, exact moments (> 0, ≤ 1e+06)
    targetSecondMoment: E‖y‖²: with `modes`; default Σζ² (≥ 0, ≤ 1e+18)
    teacher: x ~ N(0, diag a); y = x, or y = M x with random M where `outputs` is given
    inputs: d₀: input dimension (teacher) (≥ 1, ≤ 64)
    outputs: d₂: output dimension of a random linear teacher; without it y = x (≥ 1, ≤ 64)
    inputVariances: a: variance of each input (teacher) (> 0, ≤ 1e+09)
    samples (≥ 2, ≤ 1e+07)
    file: CSV file of numbers with a header row, relative to the spec: an autoencoder of its columns
    target: column that is set aside, such as a label; default the last
    standardize: every column to mean 0 and variance 1 (1/n)
    center: every column to mean 0, as biases would: modes are then those of the covariance
    components: keeps the so many largest principal components; what the others hold stays lost, as it is for
        any net with no more latent variables (≥ 1, ≤ 64)
    """

    modes: Union[float, List[float]]
    targetSecondMoment: float
    teacher: Literal['gaussian']
    inputs: int
    outputs: int
    inputVariances: Union[float, List[float]]
    samples: Union[Literal['population'], int]
    file: Union[str, float]
    target: Union[str, float]
    standardize: Literal['true', 'false', True, False]
    center: Literal['true', 'false', True, False]
    components: int


class LinearVAEAxes(TypedDict, total=False):
    """controls that vary; every combination is a point:

    beta: β: weight of the divergence of the posterior from the prior (> 0, ≤ 1e+09)
    latent: d₁: dimension of the latent space (≥ 1, ≤ 64; default 5)
    decoderVariance: η_dec²: variance of the decoder's likelihood (> 0, ≤ 1e+09; default 1)
    encoderVariance: η_enc²: variance of the prior of the latent variables (> 0, ≤ 1e+09; default 1)
    posterior: Σ: posterior variances: learned with the weights, or fixed at η_enc² (default "learned")
    """

    beta: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    latent: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    decoderVariance: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    encoderVariance: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    posterior: Union[Literal['learned', 'fixed'], List[Literal['learned', 'fixed']], Dict[str, Any]]


class LinearVAEDerived(TypedDict, total=False):
    """controls computed from others, such as `0.5 / gamma`:

    beta: a formula of controls
    latent: a formula of controls
    decoderVariance: a formula of controls
    encoderVariance: a formula of controls
    """

    beta: Union[str, float]
    latent: Union[str, float]
    decoderVariance: Union[str, float]
    encoderVariance: Union[str, float]


class LinearVAETraining(TypedDict, total=False):
    """how it is trained:

    starts: starts: independent initial weights of a cold point (≥ 1, ≤ 1000)
    """

    starts: int


class LinearVAERefine(TypedDict, total=False):
    """points where the verdicts need them:

    axis
    until: full width of a location's 95 % interval, in units of the axis (> 0)
    """

    axis: Literal['beta', 'latent', 'decoderVariance', 'encoderVariance']
    until: float


class LinearVAEStopWhen(TypedDict, total=False):
    """replicas, up to `replicas`, until a mean is known well enough:

    observable
    error: largest standard error of the mean (> 0)
    relative: largest standard error in units of the mean (> 0)
    step: replicas of each further batch (≥ 1, ≤ 1e+07; default 4)
    """

    observable: Literal['loss', 'lossSlope', 'lossCurvature', 'zeroNetLoss', 'distortion', 'divergence', 'decoderSquaredNorm', 'activeModes', 'meanDeviation', 'gradientNorm', 'lowestCurvature', 'trainingSteps', 'mode_1', 'mode_2', 'mode_3', 'mode_4', 'mode_5', 'mode_6', 'mode_7', 'mode_8']
    error: float
    relative: float
    step: int


class LinearVAE(TypedDict, total=False):
    """Linear β-variational autoencoders: encoder z = Wᵀx + ε, decoder U z, one second-order collapse per latent mode at β_i = ζ_i²/η_dec².

    title: stands over the figures
    model: Linear β-variational autoencoders: encoder z = Wᵀx + ε, decoder U z, one second-order collapse per
        latent mode at β_i = ζ_i²/η_dec².
    seed (≥ 0; default 1)
    fixed: controls that stay the same
    data: where the data come from
    axes: controls that vary; every combination is a point
    zip: controls that change together, by a name of your own
    derived: controls computed from others, such as `0.5 / gamma`
    along: the axis of curves and warm sweeps
    precision (default "double")
    replicas (≥ 1, ≤ 1e+07; default 1)
    direction
    orderParameter (default "decoderSquaredNorm")
    net: loss, biases and noise of the net
    training: how it is trained
    measure: what is recorded
    refine: points where the verdicts need them
    stopWhen: replicas, up to `replicas`, until a mean is known well enough
    figures
    quick
    expect
    """

    title: str
    model: Literal['linear-vae']
    seed: int
    fixed: LinearVAEFixed
    data: LinearVAEData
    axes: LinearVAEAxes
    zip: Dict[str, Any]
    derived: LinearVAEDerived
    along: Literal['beta', 'latent', 'decoderVariance', 'encoderVariance']
    precision: Literal['double']
    replicas: int
    direction: Union[Literal['cold', 'up', 'down'], List[Literal['cold', 'up', 'down']]]
    orderParameter: Literal['divergence', 'decoderSquaredNorm', 'activeModes', 'meanDeviation', 'mode_1', 'mode_2', 'mode_3', 'mode_4', 'mode_5', 'mode_6', 'mode_7', 'mode_8']
    net: Union[Dict[str, Any], None]
    training: LinearVAETraining
    measure: Union[Dict[str, Any], None]
    refine: LinearVAERefine
    stopWhen: LinearVAEStopWhen
    figures: List[Literal['order-parameter', 'loss-derivatives', 'effective-landscape', 'phase-diagram', 'transition-line', 'bifurcation', 'hysteresis', 'trapping', 'histogram', 'binder', 'collapse', 'trajectory', 'profile']]
    quick: List[str]
    expect: List[Dict[str, Any]]


class VAEFixed(TypedDict, total=False):
    """controls that stay the same:

    beta: β: weight of the divergence of the posterior from the prior (> 0, ≤ 1e+09)
    activation: φ: activation of both hidden layers (default "tanh")
    hidden: h: units of each hidden layer (≥ 1, ≤ 64; default 4)
    latent: k: dimension of the latent space (≥ 1, ≤ 8; default 2)
    biases: biases of all layers, or none (default "none")
    decoderVariance: η_dec²: variance of the decoder's likelihood (> 0, ≤ 1e+09; default 1)
    encoderVariance: η_enc²: variance of the prior of the latent variables (> 0, ≤ 1e+09; default 1)
    posterior: Σ: posterior variances: learned with the weights (alike for all x), or fixed at η_enc² (default
        "learned")
    gamma: γ: weight decay: multiplies Σ‖W‖² of all matrices without ½ (≥ 0, ≤ 1000; default 0)
    skewness: κ: skewness of the teacher's first input, c₁n + c₂(n² − 1) with n normal (≥ 0, ≤ 2.8; default 0)
    """

    beta: float
    activation: Literal['linear', 'tanh', 'relu']
    hidden: int
    latent: int
    biases: Literal['none', 'all']
    decoderVariance: float
    encoderVariance: float
    posterior: Literal['learned', 'fixed']
    gamma: float
    skewness: float


class VAEData(TypedDict, total=False):
    """where the data come from:

    teacher: x ~ N(0, diag a), centred sample by sample set; the first input skewed by the control
    inputVariances: a: variance of each input (teacher) (> 0, ≤ 1e+09)
    samples (≥ 2, ≤ 100000)
    draws: random samples, or normal quantiles of a lattice, far nearer to the distribution (teacher)
    symmetrized: every sample (x, y) has its mirror image (−x, −y) beside it; a teacher's `samples` count both
    components: the samples' coordinates along so many of their largest principal components; the rest of the
        variance is a constant of the loss (file) (≥ 1, ≤ 64)
    file: CSV file of numbers, relative to the spec; or images in the IDX format of MNIST, with `labels`
    target: name of the target column, or its number from 1; default the last
    columns: input columns of a table, by name or number from 1; or those that are left out, with a minus before
        them: [-id, -date]; default all but the target
    labels: IDX file with the labels of the images
    pool: images are averaged over blocks of so many pixels squared (28 × 28 by 4 gives 7 × 7) (≥ 1, ≤ 64)
    limit: uses the first so many rows (of the wanted classes) (≥ 2, ≤ 1e+07)
    """

    teacher: Literal['gaussian']
    inputVariances: Union[float, List[float]]
    samples: Union[Literal['population'], int]
    draws: Literal['random', 'lattice']
    symmetrized: Literal['true', 'false', True, False]
    components: int
    file: Union[str, float]
    target: Union[str, float]
    columns: Union[str, float, List[Union[str, float]]]
    labels: Union[str, float]
    pool: int
    limit: int


class VAEAxes(TypedDict, total=False):
    """controls that vary; every combination is a point:

    beta: β: weight of the divergence of the posterior from the prior (> 0, ≤ 1e+09)
    activation: φ: activation of both hidden layers (default "tanh")
    hidden: h: units of each hidden layer (≥ 1, ≤ 64; default 4)
    latent: k: dimension of the latent space (≥ 1, ≤ 8; default 2)
    biases: biases of all layers, or none (default "none")
    decoderVariance: η_dec²: variance of the decoder's likelihood (> 0, ≤ 1e+09; default 1)
    encoderVariance: η_enc²: variance of the prior of the latent variables (> 0, ≤ 1e+09; default 1)
    posterior: Σ: posterior variances: learned with the weights (alike for all x), or fixed at η_enc² (default
        "learned")
    gamma: γ: weight decay: multiplies Σ‖W‖² of all matrices without ½ (≥ 0, ≤ 1000; default 0)
    skewness: κ: skewness of the teacher's first input, c₁n + c₂(n² − 1) with n normal (≥ 0, ≤ 2.8; default 0)
    """

    beta: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    activation: Union[Literal['linear', 'tanh', 'relu'], List[Literal['linear', 'tanh', 'relu']], Dict[str, Any]]
    hidden: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    latent: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    biases: Union[Literal['none', 'all'], List[Literal['none', 'all']], Dict[str, Any]]
    decoderVariance: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    encoderVariance: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    posterior: Union[Literal['learned', 'fixed'], List[Literal['learned', 'fixed']], Dict[str, Any]]
    gamma: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    skewness: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]


class VAEDerived(TypedDict, total=False):
    """controls computed from others, such as `0.5 / gamma`:

    beta: a formula of controls
    hidden: a formula of controls
    latent: a formula of controls
    decoderVariance: a formula of controls
    encoderVariance: a formula of controls
    gamma: a formula of controls
    skewness: a formula of controls
    """

    beta: Union[str, float]
    hidden: Union[str, float]
    latent: Union[str, float]
    decoderVariance: Union[str, float]
    encoderVariance: Union[str, float]
    gamma: Union[str, float]
    skewness: Union[str, float]


class VAENet(TypedDict, total=False):
    """loss, biases and noise of the net:

    nodes: m: Gauss–Hermite nodes of each latent variable's noise, for tanh (≥ 2, ≤ 100)
    """

    nodes: int


class VAETraining(TypedDict, total=False):
    """how it is trained:

    starts: starts: independent initial weights of a cold point (≥ 1, ≤ 1000)
    """

    starts: int


class VAERefine(TypedDict, total=False):
    """points where the verdicts need them:

    axis
    until: full width of a location's 95 % interval, in units of the axis (> 0)
    """

    axis: Literal['beta', 'hidden', 'latent', 'decoderVariance', 'encoderVariance', 'gamma', 'skewness']
    until: float


class VAEStopWhen(TypedDict, total=False):
    """replicas, up to `replicas`, until a mean is known well enough:

    observable
    error: largest standard error of the mean (> 0)
    relative: largest standard error in units of the mean (> 0)
    step: replicas of each further batch (≥ 1, ≤ 1e+07; default 4)
    """

    observable: Literal['loss', 'lossSlope', 'lossCurvature', 'zeroNetLoss', 'distortion', 'divergence', 'outputVariance', 'activeModes', 'meanDeviation', 'gain', 'quadratureError', 'gradientNorm', 'lowestCurvature', 'trainingSteps', 'mode_1', 'mode_2', 'mode_3', 'mode_4', 'mode_5', 'mode_6', 'mode_7', 'mode_8']
    error: float
    relative: float
    step: int


class VAE(TypedDict, total=False):
    """Nonlinear β-variational autoencoders, one hidden layer in the encoder and one in the decoder (linear, tanh or ReLU): posterior collapse mode by mode.

    title: stands over the figures
    model: Nonlinear β-variational autoencoders, one hidden layer in the encoder and one in the decoder (linear,
        tanh or ReLU): posterior collapse mode by mode.
    seed (≥ 0; default 1)
    fixed: controls that stay the same
    data: where the data come from
    axes: controls that vary; every combination is a point
    zip: controls that change together, by a name of your own
    derived: controls computed from others, such as `0.5 / gamma`
    along: the axis of curves and warm sweeps
    precision (default "double")
    replicas (≥ 1, ≤ 1e+07; default 1)
    direction
    orderParameter (default "outputVariance")
    net: loss, biases and noise of the net
    training: how it is trained
    measure: what is recorded
    refine: points where the verdicts need them
    stopWhen: replicas, up to `replicas`, until a mean is known well enough
    figures
    quick
    expect
    """

    title: str
    model: Literal['vae']
    seed: int
    fixed: VAEFixed
    data: VAEData
    axes: VAEAxes
    zip: Dict[str, Any]
    derived: VAEDerived
    along: Literal['beta', 'hidden', 'latent', 'decoderVariance', 'encoderVariance', 'gamma', 'skewness']
    precision: Literal['double']
    replicas: int
    direction: Union[Literal['cold', 'up', 'down'], List[Literal['cold', 'up', 'down']]]
    orderParameter: Literal['divergence', 'outputVariance', 'activeModes', 'meanDeviation', 'mode_1', 'mode_2', 'mode_3', 'mode_4', 'mode_5', 'mode_6', 'mode_7', 'mode_8']
    net: VAENet
    training: VAETraining
    measure: Union[Dict[str, Any], None]
    refine: VAERefine
    stopWhen: VAEStopWhen
    figures: List[Literal['order-parameter', 'loss-derivatives', 'effective-landscape', 'phase-diagram', 'transition-line', 'bifurcation', 'hysteresis', 'trapping', 'histogram', 'binder', 'collapse', 'trajectory', 'profile']]
    quick: List[str]
    expect: List[Dict[str, Any]]


class BatchReuseFixed(TypedDict, total=False):
    """controls that stay the same:

    target: g: the teacher's function of z1 … z8 as a formula, such as z1 + He3(z2)/sqrt(6)
    sampleRatio: α: samples per step over the input dimension, n/d (> 0, ≤ 10000)
    learningRate: η: step length; the loss is summed over the batch (> 0, ≤ 1e+06)
    ridge: λ: weights shrink by 1 − ηλ at every step (≥ 0, ≤ 1e+06; default 0)
    steps: T: gradient steps (≥ 1, ≤ 64; default 6)
    protocol: which samples a step sees: the same batch, a fresh one, disjoint batches in turn, or a random part
        of a fixed set (default "reuse")
    batches: B: batches of `cyclic`; size of the data set over that of a batch for `replacement` (≥ 1, ≤ 64;
        default 1)
    activation: s: the student's activation; erf is erf(h/√2) (default "relu")
    shift: b: constant added to every pre-activation (≥ -100, ≤ 100; default 0)
    hidden: p: hidden neurons (≥ 1, ≤ 16; default 1)
    secondLayer: a: frozen second layer: a number is used with alternating signs, a list gives all p of them (≥
        -1e+06, ≤ 1e+06; default 1)
    initialisation: initial first layer (default "orthonormal")
    initialOverlap: m₀: cosine of every neuron with z1 at the start; not for random initial weights (≥ -1, ≤ 1;
        default 0)
    dimension: d: input dimension (≥ 2, ≤ 1e+07; default 2000)
    inputs: `gaussian` reveals the data as needed; `gaussian-explicit`, `rademacher` and `uniform` draw every
        row again at every step; `mean-field` solves the limit d → ∞, each replica with a scramble of quasi-
        random points of its own, and `dimension` decides only what stands out of the noise (default "gaussian")
    """

    target: Union[str, float]
    sampleRatio: float
    learningRate: float
    ridge: float
    steps: int
    protocol: Literal['reuse', 'one-pass', 'cyclic', 'replacement']
    batches: int
    activation: Literal['relu', 'erf', 'tanh', 'softplus']
    shift: float
    hidden: int
    secondLayer: Union[float, List[float]]
    initialisation: Literal['orthonormal', 'symmetric', 'random']
    initialOverlap: float
    dimension: int
    inputs: Literal['gaussian', 'gaussian-explicit', 'rademacher', 'uniform', 'mean-field']


class BatchReuseAxes(TypedDict, total=False):
    """controls that vary; every combination is a point:

    target: g: the teacher's function of z1 … z8 as a formula, such as z1 + He3(z2)/sqrt(6)
    sampleRatio: α: samples per step over the input dimension, n/d (> 0, ≤ 10000)
    learningRate: η: step length; the loss is summed over the batch (> 0, ≤ 1e+06)
    ridge: λ: weights shrink by 1 − ηλ at every step (≥ 0, ≤ 1e+06; default 0)
    steps: T: gradient steps (≥ 1, ≤ 64; default 6)
    protocol: which samples a step sees: the same batch, a fresh one, disjoint batches in turn, or a random part
        of a fixed set (default "reuse")
    batches: B: batches of `cyclic`; size of the data set over that of a batch for `replacement` (≥ 1, ≤ 64;
        default 1)
    activation: s: the student's activation; erf is erf(h/√2) (default "relu")
    shift: b: constant added to every pre-activation (≥ -100, ≤ 100; default 0)
    hidden: p: hidden neurons (≥ 1, ≤ 16; default 1)
    secondLayer: a: frozen second layer: a number is used with alternating signs, a list gives all p of them
        (default 1)
    initialisation: initial first layer (default "orthonormal")
    initialOverlap: m₀: cosine of every neuron with z1 at the start; not for random initial weights (≥ -1, ≤ 1;
        default 0)
    dimension: d: input dimension (≥ 2, ≤ 1e+07; default 2000)
    inputs: `gaussian` reveals the data as needed; `gaussian-explicit`, `rademacher` and `uniform` draw every
        row again at every step; `mean-field` solves the limit d → ∞, each replica with a scramble of quasi-
        random points of its own, and `dimension` decides only what stands out of the noise (default "gaussian")
    """

    target: Union[str, float, List[Union[str, float]], Dict[str, Any]]
    sampleRatio: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    learningRate: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    ridge: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    steps: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    protocol: Union[Literal['reuse', 'one-pass', 'cyclic', 'replacement'], List[Literal['reuse', 'one-pass', 'cyclic', 'replacement']], Dict[str, Any]]
    batches: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    activation: Union[Literal['relu', 'erf', 'tanh', 'softplus'], List[Literal['relu', 'erf', 'tanh', 'softplus']], Dict[str, Any]]
    shift: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    hidden: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    secondLayer: Union[float, List[float], List[Union[float, List[float], Dict[str, Any]]], Dict[str, Any]]
    initialisation: Union[Literal['orthonormal', 'symmetric', 'random'], List[Literal['orthonormal', 'symmetric', 'random']], Dict[str, Any]]
    initialOverlap: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    dimension: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    inputs: Union[Literal['gaussian', 'gaussian-explicit', 'rademacher', 'uniform', 'mean-field'], List[Literal['gaussian', 'gaussian-explicit', 'rademacher', 'uniform', 'mean-field']], Dict[str, Any]]


class BatchReuseDerived(TypedDict, total=False):
    """controls computed from others, such as `0.5 / gamma`:

    sampleRatio: a formula of controls
    learningRate: a formula of controls
    ridge: a formula of controls
    steps: a formula of controls
    batches: a formula of controls
    shift: a formula of controls
    hidden: a formula of controls
    secondLayer: a formula of controls
    initialOverlap: a formula of controls
    dimension: a formula of controls
    """

    sampleRatio: Union[str, float]
    learningRate: Union[str, float]
    ridge: Union[str, float]
    steps: Union[str, float]
    batches: Union[str, float]
    shift: Union[str, float]
    hidden: Union[str, float]
    secondLayer: Union[str, float]
    initialOverlap: Union[str, float]
    dimension: Union[str, float]


class BatchReuseRefine(TypedDict, total=False):
    """points where the verdicts need them:

    axis
    until: full width of a location's 95 % interval, in units of the axis (> 0)
    """

    axis: Literal['sampleRatio', 'learningRate', 'ridge', 'steps', 'batches', 'shift', 'hidden', 'secondLayer', 'initialOverlap', 'dimension']
    until: float


class BatchReuseStopWhen(TypedDict, total=False):
    """replicas, up to `replicas`, until a mean is known well enough:

    observable
    error: largest standard error of the mean (> 0)
    relative: largest standard error in units of the mean (> 0)
    step: replicas of each further batch (≥ 1, ≤ 1e+07; default 4)
    """

    observable: Literal['subspaceScore', 'rank', 'signalToNoise', 'detection', 'overlapGrowth', 'escape', 'parallelOverlap', 'orthogonalOverlap', 'squaredNorm', 'generalisationError', 'trainingError', 'cosine_1', 'cosine_2', 'cosine_3', 'cosine_4', 'cosine_5', 'cosine_6', 'cosine_7', 'cosine_8', 'M_1_1', 'M_1_2', 'M_1_3', 'M_1_4', 'M_2_1', 'M_2_2', 'M_2_3', 'M_2_4', 'M_3_1', 'M_3_2', 'M_3_3', 'M_3_4', 'M_4_1', 'M_4_2', 'M_4_3', 'M_4_4', 'Q_1_1', 'Q_1_2', 'Q_1_3', 'Q_1_4', 'Q_2_2', 'Q_2_3', 'Q_2_4', 'Q_3_3', 'Q_3_4', 'Q_4_4']
    error: float
    relative: float
    step: int


class BatchReuse(TypedDict, total=False):
    """Two-layer nets that learn a multi-index target by large gradient steps on batches of n = αd samples, used once or again.

    title: stands over the figures
    model: Two-layer nets that learn a multi-index target by large gradient steps on batches of n = αd samples,
        used once or again.
    seed (≥ 0; default 1)
    fixed: controls that stay the same
    data: where the data come from
    axes: controls that vary; every combination is a point
    zip: controls that change together, by a name of your own
    derived: controls computed from others, such as `0.5 / gamma`
    along: the axis of curves and warm sweeps
    precision (default "double")
    replicas (≥ 1, ≤ 1e+07; default 1)
    direction
    orderParameter (default "subspaceScore")
    net: loss, biases and noise of the net
    training: how it is trained
    measure: what is recorded
    refine: points where the verdicts need them
    stopWhen: replicas, up to `replicas`, until a mean is known well enough
    figures
    quick
    expect
    """

    title: str
    model: Literal['batch-reuse']
    seed: int
    fixed: BatchReuseFixed
    data: Union[Dict[str, Any], None]
    axes: BatchReuseAxes
    zip: Dict[str, Any]
    derived: BatchReuseDerived
    along: Literal['sampleRatio', 'learningRate', 'ridge', 'steps', 'batches', 'shift', 'hidden', 'secondLayer', 'initialOverlap', 'dimension']
    precision: Literal['double']
    replicas: int
    direction: Union[Literal['cold'], List[Literal['cold']]]
    orderParameter: Literal['subspaceScore', 'rank', 'signalToNoise', 'detection', 'overlapGrowth', 'escape', 'parallelOverlap', 'orthogonalOverlap', 'squaredNorm', 'generalisationError', 'trainingError', 'cosine_1', 'cosine_2', 'cosine_3', 'cosine_4', 'cosine_5', 'cosine_6', 'cosine_7', 'cosine_8', 'M_1_1', 'M_1_2', 'M_1_3', 'M_1_4', 'M_2_1', 'M_2_2', 'M_2_3', 'M_2_4', 'M_3_1', 'M_3_2', 'M_3_3', 'M_3_4', 'M_4_1', 'M_4_2', 'M_4_3', 'M_4_4', 'Q_1_1', 'Q_1_2', 'Q_1_3', 'Q_1_4', 'Q_2_2', 'Q_2_3', 'Q_2_4', 'Q_3_3', 'Q_3_4', 'Q_4_4']
    net: Union[Dict[str, Any], None]
    training: Union[Dict[str, Any], None]
    measure: Union[Dict[str, Any], None]
    refine: BatchReuseRefine
    stopWhen: BatchReuseStopWhen
    figures: List[Literal['order-parameter', 'loss-derivatives', 'effective-landscape', 'phase-diagram', 'transition-line', 'bifurcation', 'hysteresis', 'trapping', 'histogram', 'binder', 'collapse', 'trajectory', 'profile']]
    quick: List[str]
    expect: List[Dict[str, Any]]


class EdgeOfChaosFixed(TypedDict, total=False):
    """controls that stay the same:

    weightVariance: σ_w²: number of inputs times the variance of a weight [standard] (> 0, ≤ 1e+06)
    biasVariance: σ_b²: variance of a bias [standard] (≥ 0, ≤ 1e+06; default 0)
    activation: φ: activation; erf is erf(s), the others but tanh are a s + b|s| [standard; (a, b) recovered]
        (default "tanh")
    leak: α: slope of leakyRelu below 0: a = (1 + α)/2, b = (1 − α)/2 (≥ -1, ≤ 1; default 0.1)
    width: m: units per layer of the random net; theory is m → ∞ (≥ 2, ≤ 1e+06; default 1000)
    depth: D: layers that the signals pass (≥ 2, ≤ 100000; default 100)
    inputVariance: q₁: variance of the first layer's preactivations (> 0, ≤ 1e+06; default 1)
    inputCorrelation: c₁: correlation of the two inputs' first preactivations (≥ -1, ≤ 1; default 0.3)
    """

    weightVariance: float
    biasVariance: float
    activation: Literal['linear', 'relu', 'leakyRelu', 'abs', 'tanh', 'erf']
    leak: float
    width: int
    depth: int
    inputVariance: float
    inputCorrelation: float


class EdgeOfChaosAxes(TypedDict, total=False):
    """controls that vary; every combination is a point:

    weightVariance: σ_w²: number of inputs times the variance of a weight [standard] (> 0, ≤ 1e+06)
    biasVariance: σ_b²: variance of a bias [standard] (≥ 0, ≤ 1e+06; default 0)
    activation: φ: activation; erf is erf(s), the others but tanh are a s + b|s| [standard; (a, b) recovered]
        (default "tanh")
    leak: α: slope of leakyRelu below 0: a = (1 + α)/2, b = (1 − α)/2 (≥ -1, ≤ 1; default 0.1)
    width: m: units per layer of the random net; theory is m → ∞ (≥ 2, ≤ 1e+06; default 1000)
    depth: D: layers that the signals pass (≥ 2, ≤ 100000; default 100)
    inputVariance: q₁: variance of the first layer's preactivations (> 0, ≤ 1e+06; default 1)
    inputCorrelation: c₁: correlation of the two inputs' first preactivations (≥ -1, ≤ 1; default 0.3)
    """

    weightVariance: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    biasVariance: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    activation: Union[Literal['linear', 'relu', 'leakyRelu', 'abs', 'tanh', 'erf'], List[Literal['linear', 'relu', 'leakyRelu', 'abs', 'tanh', 'erf']], Dict[str, Any]]
    leak: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    width: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    depth: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    inputVariance: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    inputCorrelation: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]


class EdgeOfChaosDerived(TypedDict, total=False):
    """controls computed from others, such as `0.5 / gamma`:

    weightVariance: a formula of controls
    biasVariance: a formula of controls
    leak: a formula of controls
    width: a formula of controls
    depth: a formula of controls
    inputVariance: a formula of controls
    inputCorrelation: a formula of controls
    """

    weightVariance: Union[str, float]
    biasVariance: Union[str, float]
    leak: Union[str, float]
    width: Union[str, float]
    depth: Union[str, float]
    inputVariance: Union[str, float]
    inputCorrelation: Union[str, float]


class EdgeOfChaosRefine(TypedDict, total=False):
    """points where the verdicts need them:

    axis
    until: full width of a location's 95 % interval, in units of the axis (> 0)
    """

    axis: Literal['weightVariance', 'biasVariance', 'leak', 'width', 'depth', 'inputVariance', 'inputCorrelation']
    until: float


class EdgeOfChaosStopWhen(TypedDict, total=False):
    """replicas, up to `replicas`, until a mean is known well enough:

    observable
    error: largest standard error of the mean (> 0)
    relative: largest standard error in units of the mean (> 0)
    step: replicas of each further batch (≥ 1, ≤ 1e+07; default 4)
    """

    observable: Literal['phase', 'lyapunovExponent', 'correlation', 'variance']
    error: float
    relative: float
    step: int


class EdgeOfChaos(TypedDict, total=False):
    """Signals in random deep nets at initialisation: order, chaos and the critical line between them, at finite width beside mean-field theory. A replica is a net.

    title: stands over the figures
    model: Signals in random deep nets at initialisation: order, chaos and the critical line between them, at
        finite width beside mean-field theory. A replica is a net.
    seed (≥ 0; default 1)
    fixed: controls that stay the same
    data: where the data come from
    axes: controls that vary; every combination is a point
    zip: controls that change together, by a name of your own
    derived: controls computed from others, such as `0.5 / gamma`
    along: the axis of curves and warm sweeps
    precision (default "double")
    replicas (≥ 1, ≤ 1e+07; default 1)
    direction
    orderParameter (default "phase")
    net: loss, biases and noise of the net
    training: how it is trained
    measure: what is recorded
    refine: points where the verdicts need them
    stopWhen: replicas, up to `replicas`, until a mean is known well enough
    figures
    quick
    expect
    """

    title: str
    model: Literal['edge-of-chaos']
    seed: int
    fixed: EdgeOfChaosFixed
    data: Union[Dict[str, Any], None]
    axes: EdgeOfChaosAxes
    zip: Dict[str, Any]
    derived: EdgeOfChaosDerived
    along: Literal['weightVariance', 'biasVariance', 'leak', 'width', 'depth', 'inputVariance', 'inputCorrelation']
    precision: Literal['double']
    replicas: int
    direction: Union[Literal['cold'], List[Literal['cold']]]
    orderParameter: Literal['phase', 'lyapunovExponent', 'correlation', 'variance']
    net: Union[Dict[str, Any], None]
    training: Union[Dict[str, Any], None]
    measure: Union[Dict[str, Any], None]
    refine: EdgeOfChaosRefine
    stopWhen: EdgeOfChaosStopWhen
    figures: List[Literal['order-parameter', 'loss-derivatives', 'effective-landscape', 'phase-diagram', 'transition-line', 'bifurcation', 'hysteresis', 'trapping', 'histogram', 'binder', 'collapse', 'trajectory', 'profile']]
    quick: List[str]
    expect: List[Dict[str, Any]]


class TrainingDynamicsFixed(TypedDict, total=False):
    """controls that stay the same:

    depth: D: number of hidden layers (weight matrices minus 1) (≥ 0, ≤ 16)
    width: m: units per hidden layer; of the first one for nup (≥ 1, ≤ 128; default 64)
    activation: φ: activation; all but tanh are a s + b|s| [recovered] (default "relu")
    leak: α: slope of leakyRelu below 0 (≥ -1, ≤ 1; default 0.1)
    parameterization: standard, ntk and mup [standard]; nup: widths m k^r with the multipliers of ntk [widths
        recovered, multipliers our choice] (default "ntk")
    widthExponent: r: growth of the widths of nup: layer k has round(m k^r) units [recovered, version 2] (≥ 0, ≤
        4; default 2)
    outputScale: γ_out: divides the output: 1 lazy, √m rich; mup has its own √m beside it [our choice] (≥ 0.001,
        ≤ 1000; default 1)
    relativeRate: ηλ: learning rate times the top tangent-kernel eigenvalue: of the run's own start (constant),
        of every step (κ of a schedule) [standard; κ our choice] (> 0, ≤ 10000; default 1)
    schedule: constant η; geometry: η_t = κ/λ_t; rayleigh: κ·2L/|∇L|², which costs nothing [a schedule is
        recovered from version 1, its formula is our choice] (default "constant")
    annealing: share of the steps at the end that run at ηλ = 1 [our choice] (≥ 0, ≤ 0.9; default 0)
    gradientScaling: ξ: norms: each layer's gradient times ξ_k, which cancels forward and backward norms
        [recovered, version 2; formula our choice] (default "none")
    gamma: γ: weight decay: adds γ‖θ‖² to the loss, without ½; observed losses leave it out (≥ 0, ≤ 1000;
        default 0)
    steps: T: steps of gradient descent (≥ 1, ≤ 1e+06; default 200)
    """

    depth: int
    width: int
    activation: Literal['linear', 'relu', 'leakyRelu', 'abs', 'tanh']
    leak: float
    parameterization: Literal['standard', 'ntk', 'mup', 'nup']
    widthExponent: float
    outputScale: float
    relativeRate: float
    schedule: Literal['constant', 'geometry', 'rayleigh']
    annealing: float
    gradientScaling: Literal['none', 'norms']
    gamma: float
    steps: int


class TrainingDynamicsData(TypedDict, total=False):
    """where the data come from:

    inputs: d: input dimension of the teacher on the sphere |x|² = d [our choice] (≥ 2, ≤ 64; default 16)
    samples: n: samples; every replica has its own (≥ 2, ≤ 512; default 32)
    file: CSV file of numbers, relative to the spec; or images in the IDX format of MNIST, with `labels`
    target: name of the target column, or its number from 1; default the last
    columns: input columns of a table, by name or number from 1; or those that are left out, with a minus before
        them: [-id, -date]; default all but the target
    labels: IDX file with the labels of the images
    pool: images are averaged over blocks of so many pixels squared (28 × 28 by 4 gives 7 × 7) (≥ 1, ≤ 64)
    classes: labels whose rows are kept: two become the targets −1 and +1, more one output each (1 or 0) (≥
        -1e+09, ≤ 1e+09)
    oneHot: one output for each class, 1 or 0; without `classes` for all labels of the file
    standardize: every column and the target to mean 0 and variance 1 (1/n) over the training samples; targets
        of classes stay, and with them a constant input becomes 0
    limit: uses the first so many rows (of the wanted classes) (≥ 2, ≤ 1e+07)
    trainFraction: trains on this part of the rows, drawn anew for each replica, and tests on the others (> 0, ≤
        1)
    test: file with test samples, like `file`
    testLabels: labels of `test`, like `labels`
    """

    inputs: int
    samples: int
    file: Union[str, float]
    target: Union[str, float]
    columns: Union[str, float, List[Union[str, float]]]
    labels: Union[str, float]
    pool: int
    classes: Union[float, List[float]]
    oneHot: Literal['true', 'false', True, False]
    standardize: Literal['true', 'false', True, False]
    limit: int
    trainFraction: float
    test: Union[str, float]
    testLabels: Union[str, float]


class TrainingDynamicsAxes(TypedDict, total=False):
    """controls that vary; every combination is a point:

    depth: D: number of hidden layers (weight matrices minus 1) (≥ 0, ≤ 16)
    width: m: units per hidden layer; of the first one for nup (≥ 1, ≤ 128; default 64)
    activation: φ: activation; all but tanh are a s + b|s| [recovered] (default "relu")
    leak: α: slope of leakyRelu below 0 (≥ -1, ≤ 1; default 0.1)
    parameterization: standard, ntk and mup [standard]; nup: widths m k^r with the multipliers of ntk [widths
        recovered, multipliers our choice] (default "ntk")
    widthExponent: r: growth of the widths of nup: layer k has round(m k^r) units [recovered, version 2] (≥ 0, ≤
        4; default 2)
    outputScale: γ_out: divides the output: 1 lazy, √m rich; mup has its own √m beside it [our choice] (≥ 0.001,
        ≤ 1000; default 1)
    relativeRate: ηλ: learning rate times the top tangent-kernel eigenvalue: of the run's own start (constant),
        of every step (κ of a schedule) [standard; κ our choice] (> 0, ≤ 10000; default 1)
    schedule: constant η; geometry: η_t = κ/λ_t; rayleigh: κ·2L/|∇L|², which costs nothing [a schedule is
        recovered from version 1, its formula is our choice] (default "constant")
    annealing: share of the steps at the end that run at ηλ = 1 [our choice] (≥ 0, ≤ 0.9; default 0)
    gradientScaling: ξ: norms: each layer's gradient times ξ_k, which cancels forward and backward norms
        [recovered, version 2; formula our choice] (default "none")
    gamma: γ: weight decay: adds γ‖θ‖² to the loss, without ½; observed losses leave it out (≥ 0, ≤ 1000;
        default 0)
    steps: T: steps of gradient descent (≥ 1, ≤ 1e+06; default 200)
    """

    depth: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    width: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]
    activation: Union[Literal['linear', 'relu', 'leakyRelu', 'abs', 'tanh'], List[Literal['linear', 'relu', 'leakyRelu', 'abs', 'tanh']], Dict[str, Any]]
    leak: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    parameterization: Union[Literal['standard', 'ntk', 'mup', 'nup'], List[Literal['standard', 'ntk', 'mup', 'nup']], Dict[str, Any]]
    widthExponent: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    outputScale: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    relativeRate: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    schedule: Union[Literal['constant', 'geometry', 'rayleigh'], List[Literal['constant', 'geometry', 'rayleigh']], Dict[str, Any]]
    annealing: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    gradientScaling: Union[Literal['none', 'norms'], List[Literal['none', 'norms']], Dict[str, Any]]
    gamma: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    steps: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]


class TrainingDynamicsDerived(TypedDict, total=False):
    """controls computed from others, such as `0.5 / gamma`:

    depth: a formula of controls
    width: a formula of controls
    leak: a formula of controls
    widthExponent: a formula of controls
    outputScale: a formula of controls
    relativeRate: a formula of controls
    annealing: a formula of controls
    gamma: a formula of controls
    steps: a formula of controls
    """

    depth: Union[str, float]
    width: Union[str, float]
    leak: Union[str, float]
    widthExponent: Union[str, float]
    outputScale: Union[str, float]
    relativeRate: Union[str, float]
    annealing: Union[str, float]
    gamma: Union[str, float]
    steps: Union[str, float]


class TrainingDynamicsMeasure(TypedDict, total=False):
    """what is recorded:

    record: steps between recorded rows of the trajectory; 0 records none (≥ 0, ≤ 1e+06; default 0)
    sharpness: take the top Hessian eigenvalue at start, end and recorded steps (default "false")
    """

    record: int
    sharpness: Literal['true', 'false', True, False]


class TrainingDynamicsRefine(TypedDict, total=False):
    """points where the verdicts need them:

    axis
    until: full width of a location's 95 % interval, in units of the axis (> 0)
    """

    axis: Literal['depth', 'width', 'leak', 'widthExponent', 'outputScale', 'relativeRate', 'annealing', 'gamma', 'steps']
    until: float


class TrainingDynamicsStopWhen(TypedDict, total=False):
    """replicas, up to `replicas`, until a mean is known well enough:

    observable
    error: largest standard error of the mean (> 0)
    relative: largest standard error in units of the mean (> 0)
    step: replicas of each further batch (≥ 1, ≤ 1e+07; default 4)
    """

    observable: Literal['regime', 'initialLoss', 'initialKernel', 'initialSharpness', 'kernelDeviation', 'conditionNumber', 'kernelRatio', 'peak', 'finalRatio', 'spikes', 'risingFraction', 'aboveEdge', 'earlyCosine', 'earlyLazyCosine', 'meanCosine', 'sharpeningCosine', 'profileRatio', 'testLoss', 'testError', 'deadFraction', 'loss', 'learningRate', 'kernel', 'relativeRateNow', 'sharpness', 'edge', 'updateCosine', 'lazyCosine', 'participationRatio', 'preactivationChange_1', 'preactivationChange_2', 'preactivationChange_3', 'preactivationChange_4', 'preactivationChange_5', 'preactivationChange_6', 'preactivationChange_7', 'preactivationChange_8', 'preactivationChange_9', 'preactivationChange_10', 'preactivationChange_11', 'preactivationChange_12', 'preactivationChange_13', 'preactivationChange_14', 'preactivationChange_15', 'preactivationChange_16', 'updateCosine_1', 'updateCosine_2', 'updateCosine_3', 'updateCosine_4', 'updateCosine_5', 'updateCosine_6', 'updateCosine_7', 'updateCosine_8', 'updateCosine_9', 'updateCosine_10', 'updateCosine_11', 'updateCosine_12', 'updateCosine_13', 'updateCosine_14', 'updateCosine_15', 'updateCosine_16', 'updateCosine_17']
    error: float
    relative: float
    step: int


class TrainingDynamics(TypedDict, total=False):
    """Full-batch gradient descent on tiny nets at the edge of chaos, loss (1/2n) Σ (f − y)²: learning-rate regimes, sharpness, tangent kernel, and the cosine of new and cumulative updates.

    title: stands over the figures
    model: Full-batch gradient descent on tiny nets at the edge of chaos, loss (1/2n) Σ (f − y)²: learning-rate
        regimes, sharpness, tangent kernel, and the cosine of new and cumulative updates.
    seed (≥ 0; default 1)
    fixed: controls that stay the same
    data: where the data come from
    axes: controls that vary; every combination is a point
    zip: controls that change together, by a name of your own
    derived: controls computed from others, such as `0.5 / gamma`
    along: the axis of curves and warm sweeps
    precision (default "double")
    replicas (≥ 1, ≤ 1e+07; default 1)
    direction
    orderParameter (default "regime")
    net: loss, biases and noise of the net
    training: how it is trained
    measure: what is recorded
    refine: points where the verdicts need them
    stopWhen: replicas, up to `replicas`, until a mean is known well enough
    figures
    quick
    expect
    """

    title: str
    model: Literal['training-dynamics']
    seed: int
    fixed: TrainingDynamicsFixed
    data: TrainingDynamicsData
    axes: TrainingDynamicsAxes
    zip: Dict[str, Any]
    derived: TrainingDynamicsDerived
    along: Literal['depth', 'width', 'leak', 'widthExponent', 'outputScale', 'relativeRate', 'annealing', 'gamma', 'steps']
    precision: Literal['double', 'single']
    replicas: int
    direction: Union[Literal['cold'], List[Literal['cold']]]
    orderParameter: Literal['regime', 'initialLoss', 'initialKernel', 'initialSharpness', 'kernelDeviation', 'conditionNumber', 'kernelRatio', 'peak', 'finalRatio', 'spikes', 'risingFraction', 'aboveEdge', 'earlyCosine', 'earlyLazyCosine', 'meanCosine', 'sharpeningCosine', 'profileRatio', 'testError', 'deadFraction', 'loss', 'learningRate', 'kernel', 'relativeRateNow', 'sharpness', 'edge', 'updateCosine', 'lazyCosine', 'participationRatio', 'preactivationChange_1', 'preactivationChange_2', 'preactivationChange_3', 'preactivationChange_4', 'preactivationChange_5', 'preactivationChange_6', 'preactivationChange_7', 'preactivationChange_8', 'preactivationChange_9', 'preactivationChange_10', 'preactivationChange_11', 'preactivationChange_12', 'preactivationChange_13', 'preactivationChange_14', 'preactivationChange_15', 'preactivationChange_16', 'updateCosine_1', 'updateCosine_2', 'updateCosine_3', 'updateCosine_4', 'updateCosine_5', 'updateCosine_6', 'updateCosine_7', 'updateCosine_8', 'updateCosine_9', 'updateCosine_10', 'updateCosine_11', 'updateCosine_12', 'updateCosine_13', 'updateCosine_14', 'updateCosine_15', 'updateCosine_16', 'updateCosine_17']
    net: Union[Dict[str, Any], None]
    training: Union[Dict[str, Any], None]
    measure: TrainingDynamicsMeasure
    refine: TrainingDynamicsRefine
    stopWhen: TrainingDynamicsStopWhen
    figures: List[Literal['order-parameter', 'loss-derivatives', 'effective-landscape', 'phase-diagram', 'transition-line', 'bifurcation', 'hysteresis', 'trapping', 'histogram', 'binder', 'collapse', 'trajectory', 'profile']]
    quick: List[str]
    expect: List[Dict[str, Any]]


class CatapultMapFixed(TypedDict, total=False):
    """controls that stay the same:

    relativeRate: ηλ₀: learning rate times the tangent kernel at the start; κ of the schedule [standard] (> 0, ≤
        100)
    squaredResidual: z₀: η²f²/m at the start, at most (ηλ₀)²/4 [standard] (> 0, ≤ 100; default 0.0001)
    decay: ω: learning rate times w of the L2 term (w/2)‖θ‖²; w = 2γ for a term γ‖θ‖² [derived] (≥ 0, ≤ 0.99;
        default 0)
    schedule: constant η, or η_t = κ/λ_t [our choice] (default "constant")
    steps: T: step limit; the schedule runs all of them (≥ 10, ≤ 1e+07; default 200000)
    """

    relativeRate: float
    squaredResidual: float
    decay: float
    schedule: Literal['constant', 'geometry']
    steps: int


class CatapultMapAxes(TypedDict, total=False):
    """controls that vary; every combination is a point:

    relativeRate: ηλ₀: learning rate times the tangent kernel at the start; κ of the schedule [standard] (> 0, ≤
        100)
    squaredResidual: z₀: η²f²/m at the start, at most (ηλ₀)²/4 [standard] (> 0, ≤ 100; default 0.0001)
    decay: ω: learning rate times w of the L2 term (w/2)‖θ‖²; w = 2γ for a term γ‖θ‖² [derived] (≥ 0, ≤ 0.99;
        default 0)
    schedule: constant η, or η_t = κ/λ_t [our choice] (default "constant")
    steps: T: step limit; the schedule runs all of them (≥ 10, ≤ 1e+07; default 200000)
    """

    relativeRate: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    squaredResidual: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    decay: Union[float, List[Union[float, Dict[str, Any]]], Dict[str, Any]]
    schedule: Union[Literal['constant', 'geometry'], List[Literal['constant', 'geometry']], Dict[str, Any]]
    steps: Union[int, List[Union[int, Dict[str, Any]]], Dict[str, Any]]


class CatapultMapDerived(TypedDict, total=False):
    """controls computed from others, such as `0.5 / gamma`:

    relativeRate: a formula of controls
    squaredResidual: a formula of controls
    decay: a formula of controls
    steps: a formula of controls
    """

    relativeRate: Union[str, float]
    squaredResidual: Union[str, float]
    decay: Union[str, float]
    steps: Union[str, float]


class CatapultMapRefine(TypedDict, total=False):
    """points where the verdicts need them:

    axis
    until: full width of a location's 95 % interval, in units of the axis (> 0)
    """

    axis: Literal['relativeRate', 'squaredResidual', 'decay', 'steps']
    until: float


class CatapultMapStopWhen(TypedDict, total=False):
    """replicas, up to `replicas`, until a mean is known well enough:

    observable
    error: largest standard error of the mean (> 0)
    relative: largest standard error in units of the mean (> 0)
    step: replicas of each further batch (≥ 1, ≤ 1e+07; default 4)
    """

    observable: Literal['regime', 'finalRate', 'peak', 'lyapunovExponent', 'flatteningRate']
    error: float
    relative: float
    step: int


class CatapultMap(TypedDict, total=False):
    """The solvable net f = u·v/√m with one sample: learning-rate regimes of gradient descent as a map of ηλ and the residual.

    title: stands over the figures
    model: The solvable net f = u·v/√m with one sample: learning-rate regimes of gradient descent as a map of ηλ
        and the residual.
    seed (≥ 0; default 1)
    fixed: controls that stay the same
    data: where the data come from
    axes: controls that vary; every combination is a point
    zip: controls that change together, by a name of your own
    derived: controls computed from others, such as `0.5 / gamma`
    along: the axis of curves and warm sweeps
    precision (default "double")
    replicas (≥ 1, ≤ 1e+07; default 1)
    direction
    orderParameter (default "regime")
    net: loss, biases and noise of the net
    training: how it is trained
    measure: what is recorded
    refine: points where the verdicts need them
    stopWhen: replicas, up to `replicas`, until a mean is known well enough
    figures
    quick
    expect
    """

    title: str
    model: Literal['catapult-map']
    seed: int
    fixed: CatapultMapFixed
    data: Union[Dict[str, Any], None]
    axes: CatapultMapAxes
    zip: Dict[str, Any]
    derived: CatapultMapDerived
    along: Literal['relativeRate', 'squaredResidual', 'decay', 'steps']
    precision: Literal['double']
    replicas: int
    direction: Union[Literal['cold'], List[Literal['cold']]]
    orderParameter: Literal['regime', 'finalRate', 'peak', 'lyapunovExponent', 'flatteningRate']
    net: Union[Dict[str, Any], None]
    training: Union[Dict[str, Any], None]
    measure: Union[Dict[str, Any], None]
    refine: CatapultMapRefine
    stopWhen: CatapultMapStopWhen
    figures: List[Literal['order-parameter', 'loss-derivatives', 'effective-landscape', 'phase-diagram', 'transition-line', 'bifurcation', 'hysteresis', 'trapping', 'histogram', 'binder', 'collapse', 'trajectory', 'profile']]
    quick: List[str]
    expect: List[Dict[str, Any]]
