#!/bin/sh
# The tied autoencoder without any helper: protocol 1 in a POSIX shell. sed takes what is needed out of a line, awk trains.
say() { printf '%s\n' "$1"; }

train() { # id, gamma, w; prints the point's message and, on descriptor 3, the new w
    awk -v id="$1" -v g="$2" -v w="$3" 'BEGIN {
        for (n = 0; n < 20000; n++) { s = 2 * g * w - 4 * w * (1 - w * w); w -= s / 16; if (s * s < 1e-28) break }
        printf "{\"type\":\"point\",\"id\":\"%s\",\"outcome\":\"%s\",\"values\":{\"loss\":%.17g,\"squaredNorm\":%.17g}}\n",
            id, s * s < 1e-20 ? "converged" : "capped", (1 - w * w) ^ 2 + g * w * w, w * w
        printf "%.17g\n", w + 1e-6 > "/dev/fd/3" }'
}

while IFS= read -r line; do
    case "$line" in
    *'"type":"hello"'*)
        say '{"type":"model","protocol":1,"name":"tied-autoencoder-sh","version":"1",
            "controls":{"gamma":{"kind":"real","low":0}},"observables":{"loss":{"orderParameter":false},
            "squaredNorm":{"derivative":["loss",1,"gamma"]}},"orderParameter":"squaredNorm",
            "directions":["cold","up","down"]}' | tr -d '\n'
        say '' ;;
    *'"type":"open"'*) say '{"type":"ready","fingerprint":""}' ;;
    *'"type":"run"'*)
        say "$line" | sed 's/{"id":/\n{"id":/g' | while IFS= read -r part; do
            id=$(say "$part" | sed -n 's/^{"id":"\([^"]*\)".*/\1/p')
            gamma=$(say "$part" | sed -n 's/.*"gamma":\([-+.0-9eE]*\).*/\1/p')
            if [ -n "$gamma" ]; then w=$({ train "$id" "$gamma" "$w" >&4; } 3>&1 4>&5); else w=0.9; fi
        done 5>&1
        say '{"type":"done","batch":'"$(say "$line" | sed 's/.*"batch":\([0-9]*\).*/\1/')"'}' ;;
    *'"type":"stop"'*) say '{"type":"stopped"}'; exit 0 ;;
    esac
done
