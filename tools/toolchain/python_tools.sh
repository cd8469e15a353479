# Sourced by tools/setup: the linters of C++, pinned, from PyPI.

SOI_PYTHON_WHEELS=(clang-format==23.1.5 clang-tidy==23.1.4)

need_python() {
  need_program python3 python3
  install_missing
  # Debian ships venv without ensurepip until python3-venv is there.
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    need_package python3-venv "Python's venv"
    install_missing
  fi
}

setup_python_tools() {
  local stamp=$SOI_PYTHON_TOOLS/wheels.txt
  [ "$(cat "$stamp" 2>/dev/null)" = "${SOI_PYTHON_WHEELS[*]}" ] && return
  need_python
  say "installing ${SOI_PYTHON_WHEELS[*]}"
  python3 -m venv --clear "$SOI_PYTHON_TOOLS"
  "$SOI_PYTHON_TOOLS/bin/pip" install --quiet --disable-pip-version-check "${SOI_PYTHON_WHEELS[@]}" ||
    fail "pip could not install ${SOI_PYTHON_WHEELS[*]}"
  printf '%s\n' "${SOI_PYTHON_WHEELS[*]}" >"$stamp"
}
