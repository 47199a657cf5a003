#!/usr/bin/env bash
# Runs every test, doing all its own set-up. The last line is `N passed, N failed` (`, N skipped`).
#
#   ./test.sh                  everything
#   ./test.sh Engine Cli       only the tests of these projects
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
. tests/engine/session.sh
. tests/engine/machine.sh
. tests/engine/compose.sh
. tests/engine/engine.sh
. tests/engine/images.sh
. tests/engine/build.sh

passed=0 failed=0 skipped=0 finished=false
failures=()

# Runs as the very last step, so that nothing is printed after its line.
print_counts() {
  if [[ $finished == false ]]; then fail "test.sh itself did not come to its end (exit $1)"; fi
  if [[ $failed -gt 0 ]]; then
    headline "Failed"
    printf '  %s\n' "${failures[@]}"
    if [[ $1 -eq 0 ]]; then session_code=1; fi
  fi
  say ""
  if [[ $skipped -gt 0 ]]; then
    say "$passed passed, $failed failed, $skipped skipped"
  else
    say "$passed passed, $failed failed"
  fi
}
session_at_end print_counts

pass() { passed=$((passed + 1)); }
fail() {
  failed=$((failed + 1))
  failures+=("$1")
}

# check NAME COMMAND…: one more test; what the command said is shown when it fails.
check() {
  local name=$1 log=$SESSION_DIR/check.log
  shift
  if "$@" >"$log" 2>&1; then
    pass
    say "ok: $name"
  else
    cat "$log"
    say "FAILED: $name"
    fail "$name"
  fi
}

# run_tests PROJECT [OPTION…]: one test program; its report is counted, and a program that ends without one is a failure.
run_tests() {
  local project=$1 report=$SESSION_DIR/$1.xml code=0 assembly
  shift
  headline "$project"
  # Bounded, so that a hanging test costs one project and not the whole run.
  session_run timeout --kill-after 10 1800 dotnet "artifacts/bin/$project/debug/$project.dll" \
    -noColor -noLogo -noAutoReporters -longRunning 60 "$@" -result-xml "$report" || code=$?
  assembly=$(grep -o '<assembly [^>]*>' "$report" 2>/dev/null | head -n 1) || true
  if [[ -z $assembly ]]; then
    fail "$project: the test program ended without a report (exit $code)"
    return
  fi
  local failed_before=$failed name
  passed=$((passed + $(attribute passed "$assembly")))
  skipped=$((skipped + $(attribute skipped "$assembly") + $(attribute not-run "$assembly")))
  while IFS= read -r name; do fail "$name"; done < <(failed_tests "$report")
  # Clean-up errors belong to no test; they and a bad exit code without a failed test must not be lost.
  if [[ $(attribute errors "$assembly") -gt 0 || ($code -ne 0 && $failed -eq $failed_before) ]]; then
    fail "$project: errors outside of its tests (exit $code)"
  fi
  if [[ $(attribute total "$assembly") -eq 0 ]]; then fail "$project: holds no test"; fi
}

attribute() {
  local value
  value=$(grep -oE " $1=\"[0-9]+\"" <<<"$2" | head -n 1 | tr -dc 0-9) || true
  printf '%s' "${value:-0}"
}

failed_tests() {
  { grep -oE '<test [^>]*result="Fail"[^>]*>' "$1" || true; } | sed -E 's/.* name="([^"]*)".*/\1/; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

# skip NAME REASON: said out loud and counted.
skip() {
  skipped=$((skipped + 1))
  say "SKIPPED: $1 ($2)"
}

# The schema is judged by a validator that is not ours; it comes from the registry of npm, which need not be in reach.
check_schema() {
  local name="an independent validator takes the schema, and accepts and refuses what the reader does" tools=artifacts/schema
  if ! machine_has npm >/dev/null; then
    skip "$name" "npm is not on this machine"
    return
  fi
  mkdir -p "$tools"
  cp tests/schema/* "$tools/"
  if (cd "$tools" && timeout 120 npm ci --ignore-scripts --no-audit --no-fund) >"$SESSION_DIR/npm.log" 2>&1; then
    check "$name" node "$tools/check.mjs" "$PWD"
  else
    tail -n 3 "$SESSION_DIR/npm.log"
    skip "$name" "npm could not fetch the validator"
  fi
}

prepare_machine() {
  machine_require_dotnet
  machine_need_basics
  machine_need_engine
  machine_need strace machine_has strace
  machine_need postgresql machine_has_postgres
  machine_need mariadb-server machine_has_mariadb
  machine_need alembic machine_has alembic
  machine_need python3-django machine_has_python_package django
  machine_need python3-psycopg2 machine_has_python_package psycopg2
  machine_need ruby-railties machine_has_rails
  machine_need ruby-activerecord machine_has_rails
  machine_need ruby-pg machine_has_rails
  machine_need prometheus machine_has_prometheus
  machine_need nginx-light machine_has_nginx
  machine_need docker-registry machine_has docker-registry
  machine_need procps machine_has ps
  machine_need python3 machine_has python3
  machine_need shellcheck machine_has shellcheck
  machine_install_missing
}

engine_contents() {
  docker ps --all --quiet --no-trunc
  # In an order of their own: that of the engine follows the time at which an image was last built.
  docker image ls --all --quiet --no-trunc | sort
  docker network ls --quiet --no-trunc
  docker volume ls --quiet
}

run_demo() {
  local before
  before=$(engine_contents)
  session_run ./demo.sh || return 1
  # In an engine that others use too, what is new need not be the demo's.
  [[ $ENGINE_OWN == false ]] || diff <(printf '%s\n' "$before") <(engine_contents)
}

prepare_machine

headline "Build"
if ! build_locked dotnet build Runbooks.sln >"$SESSION_DIR/build.log" 2>&1; then
  tail -n 40 "$SESSION_DIR/build.log"
  fail "the solution does not build"
  finished=true
  exit 1
fi
say "ok: the solution builds without warnings"

projects=()
for folder in tests/Runbooks.*.Tests; do
  name=${folder#tests/}
  short=${name#Runbooks.}
  short=${short%.Tests}
  if [[ $# -eq 0 || " $* " == *" $short "* ]]; then projects+=("$name"); fi
done
[[ ${#projects[@]} -gt 0 ]] || die "no test project among: $*"

if [[ $# -eq 0 ]]; then
  check "shell scripts are clean" shellcheck --external-sources demo.sh test.sh .ci/run tests/engine/*.sh tests/engine/images/app/*
  check "the code is formatted" build_locked dotnet format Runbooks.sln --verify-no-changes --no-restore
  check_schema
fi
check "the native binary is published without trimming or AOT warnings" build_runbook

headline "Engine"
engine_begin keep
images_for_tests
export RUNBOOKS_TEST_DOCKER_HOST=$DOCKER_HOST
compose_one_find

for project in "${projects[@]}"; do
  # The end-to-end tests wait for the engine and for containers most of the time.
  if [[ $project == Runbooks.Cli.Tests ]]; then run_tests "$project" -maxThreads 1.5x; else run_tests "$project"; fi
done

if [[ $# -eq 0 ]]; then
  headline "Demo"
  check "the demo runs through and leaves nothing in an engine that was running" run_demo
fi

finished=true
[[ $failed -eq 0 ]] || exit 1
