#!/bin/sh
# Kills a running sweep at random times, goes on until it is done, and compares the export with a straight run's;
# again and again until so many runs have been killed.  usage: kills.sh LANDAU KILLS
set -eu
landau=$(realpath "$1")
kills=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > torture.yaml <<'SWEEP'
model: weight-decay
fixed: {noise: 0.5, width: 8}
data: {teacher: gaussian, inputs: 3, samples: population}
axes:
  depth: [1, 2, 3]
  gamma: {from: 0.1, to: 1.5, points: 64, spacing: log}
replicas: 24
direction: [cold, up, down]
training: {starts: 24}
SWEEP
"$landau" run torture.yaml --out straight >/dev/null 2>&1
"$landau" export torture.yaml --out straight > straight.csv
done=0
rounds=0
state=1
while [ "$done" -lt "$kills" ]; do
    "$landau" run torture.yaml --out killed >/dev/null 2>&1 &
    run=$!
    # Numbers that come out the same every time: 0.02 to 0.22 s.
    state=$(( (state * 1103515245 + 12345) % 2147483648 ))
    sleep "0.$(printf '%03d' $(( 20 + state / 65536 % 200 )))"
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
        echo "a run ended with status $status" >&2
        exit 1
    fi
done
"$landau" run torture.yaml --out killed >/dev/null 2>&1
"$landau" export torture.yaml --out killed | cmp - straight.csv
echo "$done kills, $((rounds + 1)) sweeps completed: every export is the straight run's, byte for byte"
