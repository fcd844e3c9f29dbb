#!/bin/sh
# Writes what the command finds in its share/landau, the manual page and the completions of shells where packages put
# them.  usage: share.sh LANDAU FOLDER
set -eu
here=$(dirname "$0")
landau=$1
share=$2
rm -rf "$share/landau"
mkdir -p "$share/landau"
cp -R "$here/plots" "$here/sweeps" "$share/landau/"
# The package for Python, and the programs that recipes train.
mkdir -p "$share/landau/python" "$share/landau/Examples"
cp -R "$here/python/landau_nets" "$share/landau/python/"
cp -R "$here/Examples/Programs" "$share/landau/Examples/"
# D3, which pages are written with, and its licence.
d3=/usr/share/nodejs/d3/dist/d3.min.js
if [ -f "$d3" ]; then
    mkdir -p "$share/landau/d3"
    cp "$d3" "$share/landau/d3/"
    if [ -f /usr/share/doc/node-d3/copyright ]; then cp /usr/share/doc/node-d3/copyright "$share/landau/d3/LICENCE"; fi
else
    echo "share: $d3 is not there (apt-get install --no-install-recommends node-d3): \`landau explore\` will not find D3" >&2
fi
find "$share/landau" -name __pycache__ -prune -exec rm -rf {} +
# Results of sweeps that were run in the checkout do not belong to it.
find "$share/landau/sweeps" -type d -name results -prune -exec rm -rf {} +
mkdir -p "$share/man/man1" "$share/bash-completion/completions" "$share/zsh/site-functions" \
    "$share/fish/vendor_completions.d"
"$landau" manual >"$share/man/man1/landau.1"
"$landau" --generate-completion-script bash >"$share/bash-completion/completions/landau"
"$landau" --generate-completion-script zsh >"$share/zsh/site-functions/_landau"
"$landau" --generate-completion-script fish >"$share/fish/vendor_completions.d/landau.fish"
echo "$share"
