#!/bin/sh
# Installs the Debian packages that Landau builds and draws with, where they are missing.
set -eu

packages="libgsl-dev libgnuplot-iostream-dev gnuplot-nox libsqlite3-dev fonts-dejavu-core pkg-config g++ make python3 node-d3"

missing=""
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
# Any gnuplot will do, any Python, and any C++ library that Swift's clang finds.
if command -v gnuplot >/dev/null 2>&1; then missing=$(printf '%s' "$missing" | sed 's/ gnuplot-nox//'); fi
# D3 alone is wanted, wherever it was put.
if [ -f /usr/share/nodejs/d3/dist/d3.min.js ]; then
    missing=$(printf '%s' "$missing" | sed 's/ node-d3//')
fi
if command -v python3 >/dev/null 2>&1; then missing=$(printf '%s' "$missing" | sed 's/ python3//'); fi
if [ -z "$missing" ]; then exit 0; fi

if [ "$(id -u)" = 0 ]; then
    root=""
elif command -v sudo >/dev/null 2>&1; then
    root="sudo"
else
    echo "landau: missing packages:$missing — install them as root: apt-get install$missing" >&2
    exit 3
fi
echo "installing$missing" >&2
$root apt-get update -qq
# shellcheck disable=SC2086  # one word per package is meant
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $missing >/dev/null
