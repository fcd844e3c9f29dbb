#!/usr/bin/env python3
"""The table of docs/generated/recipes.md, from what `landau reproduce all --quick --json` prints, on standard input.

`make recipes-table` runs both.  Writes to standard output.
"""
import collections
import datetime
import json
import pathlib
import re
import sys

SWEEPS = pathlib.Path(__file__).resolve().parent.parent / "sweeps"


def title(recipe):
    text = (SWEEPS / f"{recipe}.yaml").read_text(encoding="utf-8")
    found = re.search(r"^title: *(.+?) *$", text, re.MULTILINE)
    return found[1].strip("\"'") if found else ""


def result(checks):
    """As recorded, or how many are not; what came of claims in parentheses."""
    missed = sum(not check["passed"] for check in checks)
    findings = collections.Counter(check["finding"] for check in checks if check["finding"])
    words = ", ".join(f"{n} {word}" for word in ("reproduced", "not reproduced", "undecided") if (n := findings[word]))
    return ("as recorded" if not missed else f"**{missed} not as recorded**") + (f" ({words})" if words else "")


def main():
    recipes = sorted(json.load(sys.stdin), key=lambda recipe: recipe["recipe"])
    checks = sum(len(recipe["checks"]) for recipe in recipes)
    print("# What came of the recipes\n")
    print(
        f"`landau reproduce all --quick` on {datetime.date.today()}: {len(recipes)} recipes, {checks} checks. "
        "`make recipes-table` writes this page. What the words mean stands in [recipes](../recipes.md).\n"
    )
    print("| recipe | about | checks | result |\n|---|---|---|---|")
    for recipe in recipes:
        name = recipe["recipe"]
        print(f"| `{name}` | {title(name)} | {len(recipe['checks'])} | {result(recipe['checks'])} |")


if __name__ == "__main__":
    main()
