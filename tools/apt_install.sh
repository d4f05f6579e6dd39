#!/bin/sh
# Installs Debian packages as root or through sudo; says honestly when it can do neither.
set -eu
export DEBIAN_FRONTEND=noninteractive
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    echo "Expected root or password-less sudo to install: $*. Install it by hand: apt-get install $*" >&2
    exit 1
fi
install() { $as_root apt-get install --quiet --quiet --yes --no-install-recommends "$@" >&2; }
install "$@" 2>/dev/null || { $as_root apt-get update --quiet --quiet >&2 && install "$@"; }
