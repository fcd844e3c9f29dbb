#!/usr/bin/env python3
"""An autoencoder with one shared weight, F = v (1 - w^2)^2 + gamma w^2: second order at gamma* = 2 v, known exactly.

`landau new ./tied_autoencoder.py mine.yaml` writes a sweep of it, `landau run mine.yaml` trains it. Nothing but Python is
needed.
"""
import random

import landau_nets as landau


def loss(w, gamma, v):
    return v * (1 - w * w) ** 2 + gamma * w * w


def train(chain):
    w = chain.state if chain.state is not None else 0.5 + random.Random(chain.seeds["init"]).random()
    for point in chain:  # w carries over: this is continuation
        gamma, v = point["gamma"], point["variance"]
        w = w + 1e-6 if chain.direction != "cold" else w  # off the saddle at 0, where slopes vanish
        for _ in range(2000):  # Newton's method, by descent where the curvature is not positive
            slope = 2 * gamma * w - 4 * v * w * (1 - w * w)
            curvature = 2 * gamma - 4 * v + 12 * v * w * w
            step = slope / curvature if curvature > 1e-12 else slope / (8 * v + 2 * gamma)
            w -= max(-0.1, min(0.1, step))
            if abs(slope) < 1e-14 * (v + gamma):
                break
        if abs(slope) > 1e-10 * (v + gamma):
            yield point.stalled(f"slope {slope:.1e}", loss=loss(w, gamma, v), squaredNorm=w * w)
        else:
            yield point.converged(loss=loss(w, gamma, v), squaredNorm=w * w, theta=[w], zeroNetLoss=v)
        chain.save(w)


def evaluate(question):
    """The loss and its derivatives at given weights, by hand: with them Landau follows the branch itself."""
    w, gamma, v = question.theta[0], question.controls["gamma"], question.controls["variance"]
    if question.along == "gamma":
        by_control, slope_by_control = w * w, 2 * w
    else:
        by_control, slope_by_control = (1 - w * w) ** 2, -4 * w * (1 - w * w)
    curvature = 2 * gamma - 4 * v + 12 * v * w * w
    return {"loss": loss(w, gamma, v), "gradient": [2 * gamma * w - 4 * v * w * (1 - w * w)],
            "hessianAction": [[curvature * u[0]] for u in question.vectors], "controlDerivative": by_control,
            "controlGradient": [slope_by_control], "observables": {"squaredNorm": w * w}}


def theory(controls, replica):
    v, gamma = controls["variance"], controls["gamma"]
    square = max(0.0, 1 - gamma / (2 * v))
    return {"squaredNorm": square, "loss": v * (1 - square) ** 2 + gamma * square}


STARTER = """\
title: A tied autoencoder collapses
model: ./tied_autoencoder.py
axes:
  variance: [0.5, 1]
  gamma: {from: 0.1, to: 3, points: 48, spacing: log}
along: gamma
direction: [cold, up, down]
figures: [order-parameter]
"""

landau.serve(
    train, name="tied-autoencoder", version="1", summary="An autoencoder with one shared weight.",
    sources=["F = v (1 - w^2)^2 + gamma w^2, by hand"],
    controls={"gamma": landau.real(low=0, symbol="γ", meaning="weight decay: γ w² is added to the loss"),
              "variance": landau.real(1e-6, 1e6, default=1, symbol="v", meaning="variance of the data")},
    observables={"loss": landau.free_energy(), "squaredNorm": landau.derivative("loss", "gamma", symbol="w²"),
                 "lossCurvature": landau.derivative("loss", "gamma", order=2, symbol="F″"),
                 "zeroNetLoss": landau.observable("F₀", "loss of the net without function", order_parameter=False)},
    order_parameter="squaredNorm", directions=["cold", "up", "down"], saves=True, theory=theory,
    evaluate=evaluate, parameters=1, starter=STARTER)
