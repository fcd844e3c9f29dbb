#!/usr/bin/env python3
"""What this program trains. Check it with `landau check ./THIS.py`; docs/your-net.md explains each step."""
import random

import landau_nets as landau


def train(chain):
    # 1. Make the net once for a chain, before the loop. `init` is the seed of its first weights, `data` of its data.
    w = 0.5 + random.Random(chain.seeds["init"]).random()
    if chain.state is not None:  # what `chain.save` kept, where a run was stopped in mid-chain
        w = chain.state
    for point in chain:
        # 2. Train it at this value of the controls, from the weights of the point before.
        gamma = point["gamma"]
        for step in range(2000):
            slope = 2 * gamma * w - 4 * w * (1 - w * w)
            w -= 0.05 * slope
        # 3. Report: the regularised loss, and what tells the phases apart.
        say = point.converged if abs(slope) < 1e-8 else point.capped
        yield say(loss=(1 - w * w) ** 2 + gamma * w * w, squaredNorm=w * w)
        chain.save(w)


landau.serve(
    train, name="my-net", version="1",  # raise the version when results change
    controls={"gamma": landau.real(low=0, symbol="γ", meaning="weight decay: γ Σw² is added to the loss")},
    observables={"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma", symbol="Σw²")},
    order_parameter="squaredNorm", directions=["cold", "up", "down"], saves=True)
