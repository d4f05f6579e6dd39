#!/bin/sh
# Creates .venv and installs the project into it, editable, with exactly the versions of constraints.txt.
# A bare Debian splits venv from Python; there this script installs it, or falls back on virtualenv.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    say "Expected Python 3.11 or later, found $("$python" --version 2>&1). Set PYTHON=/path/to/python3.11."
    exit 1
}

has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

make_venv() {
    if ! has_venv && command -v apt-get >/dev/null; then
        tools/apt_install.sh python3-venv || say "python3-venv could not be installed; trying virtualenv."
    fi
    if has_venv; then
        "$python" -m venv .venv
    else
        "$python" -m virtualenv --version >/dev/null 2>&1 \
            || "$python" -m pip install --user virtualenv \
            || "$python" -m pip install --user --break-system-packages virtualenv
        "$python" -m virtualenv .venv
    fi
}

.venv/bin/python -c '' 2>/dev/null || { rm -rf .venv; make_venv; }
log=.venv/install.log
say "Installing the project and its tools into .venv …"
.venv/bin/python -m pip install --constraint constraints.txt --editable '.[dev]' > "$log" 2>&1 || {
    tail -n 40 "$log" >&2
    exit 1
}
touch .venv/installed
