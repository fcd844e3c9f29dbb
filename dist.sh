#!/bin/sh
# Makes a folder that runs on any Linux of this processor without building and without root: bin/landau, linked statically;
# templates, sweeps and the Python helper in share/landau.  usage: dist.sh [FOLDER]
set -eu
cd "$(dirname "$0")"
folder=${1:-dist/landau}

# A build of its own: linking everything into the command changes every compilation. The linker warns of `getpwuid`,
# `getaddrinfo` and `dlopen`, which a static command must not reach; it asks no name service and loads no library.
swift build -c release --product landau --scratch-path .build/dist -Xswiftc -static-executable
built=$(swift build -c release --product landau --scratch-path .build/dist -Xswiftc -static-executable --show-bin-path)
if ldd "$built/landau" 2>&1 | grep -v 'not a dynamic executable'; then
    echo "dist: $built/landau should be static" >&2
    exit 1
fi

rm -rf "$folder"
mkdir -p "$folder/bin" "$folder/licences"
strip -o "$folder/bin/landau" "$built/landau"

# What is inside the command, with the licences that Debian and the packages give.
for package in libgsl-dev libsqlite3-dev libboost-iostreams-dev libstdc++-12-dev libc6-dev zlib1g-dev libbz2-dev liblzma-dev libzstd-dev node-d3; do
    [ -f "/usr/share/doc/$package/copyright" ] || continue
    cp "/usr/share/doc/$package/copyright" "$folder/licences/$package"
done
for licence in .build/dist/checkouts/*/LICENSE* .build/dist/checkouts/*/NOTICE*; do
    [ -f "$licence" ] || continue
    kind=$(basename "$licence" | cut -d. -f1 | sed 's/LICENSE//; s/NOTICE/-NOTICE/')
    cp "$licence" "$folder/licences/$(basename "$(dirname "$licence")")$kind"
done
cp /usr/share/common-licenses/GPL-3 "$folder/licences/GPL-3"
swift=$(dirname "$(dirname "$(realpath "$(command -v swift)")")")/share/swift/LICENSE.txt
if [ -f "$swift" ]; then cp "$swift" "$folder/licences/swift"; fi
cp -R docs README.md LICENSE "$folder/"
sh ./share.sh "$folder/bin/landau" "$folder/share"
echo "$folder: $(du -sh "$folder" | cut -f1), the command $(du -h "$folder/bin/landau" | cut -f1), static; figures need gnuplot"
