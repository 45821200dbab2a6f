#!/bin/sh
# Make the environment in $1: a virtual environment with the pinned packages, and the Qt system
# libraries on Debian and Ubuntu, installed where we may and named where we may not.
set -eu
venv=$1
python=${PYTHON:-python3}

"$python" - <<'CHECK' || exit 1
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 14):
    sys.exit("StepDesk needs Python 3.11 to 3.14; this is %d.%d. Name another with: make PYTHON=python3.12 demo" % sys.version_info[:2])
CHECK

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        apt-get update -qq && apt-get install -y -qq python3-venv
    else
        echo "Python's venv is missing. Run: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install -q --disable-pip-version-check -r requirements.lock
"$venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps -e .

libraries="libglib2.0-0 libgl1 libxkbcommon0 libegl1 libfreetype6 libfontconfig1 libdbus-1-3
 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0 libcups2"

missing() {
    "$venv/bin/python" - <<'LOOK'
import ctypes, glob, os, subprocess, sys
import PySide6
root = os.path.dirname(PySide6.__file__)
found = set()
for name in ("Qt/plugins/platforms/libqxcb.so", "Qt/plugins/platforms/libqoffscreen.so", "QtWidgets.abi3.so"):
    told = subprocess.run(["ldd", os.path.join(root, name)], capture_output=True, text=True)
    found |= {line.split()[0] for line in told.stdout.splitlines() if "not found" in line and "libQt6" not in line and "libpyside" not in line and "libshiboken" not in line}
print(" ".join(sorted(found)))
LOOK
}

if [ "$(uname)" = Linux ] && command -v ldd >/dev/null; then
    lost=$(missing)
    if [ -n "$lost" ] && command -v apt-get >/dev/null; then
        if [ "$(id -u)" = 0 ]; then
            apt-get update -qq
            for library in $libraries; do
                apt-get install -y -qq --no-install-recommends "$library" >/dev/null 2>&1 \
                    || apt-get install -y -qq --no-install-recommends "${library}t64" >/dev/null 2>&1 || true
            done
            lost=$(missing)
        fi
    fi
    if [ -n "$lost" ]; then
        echo "Qt misses: $lost" >&2
        echo "Install them with: sudo apt-get install" $libraries >&2
    fi
fi
