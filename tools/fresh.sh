#!/bin/sh
# Proves the first page of the README: an empty Debian with Python, pip, apt, git and make; a fresh clone;
# `make run` until the page answers; `make test`. Needs root and debootstrap. The empty root is removed afterwards.
#
#   tools/fresh.sh [run|test|COMMAND]        only one of the two, or any command in the clone
set -eu
cd "$(dirname "$0")/.."
wanted=${1:-both}
suite=${SUITE:-bookworm}
[ "$(id -u)" = 0 ] || { echo "Expected to be root: an empty Debian is made with debootstrap and chroot." >&2; exit 1; }
command -v debootstrap >/dev/null || tools/apt_install.sh debootstrap

root=$(mktemp -d /var/tmp/zhuanjie-fresh.XXXXXX)
trap 'rm -rf --one-file-system "$root"' EXIT
chmod 755 "$root"

# The mirror, the keys and pip's settings are those of this machine; nothing else of it is seen inside.
mirror=$(sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p' \
    /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -n 1)
debootstrap --variant=minbase --include=python3,python3-pip,git,make,ca-certificates \
    "$suite" "$root" "${mirror:-http://deb.debian.org/debian}" > "$root.log" 2>&1 || { tail "$root.log"; exit 1; }
rm -f "$root.log"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp -r /etc/ssl/certs/. "$root/etc/ssl/certs/" 2>/dev/null || true
mkdir -p "$root/usr/local/share/ca-certificates" "$root/root/.config"
cp -r /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
[ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/pip.conf"
[ ! -d "$HOME/.config/pip" ] || cp -r "$HOME/.config/pip" "$root/root/.config/"
[ ! -d "$HOME/.pip" ] || cp -r "$HOME/.pip" "$root/root/"
git clone --quiet --no-hardlinks . "$root/root/zhuanjie"

unshare --mount --pid --fork --kill-child sh -c '
    set -eu
    mount -t proc proc "$1/proc"
    mount -t tmpfs tmpfs "$1/tmp"
    mount --rbind /dev "$1/dev"
    exec chroot "$1" /usr/bin/env HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        LANG=C.UTF-8 sh /root/zhuanjie/tools/fresh_inside.sh "$2"
' sh "$root" "$wanted"
