#!/bin/sh
# Writes the manual page and the completions of shells where packages put them.  usage: share.sh LANDAU FOLDER
set -eu
landau=$1
share=$2
mkdir -p "$share/man/man1" "$share/bash-completion/completions" "$share/zsh/site-functions" \
    "$share/fish/vendor_completions.d"
"$landau" manual >"$share/man/man1/landau.1"
"$landau" --generate-completion-script bash >"$share/bash-completion/completions/landau"
"$landau" --generate-completion-script zsh >"$share/zsh/site-functions/_landau"
"$landau" --generate-completion-script fish >"$share/fish/vendor_completions.d/landau.fish"
echo "$share"
