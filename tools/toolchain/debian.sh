# Sourced by tools/setup: what is missing is collected by need_*, then installed by name in one go.

missing_packages=()
missing_things=()

# need_program PROGRAM PACKAGE
need_program() { have "$1" || need_package "$2" "$1"; }

# need_file PATH PACKAGE
need_file() { [ -e "$1" ] || need_package "$2" "$1"; }

# need_package PACKAGE THING: Debian's name, and what a reader on another system has to provide
need_package() {
  missing_packages+=("$1")
  missing_things+=("$2")
}

# as_root COMMAND...
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
  else
    fail "this needs root: $*" "Run it as root, or install sudo."
  fi
}

# debian_has PACKAGE: could apt-get install it? (A `grep -q` that has seen enough would fail apt-cache, and the pipe with it.)
debian_has() { [[ $(apt-cache policy "$1" 2>/dev/null) == *"Candidate: "[!\(]* ]]; }

can_be_root() { [ "$(id -u)" = 0 ] || have sudo; }

install_missing() {
  [ ${#missing_packages[@]} -gt 0 ] || return 0
  if ! have apt-get; then
    fail "missing: ${missing_things[*]}" \
      "Install them with your package manager; Debian calls them ${missing_packages[*]}. Header packages may lie in any
folder that SOI_HEADER_DIR names (it holds nlohmann/, Eigen/, xtensor/, xtl/, CLI/)."
  fi
  if ! can_be_root; then
    fail "missing: ${missing_things[*]}" "Ask an administrator for: apt-get install ${missing_packages[*]}"
  fi
  say "installing ${missing_packages[*]}"
  apt_install "${missing_packages[@]}"
  missing_packages=()
  missing_things=()
}

# The package lists are fetched only where the first try fails: they are missing or too old.
apt_install() {
  local log
  log=$(mktemp)
  if ! apt_get install "$@" >"$log" 2>&1; then
    if ! { apt_get update && apt_get install "$@"; } >"$log" 2>&1; then
      tail -n 20 "$log" >&2
      fail "apt-get could not install: $*"
    fi
  fi
  rm -f "$log"
}

# env, because sudo clears the environment
apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet --no-install-recommends \
    -o DPkg::Lock::Timeout=300 "$@" </dev/null
}
