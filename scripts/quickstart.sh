#!/usr/bin/env bash
# npm run quickstart: from a clone to a running sandbox. Run it again at any time; `terrarium destroy` removes all of it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/install-prerequisites.sh

require_programs
if [ "$(id -u)" -ne 0 ]; then
  echo "Terrarium's own host needs root. Repeating with sudo."
  exec sudo --preserve-env=PATH,TERRAFORM_BINARY_NAME,TERRARIUM_CACHE env "PATH=$PATH" bash scripts/quickstart.sh
fi
install_packages "to run sandboxes" "${host_packages[@]}"
install_packages "to build the image" "${image_packages[@]}"
npm_install

lab=examples/quickstart/lab.yaml
terrarium=dist/bin/terrarium.js
node "$terrarium" apply "$lab" --yes
echo
echo "Inside the sandbox, over SSH:"
node "$terrarium" exec -f "$lab" hello -- sh -c 'echo "  $(hostname) runs $(. /etc/os-release; echo "$PRETTY_NAME"), up since $(uptime -s)"'
cat <<'NEXT'

What to try next (in this folder):
  npx terrarium status -f examples/quickstart/lab.yaml
  npx terrarium ssh -f examples/quickstart/lab.yaml hello
  npx terrarium plan examples/quickstart/lab.yaml       # then edit the file and plan again
  npx terrarium destroy examples/quickstart/lab.yaml    # leaves nothing behind
  npx terrarium init my-lab.yaml                        # a lab of your own
NEXT
