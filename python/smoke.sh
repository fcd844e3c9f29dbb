#!/bin/sh
# Installs a wheel where nothing else of Landau is, and asks it what README asks.
# usage: smoke.sh LANDAU|WHEEL FOLDER    around a command that was built, or with a wheel of `make wheel`
set -eu
here=$(cd "$(dirname "$0")" && pwd)
given=$(realpath "$1")
rm -rf "$2"
mkdir -p "$2/work"
folder=$(cd "$2" && pwd)
case $given in
*.whl) wheel=$given ;;
*)
    mkdir -p "$folder/dist/bin" "$folder/dist/licences"
    strip -o "$folder/dist/bin/landau" "$given"
    sh "$here/../share.sh" "$given" "$folder/dist/share" >/dev/null
    python3 "$here/wheel.py" "$folder/dist" "$folder" py3-none-linux_x86_64
    wheel=$(ls "$folder"/*.whl)
    ;;
esac
unset LANDAU LANDAU_SHARE PYTHONPATH
system=$(command -v python3)
begun=$(date +%s)
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-index "$wheel"
cd "$folder/work"
export PATH=$folder/env/bin:$PATH
test "$(command -v landau)" = "$folder/env/bin/landau"
landau --version | head -1
landau new weight-decay mine.yaml
# Figures need gnuplot, which a wheel does not bring: exit status 3 says so, after the verdicts.
landau run mine.yaml replicas=2 >verdicts.txt || test $? = 3
grep -q 'first' verdicts.txt
echo "first verdict after $(($(date +%s) - begun)) s"
python - <<'END'
import landau_nets as landau
assert landau.executable().endswith("env/bin/landau"), landau.executable()
s = landau.load("results/mine")
assert s.status()["done"] > 0
assert any(t.order == "first" for t in s.transitions()), s.transitions()
assert landau.judge({"x": [k / 10 for k in range(1, 21)], "y": [max(0, 1 - k / 10) for k in range(1, 21)]},
                    control="x", value="y")
assert landau.predict("weight-decay", depth=2, gamma=0.3)["freeEnergy"] > 0
net = s.weights(depth=2, gamma=0.3, replica=0)[0]
assert list(net.arrays) == ["W1", "W2", "W3"], net
END
# `pip install --target`, and `--user` under a home folder of its own.
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --no-index --target "$folder/target" "$wheel"
PYTHONPATH=$folder/target PATH=/usr/bin:/bin "$system" -c "
import landau_nets
assert landau_nets.executable() == '$folder/target/bin/landau', landau_nets.executable()
print(landau_nets.version().splitlines()[0], 'in --target')"
if "$system" -m pip --version >/dev/null 2>&1; then
    HOME=$folder/home PIP_BREAK_SYSTEM_PACKAGES=1 "$system" -m pip install --quiet --disable-pip-version-check \
        --no-index --no-warn-script-location --user "$wheel"
    HOME=$folder/home PATH=/usr/bin:/bin "$system" -c "
import landau_nets
assert landau_nets.executable() == '$folder/home/.local/bin/landau', landau_nets.executable()
print(landau_nets.version().splitlines()[0], 'in --user')"
else
    echo "SKIPPED: the wheel under --user: the system's Python has no pip" >&2
fi
echo "the wheel works: $wheel, $(du -h "$wheel" | cut -f1)"
