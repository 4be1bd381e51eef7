#!/usr/bin/env bash
# Make .venv hold the locked packages of requirements/NAME.txt and this project: `install-python.sh run|dev|whisper`.
# Stamped by the files' checksums: nothing is done, and no network needed, while they are the same.
set -euo pipefail
cd "$(dirname "$0")/.."

# A larger lock serves a smaller need, so `make run` after `make test` reinstalls nothing.
case ${1:-} in
  run) enough=(run dev whisper) ;;
  dev) enough=(dev whisper) ;;
  whisper) enough=(whisper) ;;
  *) echo "usage: $0 run|dev|whisper" >&2; exit 2 ;;
esac
stamps=.venv/.stamps
sum_of() { cat "$@" | sha256sum | cut -c1-16; }
is_stamped() { [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]; }

find_python() {
  local name
  for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
      command -v "$name"; return
    fi
  done
  echo "No Python 3.11, 3.12 or 3.13 with venv was found. Fix: sudo apt-get install python3 python3-venv" >&2
  return 1
}

# by files, because starting Python costs more than all the rest of this script; -x is false when its Python is gone
if ! [ -x .venv/bin/python ] || ! compgen -G '.venv/lib/python*/site-packages/pip' >/dev/null; then
  python=$(find_python)
  echo "Making .venv with $python"
  "$python" -m venv --clear .venv
fi
mkdir -p "$stamps"

has_packages=false
for lock in "${enough[@]}"; do
  if is_stamped "lock-$lock" "$(sum_of "requirements/$lock.txt")"; then has_packages=true; break; fi
done
if ! $has_packages; then
  echo "Installing the locked packages of requirements/$1.txt"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$1.txt"
  sum_of "requirements/$1.txt" > "$stamps/lock-$1"
fi

project=$(sum_of pyproject.toml assistant/__init__.py)
if ! is_stamped project "$project$PWD"; then
  echo "Installing this project into .venv"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
  printf '%s' "$project$PWD" > "$stamps/project"
fi
