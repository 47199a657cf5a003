# shellcheck shell=bash
# What a script starts, it ends: on success, on failure, on Ctrl-C and on SIGTERM.
# Sourced by demo.sh and test.sh.

SESSION_ID=$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')
# Under /tmp whatever TMPDIR says: sockets live here, and the kernel limits a socket's path to 107 bytes.
SESSION_DIR=$(mktemp -d "/tmp/runbooks-$SESSION_ID-XXXX")
session_child=
session_steps=()
# The end may come while output is redirected to a log.
exec 5>&1 6>&2

# Nothing may outlive the script, so no build server may stay behind to be reused by a later build.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1
# dockerd and ip are in sbin, which a plain `su` leaves out of PATH.
export PATH="$PATH:/usr/sbin:/sbin"
unset CDPATH

say() { printf '%s\n' "$*"; }
headline() {
  if [[ -t 1 && -z ${NO_COLOR:-} ]]; then printf '\n\033[1m== %s\033[0m\n' "$*"; else printf '\n== %s\n' "$*"; fi
}
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# The functions named here run at the end, the last one first.
session_at_end() { session_steps+=("$1"); }

# Runs a long command in a session of its own and waits for it. Bash answers a signal only after its foreground child
# has ended, but answers at once while it waits; and a session of its own can be ended as a whole.
# Fds 7 to 9 hold locks (images.sh, build.sh, engine.sh), 5 and 6 the script's output: a child that inherits one keeps it.
session_run() {
  local code=0
  RUNBOOKS_SESSION=$SESSION_ID setsid "$@" 5>&- 6>&- 7>&- 8>&- 9>&- </dev/null &
  session_child=$!
  wait "$session_child" || code=$?
  session_child=
  return "$code"
}

session_alive() { kill -0 "$1" 2>/dev/null; }

# Waits until process $1 has ended, $2 tenths of a second at most.
session_gone_within() {
  local tenths=$2
  while session_alive "$1"; do
    ((tenths-- > 0)) || return 1
    sleep 0.1
  done
}

session_end_child() {
  [[ -n $session_child ]] || return 0
  kill -TERM -- "-$session_child" 2>/dev/null || true
  session_gone_within "$session_child" 150 || true
  kill -KILL -- "-$session_child" 2>/dev/null || true
}

# A test's child may have left its process group by setsid; the mark in its environment still finds it.
session_end_strays() {
  local environ pid
  [[ -d /proc/self ]] || return 0
  for environ in /proc/[0-9]*/environ; do
    pid=${environ#/proc/}
    pid=${pid%/environ}
    if [[ $pid != "$$" ]] && tr '\0' '\n' <"$environ" 2>/dev/null | grep -qxF "RUNBOOKS_SESSION=$SESSION_ID"; then
      kill -KILL "$pid" 2>/dev/null || true
    fi
  done 2>/dev/null
}

session_end() {
  local code=$? index
  # A second Ctrl-C must not stop the cleaning up, neither here nor in the commands it runs.
  trap - ERR
  trap '' INT HUP
  trap : TERM
  set +e
  exec >&5 2>&6
  session_end_child
  session_end_strays
  for ((index = ${#session_steps[@]} - 1; index >= 0; index--)); do
    "${session_steps[index]}" "$code"
  done
  rm -rf "$SESSION_DIR"
  exit "${session_code:-$code}"
}

# Which command ended the script, when it is one that has nothing to say itself.
session_failed() {
  # From 129 on: ended by a signal, which needs no explanation.
  [[ $1 -ge 129 ]] || printf '%s: failed with exit code %s at line %s: %s\n' "${0##*/}" "$1" "$2" "$3" >&2
}

set -o errtrace
trap 'session_failed "$?" "$LINENO" "$BASH_COMMAND"' ERR
trap session_end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
