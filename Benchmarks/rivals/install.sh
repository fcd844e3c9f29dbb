#!/bin/sh
# Makes the environment of the rivals, `.venv` beside this script. PyTorch is taken without the packages it asks for,
# since those may be gigabytes for graphics cards; where it then does not import, the benchmark goes on without it.
set -eu
cd "$(dirname "$0")"
torch=2.13.0

[ -x .venv/bin/python ] || python3 -m venv .venv
timeout 900 .venv/bin/pip install --quiet --requirement requirements.txt
timeout 900 .venv/bin/pip install --quiet --no-deps "torch==$torch" ||
    echo "rivals: PyTorch $torch could not be installed" >&2
timeout 60 .venv/bin/python -c "import torch" 2>/dev/null ||
    echo "rivals: PyTorch does not import here; a build of torch $torch for processors in .venv would mend it" >&2
timeout 60 .venv/bin/python -c "import jax, numpy"
