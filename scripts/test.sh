#!/usr/bin/env bash
# npm test: every tier that this machine can run, each named with its count, and what could not run and why.
# npm run test:full: the same with the whole fault and boot matrices (TERRARIUM_TEST_FULL=1).
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/install-prerequisites.sh

[ "${1:-}" = --full ] && export TERRARIUM_TEST_FULL=1
require_programs
if [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; then
  install_packages "to run sandboxes" "${host_packages[@]}" || true
  install_packages "to build images" "${image_packages[@]}" busybox-static dropbear-bin cpio || true
  install_packages "to judge what we write" genisoimage xorriso mtools cloud-init python3-yaml || true
fi
npm_install
exec node --import tsx scripts/run-tiers.ts
