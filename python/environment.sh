#!/bin/sh
# Makes an environment with what the Python face can speak to, as far as it installs; what is missing is said.
# usage: environment.sh FOLDER
set -eu
folder=$1
if ! [ -x "$folder/bin/pip" ] && ! python3 -m venv "$folder"; then
    echo "SKIPPED: tests of the Python face with other libraries: python3 makes no environment (apt-get install python3-venv)" >&2
    rm -rf "$folder"
    exit 0
fi
for package in numpy pandas polars pyarrow xarray matplotlib nbformat nbclient ipykernel; do
    "$folder/bin/python" -c "import $package" 2>/dev/null && continue
    timeout 300 "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$package" \
        || echo "SKIPPED: tests of the Python face with $package: pip cannot install it" >&2
done
