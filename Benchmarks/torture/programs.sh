#!/bin/sh
# The same for a program: Landau is killed, its program ends by itself, and saved states lead on to the straight run's
# results.  usage: programs.sh LANDAU KILLS
set -eu
landau=$(realpath "$1")
kills=$2
example=$(realpath "$(dirname "$0")/../../Examples/Programs/tied_autoencoder.py")
. "$(dirname "$0")/killing.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# Slow enough to be killed in mid-chain, and without `evaluate`, for whose sake points wait until their chain is done.
sed -e 's/^import random$/import random\nimport time/' -e 's/^\( *\)chain.save(w)$/\1chain.save(w)\n\1time.sleep(0.005)/' \
    -e 's/^    evaluate=evaluate, parameters=1, /    /' -e 's/, theta=\[w\]//' \
    "$example" > net.py
cat > torture.yaml <<'SWEEP'
model: ./net.py
workers: 2
axes:
  variance: [0.5, 1]
  gamma: {from: 0.2, to: 3, points: 96, spacing: log}
along: gamma
replicas: 2
direction: [cold, up, down]
SWEEP
export LANDAU_SAVE_EVERY=0
kill_and_go_on "$landau" "$kills" 100 1000
echo "$kills kills in $rounds runs of a program: the results are those of a straight run"
