#!/usr/bin/env bash
# Pull every model that the tests and the demo need. Stamped by the catalogue: while it is the same and the folders are
# there, nothing is done. A model that can't be had is named, and the tests that need it skip with their reason.
set -euo pipefail
cd "$(dirname "$0")/.."
assistant=.venv/bin/assistant
stamp=.venv/.stamps/models
ids=(moonshine-tiny-en vosk-ko vosk-ko-small openwakeword piper-joe-us smollm2-135m)
# the folder of the package, not its import, which takes seconds
compgen -G '.venv/lib/python*/site-packages/faster_whisper' >/dev/null && ids+=(whisper-tiny-en)

wanted="$(sha256sum models/catalog.toml | cut -c1-16) ${ids[*]} ${ASSISTANT_MODELS_DIR:-}${ASSISTANT_DATA_DIR:-}${XDG_DATA_HOME:-}"
is_complete() {
  [ -f "$stamp" ] && [ "$(head -n 1 "$stamp")" = "$wanted" ] || return 1
  local folder id
  folder=$(tail -n 1 "$stamp")
  for id in "${ids[@]}"; do [ -d "$folder/$id" ] || return 1; done
}
is_complete && exit 0

failed=()
$assistant models pull --language en --demo || failed+=("the English set")
for id in "${ids[@]}"; do $assistant models pull "$id" || failed+=("$id"); done
if [ ${#failed[@]} -gt 0 ]; then
  printf 'Not pulled: %s. Tests that need them are skipped.\n' "${failed[*]}" >&2
  exit 0
fi
folder=$($assistant models list --json | .venv/bin/python -c 'import json, sys; print(json.load(sys.stdin)["models_dir"])')
printf '%s\n%s\n' "$wanted" "$folder" > "$stamp"
