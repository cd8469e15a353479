# Sourced, after environment.sh, by the set-ups of what only some tools need: packages of Python, several GB.

# virtual_environment NAME REQUIREMENTS: makes it where it is not as REQUIREMENTS say, and prints its python.
virtual_environment() {
  local folder=$SOI_CACHE/$1 requirements=$2 wanted
  have python3 || fail "there is no python3" "Install it; Debian calls it python3-venv, with what it needs here."
  wanted=$(python3 -V && cat "$requirements")
  if [ "$wanted" != "$(cat "$folder/soi-holds.txt" 2>/dev/null)" ]; then
    say "installing ${requirements#"$SOI_ROOT/"} into $folder: several GB, some minutes"
    python3 -m venv --clear "$folder" >&2 || fail "python3 cannot make a virtual environment" "On Debian: apt install python3-venv."
    "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" >&2 ||
      fail "the packages could not be installed" "pip says why, above. Check the network and try again."
    printf '%s\n' "$wanted" >"$folder/soi-holds.txt"
  fi
  echo "$folder/bin/python"
}
