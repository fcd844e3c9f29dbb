#!/bin/sh
# Makes an archive of the public interface of each module, of what `make build` has built.  usage: make.sh FOLDER
set -eu
cd "$(dirname "$0")/../.."
out=${1:-.build/documentation}
built=.build/release

maps=""
for map in "$built"/C*.build/module.modulemap; do
    [ -f "$map" ] && maps="$maps -Xcc -fmodule-map-file=$map"
done
for folder in Sources/C*/include Sources/CGSL .build/checkouts/*/Sources/*/include .build/checkouts/GRDB.swift/Sources/GRDBSQLite; do
    case $folder in *ArgumentParser*) continue ;; esac
    maps="$maps -I $folder"
done
rm -rf "$out"
for catalog in docs/api/*.docc; do
    module=$(basename "$catalog" .docc)
    graphs="$out/symbols/$module"
    mkdir -p "$graphs"
    # shellcheck disable=SC2086  # one word per option is meant
    swift symbolgraph-extract -module-name "$module" -target "$(swift -print-target-info | sed -n 's/.*"triple": "\(.*\)",/\1/p' | head -n 1)" \
        -I "$built/Modules" $maps -output-dir "$graphs" -minimum-access-level public
    # Only what is not obvious of a parameter is said: DocC's wish for all of them is no fault. A dead link is.
    docc convert "$catalog" --additional-symbol-graph-dir "$graphs" --fallback-display-name "$module" \
        --fallback-bundle-identifier "landau.$module" --output-path "$out/$module.doccarchive" >"$out/log" 2>&1 || {
        cat "$out/log" >&2
        exit 1
    }
    if grep "doesn't exist at" "$out/log" >&2; then exit 1; fi
done
rm -rf "$out/symbols" "$out/log"
echo "$out"
