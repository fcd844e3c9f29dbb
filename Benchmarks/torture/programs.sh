#!/bin/sh
# The same for a program: Landau is killed, its program ends by itself, and saved states lead on to the straight run's
# results.  usage: programs.sh LANDAU KILLS
set -eu
landau=$(realpath "$1")
kills=$2
example=$(realpath "$(dirname "$0")/../../Examples/Programs/tied_autoencoder.py")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# Slow enough to be killed in mid-chain.
sed -e 's/^import random$/import random\nimport time/' -e 's/^\( *\)chain.save(w)$/\1chain.save(w)\n\1time.sleep(0.005)/' \
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
"$landau" run torture.yaml --out straight >/dev/null 2>&1
"$landau" export torture.yaml --out straight > straight.csv
done=0
rounds=0
state=1
while [ "$done" -lt "$kills" ]; do
    "$landau" run torture.yaml --out killed >/dev/null 2>&1 &
    run=$!
    # Numbers that come out the same every time: 0.1 to 1.1 s.
    state=$(( (state * 1103515245 + 12345) % 2147483648 ))
    sleep "$(( (100 + state / 65536 % 1000) / 1000 )).$(printf '%03d' $(( (100 + state / 65536 % 1000) % 1000 )))"
    kill -9 "$run" 2>/dev/null || true
    status=0
    wait "$run" || status=$?
    if [ "$status" -eq 137 ]; then
        done=$((done + 1))
    elif [ "$status" -eq 0 ]; then
        "$landau" export torture.yaml --out killed | cmp - straight.csv
        rounds=$((rounds + 1))
        rm -rf killed
    else
        echo "exit status $status" >&2
        exit 1
    fi
done
"$landau" run torture.yaml --out killed >/dev/null 2>&1
"$landau" export torture.yaml --out killed | cmp - straight.csv
echo "$done kills in $((rounds + 1)) runs of a program: the results are those of a straight run"
