#!/bin/sh
# What tools/fresh.sh does inside the empty machine.
set -eu
cd "$(dirname "$0")/.."

answers() {
    python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=5)' "$1" 2>/dev/null
}

try_run() {
    started=$(date +%s)
    make run > /tmp/run.log 2>&1 &
    running=$!
    while ! answers http://127.0.0.1:8000/; do
        kill -0 "$running" 2>/dev/null || { cat /tmp/run.log; echo "make run ended before it answered." >&2; return 1; }
        [ $(($(date +%s) - started)) -lt 900 ] || { cat /tmp/run.log; echo "make run did not answer." >&2; return 1; }
        sleep 1
    done
    echo "make run answered after $(($(date +%s) - started)) s."
    # A job in the background ignores an interrupt; make hands a request to end on to what it started.
    kill -TERM "$running" 2>/dev/null || true
    wait "$running" || true
}

case ${1:-both} in
    run) try_run ;;
    test) make test ;;
    both) try_run && make test ;;
    *) exec sh -c "$1" ;;
esac
