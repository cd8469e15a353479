# Sourced: the WASM compiler. One on the PATH is taken as it is; else Debian 13's package; else, on an older Debian,
# Debian 13 in a folder of the cache, entered with chroot.

SOI_CHROOT=$SOI_CACHE/trixie
SOI_CHROOT_PACKAGES=emscripten,cmake,ninja-build,ccache,nlohmann-json3-dev,libeigen3-dev,libxtensor-dev,googletest
SOI_EMSCRIPTEN_MINIMUM=3.1.69

emcc_is_usable() {
  have emcc && have cmake && have ninja &&
    at_least "$(emcc -dumpversion 2>/dev/null || echo 0)" "$SOI_EMSCRIPTEN_MINIMUM"
}

debian_emscripten_is_usable() {
  local candidate
  candidate=$(apt-cache policy emscripten 2>/dev/null | sed -n 's/^ *Candidate: \([0-9.]*\).*/\1/p')
  [ -n "$candidate" ] && at_least "$candidate" "$SOI_EMSCRIPTEN_MINIMUM"
}

setup_emscripten() {
  chroot_is_ready && return
  if emcc_is_usable; then
    setup_wasm_headers
    return
  fi
  have apt-get || fail "Emscripten $SOI_EMSCRIPTEN_MINIMUM or newer is needed: no emcc on the PATH" \
    "Install Emscripten, CMake and Ninja, and put emcc on the PATH."
  can_be_root || fail "Emscripten $SOI_EMSCRIPTEN_MINIMUM or newer is needed, and installing it takes root" \
    "Put emcc, cmake and ninja on the PATH, or run as root."
  debian_has emscripten || apt_get update >/dev/null 2>&1 || true
  if debian_emscripten_is_usable; then
    need_program emcc emscripten
    need_program cmake cmake
    need_program ninja ninja-build
    install_missing
    setup_wasm_headers
  else
    make_chroot
  fi
}

setup_wasm_headers() {
  [ -z "${SOI_HEADER_DIR:-}" ] || return 0
  need_file /usr/include/nlohmann/json.hpp nlohmann-json3-dev
  need_file /usr/include/eigen3/Eigen/Core libeigen3-dev
  need_file /usr/include/xtensor libxtensor-dev
  need_file "$SOI_GOOGLETEST_DIR/googletest" googletest
  install_missing
}

# The folder gets its name when it is whole, so that an interrupted set-up starts again.
chroot_is_ready() { [ "$(cat "$SOI_CHROOT/soi_packages" 2>/dev/null)" = "$SOI_CHROOT_PACKAGES" ]; }

make_chroot() {
  local partial=$SOI_CHROOT.partial log=$SOI_CACHE/trixie.log
  need_program debootstrap debootstrap
  need_program unshare util-linux
  need_file /usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring
  install_missing
  if [ ! -d "$SOI_CHROOT" ]; then
    say "making a Debian 13 folder with Emscripten (about 3 GB, some minutes; log: $log)"
    as_root rm -rf --one-file-system "$partial"
    as_root unshare --mount debootstrap --variant=minbase --include="$SOI_CHROOT_PACKAGES" \
      trixie "$partial" $(debian_mirror) >"$log" 2>&1 || fail "debootstrap failed: $(tail -n 3 "$log")"
    as_root mv "$partial" "$SOI_CHROOT"
  else
    say "bringing the packages of $SOI_CHROOT up to date"
    as_root unshare --mount chroot "$SOI_CHROOT" env DEBIAN_FRONTEND=noninteractive sh -c \
      "apt-get update && apt-get install --yes --no-install-recommends $(tr , ' ' <<<"$SOI_CHROOT_PACKAGES")" \
      >"$log" 2>&1 </dev/null || fail "apt-get failed in $SOI_CHROOT: $(tail -n 3 "$log")"
  fi
  printf '%s\n' "$SOI_CHROOT_PACKAGES" | as_root tee "$SOI_CHROOT/soi_packages" >/dev/null
}

# The mirror that apt already uses; nothing where it is not Debian's archive: debootstrap has a default.
debian_mirror() {
  apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(SUITE) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
    awk '$1 == "Debian" && $2 == "main" && $3 !~ /-/ { print $4; exit }'
}

# in_emscripten COMMAND...: runs a command of the checkout where emcc, cmake and ninja are on the PATH.
in_emscripten() {
  if ! chroot_is_ready; then
    emcc_is_usable || fail "no emcc" "Run tools/setup first."
    "$@"
    return
  fi
  mkdir -p "$CCACHE_DIR"
  # A mount namespace of its own: the mounts go with the process, and two checkouts never meet.
  as_root unshare --mount --propagation private bash "$SOI_ROOT/tools/toolchain/enter_chroot" \
    "$SOI_CHROOT" "$SOI_ROOT" "$CCACHE_DIR" "$(id -u):$(id -g)" "$@"
}
