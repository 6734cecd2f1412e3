#!/bin/sh
# Installs the Debian packages of requirements/debian.txt that are missing.
#   packages.sh [--dry-run] [GROUP...]     for example: packages.sh demo
set -eu
list=$(dirname "$0")/../../requirements/debian.txt
dry=no
[ "${1:-}" = --dry-run ] && { dry=yes; shift; }
wanted=" $* "

missing=
group=
while read -r line; do
    line=${line%%#*}
    line=$(echo "$line" | tr -d ' \t')
    case $line in
        '') continue ;;
        '['*']') group=${line#[}; group=${group%]}; continue ;;
    esac
    if [ -n "$group" ]; then
        case $wanted in *" $group "*) ;; *) continue ;; esac
    fi
    dpkg-query -W -f '${Status}' "$line" 2>/dev/null | grep -q 'ok installed' \
        || missing="$missing $line"
done <"$list"

[ -z "$missing" ] && { echo "host packages: all there"; exit 0; }
[ "$dry" = yes ] && { echo "host packages missing:$missing"; exit 1; }
echo "host packages to install:$missing"
as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "Ask an administrator to run: apt-get install$missing" >&2
        exit 1
    }
    as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
install() { $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null; }
# A fresh machine knows no package list yet; one look at the lists, then once more.
install 2>/dev/null || { $as_root apt-get update -qq && install; }
echo "host packages: installed"
