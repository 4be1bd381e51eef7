#!/usr/bin/env bash
# Renew the lock files (hashes of every wheel, x86-64 and aarch64) from pyproject.toml. Run by `make lock`.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() { # file, extras…
  local out=$1; shift
  local extras=(); for extra in "$@"; do extras+=(--extra "$extra"); done
  .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --quiet "${extras[@]}" --output-file "requirements/$out"
}
[ -x .venv/bin/uv ] || .venv/bin/pip install --quiet uv
lock run.txt piper
lock dev.txt piper caldav dev
lock whisper.txt piper caldav dev whisper
# what is only measured beside the product: where it needs a package that the product has too, the product's stays
.venv/bin/uv pip compile requirements/peers.in --override requirements/whisper.txt --universal --python-version 3.11 \
  --generate-hashes --no-header --no-annotate --quiet --output-file requirements/peers.txt
