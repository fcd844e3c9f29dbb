"""What all oracles share: asking Landau by JSON lines, comparing its answers, and counting.

An oracle has a `MODEL`, makes questions from a random generator (`questions(rng, count)`), and holds an answer against slow
code of its own (`check(question, answer)`, which yields a `Check` for each number that it looked at). `NAME` is what the
table calls it, where that is not the model. `wants_answer(question, answer)` is false where a refusal is what is right.
"""
import argparse
import importlib
import json
import random
import subprocess
from collections import namedtuple

# One number: what it is called, ours, the oracle's, the claim, and the deviation that the claim allows: for the claim
# "standard error" one such error.
Check = namedtuple("Check", "name ours truth claim deviation allowed")


def number(name, ours, truth, claim="exact", allowed=1e-9, scale=None):
    """A number against the truth, relative to the truth (or to `scale`, where that is larger)."""
    if ours is None or truth is None:
        return Check(name, ours, truth, claim, 0.0 if ours is None and truth is None else float("inf"), allowed)
    truth, size = float(truth), max(abs(float(truth)), abs(float(scale or 0)))
    deviation = abs(ours - truth) / size if size > 0 else abs(ours - truth)
    return Check(name, ours, truth, claim, deviation, allowed)


def word(name, ours, truth, claim="exact"):
    """A word, a truth value or a count."""
    return Check(name, ours, truth, claim, 0.0 if ours == truth else float("inf"), 0.0)


def ask(landau, model, questions):
    """Answers in the order of the questions; a refusal is {"error": …}."""
    text = "".join(json.dumps(q) + "\n" for q in questions)
    run = subprocess.run([landau, "predict", model, "--points", "-"], input=text, capture_output=True, text=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if run.returncode not in (0, 2) or len(answers) != len(questions):
        raise RuntimeError(f"{model}: status {run.returncode}, {len(answers)} answers to {len(questions)} questions")
    return answers


class Report:
    """Counts of one oracle."""

    def __init__(self, model):
        self.model, self.questions, self.refused, self.numbers, self.wrong = model, 0, 0, 0, 0
        self.worst, self.worst_name, self.estimates, self.exceeded, self.failures = 0.0, "–", 0, 0, []
        # Deviations over standard errors.
        self.quotients, self.outliers = [], []

    def add(self, question, answer, checks, wants_answer=None):
        self.questions += 1
        is_answered = "error" not in answer
        self.refused += not is_answered
        if wants_answer is not None and wants_answer != is_answered:
            self.wrong += 1
            self.failures.append((question, word("is answered", is_answered, wants_answer)))
            return
        if not is_answered:
            return
        for check in checks:
            self.numbers += 1
            is_wrong = not check.deviation <= check.allowed
            if check.claim == "standard error":
                quotient = check.deviation / check.allowed if check.allowed > 0 else float("inf") if is_wrong else 0.0
                self.quotients.append((check.name, quotient))
                if quotient > 2:
                    self.outliers.append((question, check))
            elif check.claim == "estimate":
                self.estimates += 1
                self.exceeded += is_wrong
            elif is_wrong:
                self.wrong += 1
                self.failures.append((question, check))
            # Where the oracle itself knows less, it does not count.
            elif check.allowed <= 1e-8 and check.deviation > self.worst:
                self.worst, self.worst_name = check.deviation, check.name

    def __add__(self, other):
        sum_ = Report(self.model)
        for name in ("questions", "refused", "numbers", "wrong", "estimates", "exceeded", "failures", "quotients",
                     "outliers"):
            setattr(sum_, name, getattr(self, name) + getattr(other, name))
        sum_.worst, sum_.worst_name = max((self.worst, self.worst_name), (other.worst, other.worst_name))
        return sum_

    @staticmethod
    def header():
        return "| model | questions | refused | numbers | wrong | worst deviation | errors exceeded |\n|---|---|---|---|---|---|---|"

    def beyond(self, errors):
        """How many deviations are above so many standard errors."""
        return sum(quotient > errors for _, quotient in self.quotients)

    def is_honest(self):
        """Standard errors are exceeded by at most 5 % twofold, other errors by at most 5 %; two of them may be chance."""
        return (self.exceeded <= max(2, 0.05 * self.estimates)
                and self.beyond(2) <= max(2, 0.05 * len(self.quotients)))

    def row(self):
        parts = [f"{self.exceeded} of {self.estimates}"] if self.estimates else []
        if self.quotients:
            parts.append(f"one standard error {self.beyond(1)}, two {self.beyond(2)} of {len(self.quotients)}")
        errors = "; ".join(parts) or "–"
        return (f"| `{self.model}` | {self.questions} | {self.refused} | {self.numbers} | {self.wrong} "
                f"| {self.worst:.1e} ({self.worst_name}) | {errors} |")


def attack(oracle, landau, seed, count):
    """One oracle's questions, asked and checked."""
    report = Report(getattr(oracle, "NAME", oracle.MODEL))
    questions = list(oracle.questions(random.Random(seed), count))
    for question, answer in zip(questions, ask(landau, oracle.MODEL, questions)):
        checks = [] if "error" in answer else list(oracle.check(question, answer))
        wanted = oracle.wants_answer(question, answer) if hasattr(oracle, "wants_answer") else None
        report.add(question, answer, checks, wanted)
    return report


def main(module):
    parser = argparse.ArgumentParser(description=importlib.import_module(module).__doc__)
    parser.add_argument("--landau", default=".build/release/landau")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    arguments = parser.parse_args()
    report = attack(importlib.import_module(module), arguments.landau, arguments.seed, arguments.count)
    print(Report.header())
    print(report.row())
    for question, check in report.failures[:20] + report.outliers[:10]:
        print(json.dumps(question), check)
    raise SystemExit(1 if report.wrong else 0)
