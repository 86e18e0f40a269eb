#!/usr/bin/env bash
# Measures fullcast beside the Python package kokoro-onnx: the same model, voice and sentences, two workers of one
# thread each, silence at the ends cut by both, the two in turn, three times; prints every run and the ratio of the
# best ones. The machine must be quiet. Needs python3 and an installed voice pack (`fullcast voices install`).
# usage: benches/beside_kokoro_onnx.sh [FOLDER FOR THE PYTHON ENVIRONMENT]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
environment=${1:-$here/../target/kokoro-onnx}
pack=${FULLCAST_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/fullcast}/packs/kokoro
[ -x "$environment/bin/python" ] || python3 -m venv "$environment"
"$environment/bin/python" -c 'import kokoro_onnx' 2>/dev/null || "$environment/bin/pip" install -q kokoro-onnx==0.6.1
cargo build -q --release --manifest-path "$here/../Cargo.toml" --bench speech
results=$(mktemp)
trap 'rm -f "$results"' EXIT
for _ in 1 2 3; do
  cargo bench -q --manifest-path "$here/../Cargo.toml" --bench speech -- 2
  "$environment/bin/python" "$here/beside_kokoro_onnx.py" "$pack" "$here/sentences.txt" 2
done | tee "$results"
# best NAME WHAT: the lowest figure of a program, `audio,` for elapsed time, `processor` for processor time.
best() { grep "^$1" "$results" | sed -E "s/.* $2 ([0-9.]+) a second;.*/\1/" | sort -n | head -1; }
compare() {
  awk -v what="$2" -v ours="$(best fullcast "$1")" -v theirs="$(best kokoro-onnx "$1")" \
    'BEGIN { printf "best %s: fullcast %.3f, kokoro-onnx %.3f, %.2f times less work\n", what, ours, theirs, theirs / ours }'
}
compare audio, "elapsed a second of audio"
compare processor "processor time a second of audio"
