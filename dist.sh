#!/bin/sh
# Makes a folder that runs on a Debian of this age or younger without building and without root: bin/landau with Swift's
# library inside, the other libraries in lib, templates and sweeps in share/landau.  usage: dist.sh [FOLDER]
set -eu
cd "$(dirname "$0")"
folder=${1:-dist/landau}

# A build of its own: linking Swift's library into the command changes every compilation.  DT_RPATH and not its
# successor, because it also counts for the libraries that libraries need.
swift build -c release --product landau --scratch-path .build/dist --static-swift-stdlib \
    -Xlinker --disable-new-dtags -Xlinker -rpath -Xlinker '$ORIGIN/../lib'
built=$(swift build -c release --product landau --scratch-path .build/dist --static-swift-stdlib --show-bin-path)

rm -rf "$folder"
mkdir -p "$folder/bin" "$folder/lib" "$folder/licences"
strip -o "$folder/bin/landau" "$built/landau"

# Everything but the C library itself, which belongs to the machine.
ldd "$built/landau" | awk '$2 == "=>" && $3 ~ /^\// { print $1, $3 }' | while read -r name path; do
    case $name in
        libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | librt.so.* | libresolv.so.* | ld-linux*) continue ;;
        libswift* | libFoundation* | lib_Foundation* | libdispatch* | libBlocksRuntime*)
            echo "dist: $name should be inside the command" >&2
            exit 1 ;;
    esac
    real=$(realpath "$path")
    cp "$real" "$folder/lib/$name"
    # Some packages still say /lib for what lies in /usr/lib.
    package=$(dpkg-query -S "$real" "${real#/usr}" 2>/dev/null | head -n 1 | cut -d: -f1)
    if [ -z "$package" ] || [ ! -f "/usr/share/doc/$package/copyright" ]; then
        echo "dist: no licence found for $real" >&2
        exit 1
    fi
    cp "/usr/share/doc/$package/copyright" "$folder/licences/$package"
done
for licence in .build/dist/checkouts/*/LICENSE* .build/dist/checkouts/*/NOTICE*; do
    [ -f "$licence" ] || continue
    kind=$(basename "$licence" | cut -d. -f1 | sed 's/LICENSE//; s/NOTICE/-NOTICE/')
    cp "$licence" "$folder/licences/$(basename "$(dirname "$licence")")$kind"
done
# What the copyright files of Debian only point at, and what is inside the command.
cp /usr/share/common-licenses/GPL-3 "$folder/licences/GPL-3"
swift=$(dirname "$(dirname "$(realpath "$(command -v swift)")")")/share/swift/LICENSE.txt
if [ -f "$swift" ]; then cp "$swift" "$folder/licences/swift"; fi
cp -R docs README.md LICENSE "$folder/"
sh ./share.sh "$folder/bin/landau" "$folder/share"
if ldd "$folder/bin/landau" | grep 'not found'; then exit 1; fi

echo "$folder: $(du -sh "$folder" | cut -f1), needs the C library $(ldd --version | head -n 1 | grep -o '[0-9.]*$') or later; figures need gnuplot"
