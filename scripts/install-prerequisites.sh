# Sourced by quickstart.sh and test.sh: says what is missing on this machine and installs it. Debian and Ubuntu; root or sudo.

# as_root COMMAND…: runs it as root, by sudo where needed.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# require_programs: Node and Terraform are the user's own choice of version and source, so they are named, not installed.
require_programs() {
  local missing=0
  if ! command -v node >/dev/null || ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then
    echo "Node 20.19 or newer is needed. Install it from your distribution or https://nodejs.org, then run this again." >&2
    missing=1
  fi
  if ! command -v "${TERRAFORM_BINARY_NAME:-terraform}" >/dev/null && ! command -v tofu >/dev/null; then
    echo "Terraform 1.11 or newer (or OpenTofu) is needed on PATH. See https://developer.hashicorp.com/terraform/install" >&2
    missing=1
  fi
  [ "$missing" -eq 0 ] || exit 1
}

# install_packages PURPOSE PACKAGE…: installs those that are not there, after saying so. Fails with one line where it cannot.
install_packages() {
  local purpose=$1 absent=() package
  shift
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || absent+=("$package")
  done
  [ "${#absent[@]}" -eq 0 ] && return 0
  if ! command -v apt-get >/dev/null; then
    echo "Needed $purpose and not installed: ${absent[*]}. This machine has no apt-get: install what they contain yourself." >&2
    return 1
  fi
  echo "Installing $purpose: ${absent[*]}"
  # A list that is old or empty makes packages unknown; services must not start by themselves.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${absent[@]}" >/dev/null
}

# npm_install: dependencies exactly as locked, only if they are not there already. Builds dist/ too (the `prepare` script).
npm_install() {
  if [ -d node_modules ] && [ node_modules/.package-lock.json -nt package-lock.json ] && [ -x dist/bin/terrarium.js ] && [ -z "$(find lib constructs stacks schemas scripts/build.mjs package.json -newer dist/bin/terrarium.js -print -quit)" ]; then
    return 0
  fi
  if [ ! -d node_modules ] || [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
    echo "Installing npm packages and building"
    npm ci --no-audit --no-fund --loglevel=error
  else
    echo "Building"
    npm run --silent build
  fi
}

host_packages=(libvirt-daemon-system libvirt-daemon libvirt-clients qemu-system-x86 qemu-utils dnsmasq-base iproute2 iptables nftables procps openssh-client slirp4netns)
image_packages=(mmdebstrap extlinux syslinux-common fdisk e2fsprogs)
