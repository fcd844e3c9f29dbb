"""One descent step with hand-written gradients, in the operators that NumPy, JAX and PyTorch arrays share.

`net` is a list of layers (W, b); `activate` maps fields to values; the derivative is taken from the values.
"""

from work import RATE, SAMPLES


def slope_times(activation, values, back):
    """The derivative of the activation at these values, times `back`."""
    if activation == "tanh":
        return back * (1 - values * values)
    if activation == "relu":
        return back * (values > 0)
    return back


def samples_last_step(net, features, targets, gammas, activation, activate, affine):
    """Values are (nets, units, samples); `features` (inputs, samples). The first layer is one large product.

    `affine(W, a, b)` is W @ a + b, in whichever way the library does it fastest.
    """
    nets, width, inputs = net[0][0].shape
    first = (net[0][0].reshape(nets * width, inputs) @ features).reshape(nets, width, SAMPLES)
    values = [activate(first + net[0][1][:, :, None])]
    for matrix, bias in net[1:-1]:
        values.append(activate(affine(matrix, values[-1], bias[:, :, None])))
    matrix, bias = net[-1]
    back = (affine(matrix, values[-1], bias[:, :, None]) - targets) * (2 / SAMPLES)
    updated = []
    for l in reversed(range(len(net))):
        matrix, bias = net[l]
        if l:
            matrix_gradient = back @ values[l - 1].mT
        else:
            matrix_gradient = (back.reshape(nets * width, SAMPLES) @ features.T).reshape(nets, width, inputs)
        bias_gradient = back.sum(axis=2)
        if l:
            back = slope_times(activation, values[l - 1], matrix.mT @ back)
        updated.append(_updated(matrix, bias, matrix_gradient, bias_gradient, gammas))
    return updated[::-1]


def samples_first_step(net, features, targets, gammas, activation, activate, affine):
    """Values are (nets, samples, units); `features` (samples, inputs). `affine(a, W, b)` is a @ W + b."""
    values = [activate(features @ net[0][0].mT + net[0][1][:, None, :])]
    for matrix, bias in net[1:-1]:
        values.append(activate(affine(values[-1], matrix.mT, bias[:, None, :])))
    matrix, bias = net[-1]
    back = (affine(values[-1], matrix.mT, bias[:, None, :]) - targets[:, None]) * (2 / SAMPLES)
    updated = []
    for l in reversed(range(len(net))):
        matrix, bias = net[l]
        matrix_gradient = back.mT @ (values[l - 1] if l else features)
        bias_gradient = back.sum(axis=1)
        if l:
            back = slope_times(activation, values[l - 1], back @ matrix)
        updated.append(_updated(matrix, bias, matrix_gradient, bias_gradient, gammas))
    return updated[::-1]


def _updated(matrix, bias, matrix_gradient, bias_gradient, gammas):
    decay = gammas[:, None, None] * 2
    return matrix - (matrix_gradient + decay * matrix) * RATE, bias - bias_gradient * RATE
