# shellcheck shell=bash
# Builds the native `runbook` binary. Sourced after session.sh. Sets RUNBOOK_BINARY.

build_rid() {
  case $(uname -m) in
    x86_64 | amd64) printf linux-x64 ;;
    aarch64 | arm64) printf linux-arm64 ;;
    *) die "no native build for $(uname -m)" ;;
  esac
}

# Two builds in one folder overwrite each other's files. build_locked COMMAND…
build_locked() {
  local code=0
  mkdir -p artifacts
  exec 8>artifacts/build.lock
  flock --nonblock 8 || { say "Waiting for another build in this folder"; flock 8; }
  session_run "$@" || code=$?
  exec 8>&-
  return "$code"
}

# Publishes the binary; says what the build said only when it fails.
build_runbook() {
  local log=$SESSION_DIR/publish.log rid stamp=$SESSION_DIR/published
  rid=$(build_rid)
  RUNBOOK_BINARY=$PWD/artifacts/publish/Runbooks.Cli/release_$rid/runbook
  export RUNBOOK_BINARY
  : >"$stamp"
  # Trimming and AOT warnings of our own code are defects; those that the build lets pass are caught by their codes.
  if ! build_locked dotnet publish src/Runbooks.Cli --configuration Release --runtime "$rid" >"$log" 2>&1 ||
    grep -E 'warning IL[23][0-9]{3}' "$log" | grep -qE '/src/|Runbooks\.' ||
    [[ ! -x $RUNBOOK_BINARY ]]; then
    tail -n 40 "$log" >&2
    return 1
  fi
  mv "$stamp" "$RUNBOOK_BINARY.stamp"
}

# True when the binary is there and no source is newer than the start of its build.
build_is_current() {
  local binary
  binary=artifacts/publish/Runbooks.Cli/release_$(build_rid)/runbook
  [[ -x $binary && -f $binary.stamp ]] || return 1
  [[ -z $(find src Directory.Build.props Directory.Packages.props global.json -type f -newer "$binary.stamp" -print -quit) ]] || return 1
  RUNBOOK_BINARY=$PWD/$binary
  export RUNBOOK_BINARY
}
