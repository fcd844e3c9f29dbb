#!/bin/sh
# Runs the folder of `make dist` in a root that holds the C library and nothing else, with an empty environment, and
# compares the export of a small sweep with that of the command given.  Needs root.  usage: relocated.sh FOLDER LANDAU
set -eu
folder=$(realpath "$1")
landau=$(realpath "$2")
root=$(mktemp -d)
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf "$root"' EXIT
mkdir -p "$root/lib64" "$root/tmp" "$root/dev" "$root/proc"
for library in $(ldd "$folder/bin/landau" | grep -o '/[^ ]*' | grep -E '/(libc|libm|libdl|libpthread|librt|libresolv|ld-linux[^/]*)\.so'); do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
done
mknod "$root/dev/null" c 1 3
# The loader finds the folder of a program by /proc.
mount -t proc proc "$root/proc"
cp -R "$folder" "$root/landau"
cat > "$root/tmp/small.yaml" <<'SWEEP'
model: weight-decay
fixed: {noise: 0.5, width: 4}
data: {teacher: gaussian, inputs: 3, samples: 100}
axes: {depth: [1, 2], gamma: {from: 0.1, to: 1.2, points: 24}}
SWEEP
inside() { env -i /usr/sbin/chroot "$root" /landau/bin/landau "$@"; }
inside --version
status=0
inside run /tmp/small.yaml --out /tmp/out >/dev/null || status=$?
# Without figures in the spec, gnuplot is not missed.
[ "$status" -eq 0 ] || { echo "relocated: the run ended with status $status" >&2; exit 1; }
inside export /tmp/small.yaml --out /tmp/out > "$root/tmp/inside.csv"
"$landau" run "$root/tmp/small.yaml" --out "$root/tmp/here" >/dev/null 2>&1
"$landau" export "$root/tmp/small.yaml" --out "$root/tmp/here" | cmp - "$root/tmp/inside.csv"
# Recipes are found beside the command.
inside reproduce | grep -q weight-decay/depth
echo "relocated: the same export as here, byte for byte"
