#!/usr/bin/env bash
# Writes voices/cards.toml: measures every voice of the pack and the blends of tools/voice_cards.py, and how alike they are.
#
#   tools/voice_cards.sh SPK        SPK is ../shared/tools/spk.py, run in an environment made by ../shared/tools/setup.sh
set -euo pipefail
cd "$(dirname "$0")/.."
spk=$(realpath "${1:?usage: tools/voice_cards.sh SPK}")
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
mapfile -t voices < <(python3 tools/voice_cards.py list)
cargo build --release --example measure_voices
target/release/examples/measure_voices "$folder" "${voices[@]}" > "$folder/sounds"
files=()
for voice in "${voices[@]}"; do files+=("$folder/${voice//\//\~}.wav"); done
python3 "$spk" "${files[@]}" > "$folder/likeness"
python3 tools/voice_cards.py write "$folder/sounds" "$folder/likeness" > voices/cards.toml
