#!/bin/sh
# Makes .venv with the pinned packages, if it is not there yet or is out of date.
#   environment.sh          what the demo needs
#   environment.sh test     what the tests need besides
#   PYTHON=python3.12 environment.sh
set -eu
cd "$(dirname "$0")/../.."
python=${PYTHON:-python3}
case ${1:-demo} in
    demo) pins=requirements/dev.txt groups="demo" wished="sound" ;;
    test) pins=requirements/test.txt groups="demo card sound test" wished= ;;
    *) echo "environment.sh [demo|test]" >&2; exit 2 ;;
esac
stamp=.venv/ready-${1:-demo}
now=$(cat pyproject.toml requirements/debian.txt "$pins" | cksum)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$now" ] && exit 0

echo "[1/3] host packages ($groups${wished:+, $wished})"
# shellcheck disable=SC2086  # one word each
sh provisioning/host/packages.sh $groups
if [ -n "$wished" ]; then
    sh provisioning/host/packages.sh "$wished" || echo "The demo goes on without sound."
fi
echo "[2/3] Python environment (.venv)"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Shikaku needs Python 3.11 or newer; name one with PYTHON=..." >&2
    exit 1
}
[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "[3/3] Python packages: $(grep -c '==' "$pins") pinned, checked by hash"
log=.venv/install.log
pip() { .venv/bin/python -m pip --disable-pip-version-check "$@" >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    echo "The Python packages could not be installed; the log is in $log." >&2
    exit 1
}; }
pip install --require-hashes --no-deps -r "$pins"
pip install --no-deps --no-build-isolation -e .
echo "$now" >"$stamp"
