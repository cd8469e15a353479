# Sourced by the programs of tools/: where things are, and how to say what happens.
# SOI_CACHE holds what set-up downloads, shared by all checkouts of this user.

SOI_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
SOI_CACHE=${SOI_CACHE:-$HOME/.cache/soi}
SOI_JOBS=${SOI_JOBS:-$(getconf _NPROCESSORS_ONLN)}
export SOI_ROOT SOI_CACHE SOI_JOBS

# Objects are shared between checkouts: paths under the root are made relative before they are hashed.
export CCACHE_DIR=${CCACHE_DIR:-$SOI_CACHE/ccache}
# The sloppiness is what ccache asks for where headers are precompiled.
export CCACHE_SLOPPINESS=pch_defines,time_macros
export CCACHE_BASEDIR=$SOI_ROOT CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-2G}

# GoogleTest's sources: Debian's `googletest` puts them there.
SOI_GOOGLETEST_DIR=${SOI_GOOGLETEST_DIR:-/usr/src/googletest}
SOI_PYTHON_TOOLS=$SOI_CACHE/python_tools
SOI_NODE_DIR=$SOI_CACHE/node
PATH=$PATH:$SOI_PYTHON_TOOLS/bin
[ -x "$SOI_NODE_DIR/bin/node" ] && PATH=$SOI_NODE_DIR/bin:$PATH
export PATH

say() { printf 'soi: %s\n' "$*" >&2; }

# fail MESSAGE [HINT]
fail() {
  printf 'soi: error: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf 'soi: %s\n' "$2" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# at_least VERSION MINIMUM: is a dotted version no older than another?
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# The browser of the end-to-end tests; empty where there is none.
find_chromium() {
  local name
  if [ -n "${CHROMIUM:-}" ]; then
    printf '%s\n' "$CHROMIUM"
    return
  fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if have "$name"; then
      command -v "$name"
      return
    fi
  done
}

# Firefox for the end-to-end tests; empty where there is none.
find_firefox() {
  local name
  if [ -n "${FIREFOX:-}" ]; then
    printf '%s\n' "$FIREFOX"
    return
  fi
  for name in firefox-esr firefox; do
    if have "$name"; then
      command -v "$name"
      return
    fi
  done
}
