#!/usr/bin/env bash
# Deploys a small web application with Docker Compose, breaks it with a bad release and rolls it back with `runbook`.
# Does all its own set-up, leaves nothing running and nothing behind but the built binary.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
. tests/engine/session.sh
. tests/engine/machine.sh
. tests/engine/compose.sh
. tests/engine/engine.sh
. tests/engine/images.sh
. tests/engine/build.sh

# The caller's Compose and git settings have no say in the demo's project.
unset "${!COMPOSE_@}" "${!GIT_@}"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=Demo GIT_AUTHOR_EMAIL=demo@localhost GIT_COMMITTER_NAME=Demo GIT_COMMITTER_EMAIL=demo@localhost

show() {
  printf '\n$ %s\n' "$*"
  "$@"
}

# In an engine that others use, a name of its own keeps the demo's images and containers apart from theirs.
choose_names() {
  shop=$SESSION_DIR/shop-$SESSION_ID
  image=myapp
  if [[ $ENGINE_OWN == false ]]; then image=runbooks-demo-$SESSION_ID/myapp; fi
}

# Above the well-known ports and below the range the kernel hands out by itself.
choose_port() {
  local attempt
  for ((attempt = 0; attempt < 100; attempt++)); do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
  done
  die "no free port found between 20000 and 29999"
}

clean_up() {
  if [[ $1 -ne 0 && $1 -lt 129 ]]; then
    docker compose --project-directory "$shop" --file "$shop/docker-compose.yml" logs --no-color --tail 20 >&2
  fi
  docker compose --project-directory "$shop" --file "$shop/docker-compose.yml" down --volumes --remove-orphans --timeout 2 >/dev/null 2>&1
  docker image rm "$image:v1.2.3" "$image:v1.2.4" >/dev/null 2>&1
}

build_images() {
  local label=runbooks.demo=$SESSION_ID
  image_build "$image:v1.2.3" "$label" app.Dockerfile VERSION=v1.2.3 HEALTH=200
  image_build "$image:v1.2.4" "$label" app.Dockerfile VERSION=v1.2.4 HEALTH=500
}

write_project() {
  mkdir "$shop"
  cat >"$shop/docker-compose.yml" <<YAML
# The shop: a web application and its background worker.
services:
  app:
    image: $image:v1.2.3   # the release in production
    ports:
      - "127.0.0.1:$port:8080"
  worker:
    image: $image:v1.2.3
    command: [sh, -c, 'trap "exit 0" TERM; while :; do sleep 1 & wait; done']
YAML
  printf '.runbook/\n' >"$shop/.gitignore"
  git -C "$shop" -c init.defaultBranch=main init --quiet
}

# release VERSION: what a deployment does: change one line, commit, bring the service up.
release() {
  awk -v image="$image:$1" '/^  app:/ { app = 1 } app && /image:/ { sub(/image: [^ ]+/, "image: " image); app = 0 } { print }' \
    "$shop/docker-compose.yml" >"$SESSION_DIR/compose.new"
  cat "$SESSION_DIR/compose.new" >"$shop/docker-compose.yml"
  git -C "$shop" add --all
  git -C "$shop" commit --quiet --message "Release $1"
  (cd "$shop" && show docker compose up --detach --quiet-pull 2>&1)
}

status_of_health() { curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}' "$url"; }

# expect_health STATUS: the application answers this on /health, within 20 seconds.
expect_health() {
  local tenths=200 status=
  until status=$(status_of_health) && [[ $status == "$1" ]]; do
    ((tenths-- > 0)) || die "expected $1 from $url, got ${status:-nothing}"
    sleep 0.1
  done
  show curl --silent --show-error --max-time 5 --include "$url"
}

container_of() { docker compose --project-directory "$shop" --file "$shop/docker-compose.yml" ps --quiet "$1"; }

expect_equal() { [[ $2 == "$3" ]] || die "$1: expected '$2', got '$3'"; }

machine_require_dotnet
machine_need_basics
machine_need_engine
machine_install_missing

headline "Build"
if build_is_current; then
  say "The binary is up to date: $RUNBOOK_BINARY"
else
  say "Publishing the native binary (one to four minutes the first time)"
  build_runbook || die "the binary could not be built (above)"
fi
PATH=$(dirname -- "$RUNBOOK_BINARY"):$PATH
show runbook --version

headline "A Docker engine, two releases of an application, and a project in git"
engine_begin throwaway
choose_names
choose_port
url=http://127.0.0.1:$port/health
session_at_end clean_up
build_images
write_project
say "Images $image:v1.2.3 (good) and $image:v1.2.4 (bad); project $shop; $url"

headline "Deploy v1.2.3: it works"
release v1.2.3
expect_health 200

headline "Deploy v1.2.4: it answers 500"
release v1.2.4
expect_health 500
worker=$(container_of worker)

arguments=(playbooks/app-rollback.yml -C "$shop" --var version=v1.2.3 --var port="$port" --var url="$url")
if [[ $image != myapp ]]; then arguments+=(--var image="$image"); fi

headline "Is the playbook sound?"
show runbook lint playbooks/app-rollback.yml

headline "Preview: exactly what would run"
show runbook plan "${arguments[@]}"
expect_equal "the preview changed nothing, so /health" 500 "$(status_of_health)"

headline "Roll back"
show runbook exec "${arguments[@]}"

headline "The application is back, only its line of the Compose file changed, and the worker was left alone"
expect_health 200
show git -C "$shop" --no-pager diff --unified=0
expect_equal "changed lines of the project" "1	1	docker-compose.yml" "$(git -C "$shop" diff --numstat)"
expect_equal "image of the application" "$image:v1.2.3" "$(docker inspect --format '{{.Config.Image}}' "$(container_of app)")"
expect_equal "container of the worker" "$worker" "$(container_of worker)"

headline "The audit trail"
run=$(find "$shop/.runbook/runs" -mindepth 1 -maxdepth 1 -type d -exec basename {} \; | sort | tail -n 1)
show runbook runs list -C "$shop"
show runbook runs show "$run" -C "$shop"
show runbook runs log "$run" -C "$shop"

headline "Done: v1.2.4 was rolled back to v1.2.3"
say "Cleaning up"
