# shellcheck shell=bash
# Builds images out of the machine's own static busybox: no registry is needed. Sourced after engine.sh.

# Containers inherit the labels of their image: what a killed run left in somebody's engine can be told apart by it.
IMAGES_TEST_LABEL=runbooks.test=1

images_context() {
  local context=$SESSION_DIR/images applet
  if [[ ! -d $context ]]; then
    mkdir -p "$context.new/bin"
    cp -R tests/engine/images/. "$context.new/"
    cp "$(command -v busybox)" "$context.new/bin/busybox"
    for applet in $(busybox --list); do
      [[ $applet == busybox ]] || ln -s busybox "$context.new/bin/$applet"
    done
    mv "$context.new" "$context"
  fi
  printf '%s' "$context"
}

# image_build TAG LABEL DOCKERFILE [NAME=VALUE…]
image_build() {
  local tag=$1 label=$2 dockerfile=$3 pair log=$SESSION_DIR/image.log context command
  shift 3
  context=$(images_context)
  command=(docker build --label "$label" --tag "$tag" --file "$context/$dockerfile")
  for pair in "$@"; do command+=(--build-arg "$pair"); done
  command+=("$context")
  # The classic builder first: Debian's engine has no buildx, and this one leaves no build cache behind.
  DOCKER_BUILDKIT=0 session_run "${command[@]}" >"$log" 2>&1 || session_run "${command[@]}" >>"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    die "the image $tag could not be built (above)"
  }
}

# The images of the tests. In an engine that is not ours they are shared with other runs by the lock and removed by the
# last of these.
images_for_tests() {
  if [[ $ENGINE_OWN == false ]]; then
    exec 7>>"/tmp/runbooks-test-images-$(id -u).lock"
    flock --shared 7
    session_at_end images_remove
  fi
  image_build runbooks-test/base:latest "$IMAGES_TEST_LABEL" base.Dockerfile
  image_build runbooks-test/app:good "$IMAGES_TEST_LABEL" app.Dockerfile VERSION=good HEALTH=200
  image_build runbooks-test/app:bad "$IMAGES_TEST_LABEL" app.Dockerfile VERSION=bad HEALTH=500
  image_build runbooks-test/app:bad2 "$IMAGES_TEST_LABEL" app.Dockerfile VERSION=bad2 HEALTH=500
  image_build runbooks-test/app:unstartable "$IMAGES_TEST_LABEL" unstartable.Dockerfile
}

images_remove() {
  flock --exclusive --nonblock 7 || return 0
  images_remove_labelled_leftovers
  docker image rm runbooks-test/base:latest runbooks-test/app:good runbooks-test/app:bad runbooks-test/app:bad2 runbooks-test/app:unstartable >/dev/null 2>&1
}

# Containers of our images and the networks and volumes of their Compose projects.
images_remove_labelled_leftovers() {
  local projects project id
  projects=$(docker ps --all --filter "label=$IMAGES_TEST_LABEL" --format '{{.Label "com.docker.compose.project"}}' | sort -u)
  for id in $(docker ps --all --quiet --filter "label=$IMAGES_TEST_LABEL"); do
    docker rm --force --volumes "$id" >/dev/null 2>&1
  done
  for project in $projects; do
    for id in $(docker network ls --quiet --filter "label=com.docker.compose.project=$project"); do
      docker network rm "$id" >/dev/null 2>&1
    done
    for id in $(docker volume ls --quiet --filter "label=com.docker.compose.project=$project"); do
      docker volume rm "$id" >/dev/null 2>&1
    done
  done
}
