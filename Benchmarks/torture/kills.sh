#!/bin/sh
# Kills a running sweep at random times, goes on until it is done, and compares the export with a straight run's;
# again and again until so many runs have been killed.  usage: kills.sh LANDAU KILLS
set -eu
landau=$(realpath "$1")
kills=$2
. "$(dirname "$0")/killing.sh"
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
kill_and_go_on "$landau" "$kills" 20 200
echo "$kills kills, $rounds sweeps completed: every export is the straight run's, byte for byte"
