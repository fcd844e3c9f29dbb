#!/bin/sh
# A disk that fills up (a small tmpfs: needs root), and a clock that runs backwards: a clear message, nothing lost, and
# the straight run's export in the end.  usage: disk.sh LANDAU
set -eu
landau=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'umount "$folder/small" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
cat > sweep.yaml <<'SWEEP'
model: weight-decay
fixed: {noise: 0.5, width: 4}
data: {teacher: gaussian, inputs: 3, samples: population}
axes:
  depth: [1, 2]
  gamma: {from: 0.1, to: 1.5, points: 64, spacing: log}
replicas: 24
direction: [cold, up, down]
SWEEP
"$landau" run sweep.yaml --out straight >/dev/null 2>&1
"$landau" export sweep.yaml --out straight > straight.csv

mkdir small
mount -t tmpfs -o size=1500k tmpfs small
status=0
"$landau" run sweep.yaml --out small/out >/dev/null 2>message || status=$?
[ "$status" -eq 2 ] || { echo "full disk: the run ended with status $status" >&2; exit 1; }
tail -n 1 message
"$landau" status sweep.yaml --out small/out || true
mount -o remount,size=64m small
"$landau" run sweep.yaml --out small/out >/dev/null 2>&1
"$landau" export sweep.yaml --out small/out | cmp - straight.csv
echo "full disk: completed after room was made, the straight run's export"

cc -shared -fPIC -O1 -o clock.so "$here/clock.c"
LD_PRELOAD=$folder/clock.so timeout 120 "$landau" run sweep.yaml --out backwards >/dev/null 2>&1
"$landau" export sweep.yaml --out backwards | cmp - straight.csv
echo "clock backwards: the straight run's export"
