#!/usr/bin/env bash
# npm run bench [NAME…]: all benchmarks of bench/, or the named ones. Each prints the machine, its figures and a ratio.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/install-prerequisites.sh
npm_install
names=("$@")
if [ "${#names[@]}" -eq 0 ]; then
  names=()
  for file in bench/*.bench.ts; do names+=("$(basename "$file" .bench.ts)"); done
fi
for name in "${names[@]}"; do
  node --import tsx "bench/$name.bench.ts"
done
