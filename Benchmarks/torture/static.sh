#!/bin/sh
# The static command alone: in a root folder that holds nothing but itself, a spec and /proc, and on the oldest Debian that
# the packages' server has; it must open no name service and no library there, and give the bytes of the dynamic build.
# As root.  usage: static.sh DIST DYNAMIC    (`make dist`'s folder; the command of the usual build)
set -eu
dist=$(realpath "$1")
dynamic=$(realpath "$2")
folder=$(mktemp -d)
fail() {
    echo "static: $*" >&2
    exit 1
}
finish() {
    for place in "$folder"/*/proc; do umount "$place" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap finish EXIT

ldd "$dist/bin/landau" 2>&1 | grep -q 'not a dynamic executable' || fail "the command asks for libraries"

cat >"$folder/mine.yaml" <<'END'
model: weight-decay
fixed: {width: 4, noise: 0.5}
data: {teacher: gaussian, inputs: 3, samples: 60}
axes: {depth: [1, 2], gamma: {from: 0.1, to: 1.5, points: 12, spacing: log}}
direction: [cold, up]
replicas: 2
figures: []
END
# All verbs that need neither another program nor shared files.
cat >"$folder/verbs" <<'END'
run mine.yaml
status mine.yaml
transitions mine.yaml
export results/mine --format csv
export results/mine --weights --where depth=2 --where replica=0
predict weight-decay depth=2 gamma=0.3
models weight-decay --schema
list
delete mine
END
export_of() { (cd "$1" && rm -rf results && "$2" run mine.yaml >verdicts 2>/dev/null && "$2" export mine.yaml >points && "$2" export mine.yaml --weights >nets); }

mkdir "$folder/dynamic"
cp "$folder/mine.yaml" "$folder/dynamic/"
export_of "$folder/dynamic" "$dynamic"

# $1: a root folder that has landau and mine.yaml in its /place; traces every verb.
tracked() {
    mkdir -p "$1/proc"
    mount --bind /proc "$1/proc"
    while read -r words; do
        # shellcheck disable=SC2086
        (cd "$1/place" && strace -f -q -o "$folder/trace" -e trace=open,openat,connect,execve chroot "$1" /place/landau-in $words \
            >"$folder/out" 2>"$folder/err") || fail "landau $words: $(tail -1 "$folder/err")"
        # What chroot itself opens stands before its execve of the command.
        sed -n '/execve("\/place\/landau-in"/,$p' "$folder/trace" >"$folder/own"
        [ -s "$folder/own" ] || fail "the trace of $words is empty"
        if grep -E 'nsswitch|/etc/(passwd|group|hosts|resolv)|\.so[."]|nscd' "$folder/own"; then
            fail "landau $words reached a name service or a library"
        fi
    done <"$folder/verbs"
    umount "$1/proc"
}

if command -v strace >/dev/null; then
    root=$folder/empty
    mkdir -p "$root/place" "$root/tmp"
    cp "$dist/bin/landau" "$root/place/landau-in"
    cp "$folder/mine.yaml" "$root/place/"
    # Relative paths begin at /: chroot goes there.
    cp "$folder/mine.yaml" "$root/"
    tracked "$root"
    echo "static: every verb runs alone in a root folder, opens no name service and loads no library"
else
    echo "SKIPPED: the static command alone in a root folder: needs strace" >&2
fi

mkdir "$folder/static"
cp "$folder/mine.yaml" "$folder/static/"
export_of "$folder/static" "$dist/bin/landau"
for file in verdicts points nets; do
    cmp "$folder/dynamic/$file" "$folder/static/$file" || fail "the static build gives other bytes: $file"
done
echo "static: verdicts, points and nets have the bytes of the dynamic build"

if command -v debootstrap >/dev/null; then
    server=$(sed -n 's/^URIs: *\(.*debian\/\{0,1\}\)$/\1/p; s/^deb \(\[.*\] \)\{0,1\}\([^ ]*debian\/\{0,1\}\) .*/\2/p' \
        /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -1)
    for suite in jessie stretch buster bullseye; do
        debootstrap --variant=minbase "$suite" "$folder/$suite" "$server" >"$folder/log" 2>&1 || continue
        mkdir -p "$folder/$suite/place"
        cp "$dist/bin/landau" "$folder/$suite/place/"
        cp "$folder/mine.yaml" "$folder/$suite/place/"
        mount --bind /proc "$folder/$suite/proc"
        chroot "$folder/$suite" sh -c 'cd /place && ./landau run mine.yaml >verdicts 2>/dev/null &&
            ./landau export mine.yaml >points && ./landau export mine.yaml --weights >nets' || fail "on $suite"
        umount "$folder/$suite/proc"
        for file in verdicts points nets; do
            cmp "$folder/dynamic/$file" "$folder/$suite/place/$file" || fail "$suite gives other bytes: $file"
        done
        echo "static: the same on $suite, $(chroot "$folder/$suite" ldd --version | head -1)"
        exit 0
    done
    echo "SKIPPED: the static command on an older Debian: none could be set up" >&2
else
    echo "SKIPPED: the static command on an older Debian: needs debootstrap" >&2
fi
