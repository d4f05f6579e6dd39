#!/bin/sh
# Gives this machine what the tests need beside Python: a PostgreSQL server and a Chromium.
set -eu
cd "$(dirname "$0")/.."
wanted=
command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted="$wanted postgresql"
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
    || wanted="$wanted chromium"
fc-list :lang=zh 2>/dev/null | grep -q . || wanted="$wanted fonts-wqy-microhei fontconfig"
# Playwright brings its own Node.js, which wants this library of the system.
/sbin/ldconfig -p | grep -q libatomic.so.1 || wanted="$wanted libatomic1"
[ -z "$wanted" ] && exit 0
command -v apt-get >/dev/null || {
    echo "Expected these on this machine, found no apt-get to install them:$wanted" >&2
    exit 1
}
# A cluster that Debian would start by itself is not wanted: the tests bring up their own.
if [ ! -e /etc/postgresql-common/createcluster.conf ] && [ "$(id -u)" = 0 ]; then
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
fi
# shellcheck disable=SC2086 — the list is meant to be split
exec tools/apt_install.sh $wanted
