# shellcheck shell=bash
# Gets Compose v2 from the distribution, and 1.29 for the tests of that. Sourced after machine.sh.

compose_install() {
  local id codename
  machine_can_install || die "Compose v2 (docker compose) is not on this machine; install the Compose plugin of Docker and try again"
  id=$(. /etc/os-release && printf '%s' "${ID:-}")
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  case $id:$codename in
    debian:bookworm)
      # The package of this name in Debian 12 is Compose v1. The next release's needs nothing but libc.
      say "Installing Compose v2 from the next Debian release: docker-compose"
      compose_install_from_release trixie "$codename"
      ;;
    debian:bullseye | debian:buster) die "Compose v2 is not to be had from Debian's $codename; install the Compose plugin of Docker and try again" ;;
    debian:*)
      say "Installing from the distribution: docker-compose"
      machine_apt update
      machine_apt install -y --no-install-recommends docker-compose
      ;;
    *)
      say "Installing from the distribution: docker-compose-v2"
      machine_apt update
      machine_apt install -y --no-install-recommends docker-compose-v2
      ;;
  esac
  machine_has_compose >/dev/null 2>&1 || die "docker compose still does not work after its installation"
}

# Takes one package out of another release: same mirror and keys as the machine's own sources, lists of its own, so that
# the machine's view of what can be installed stays as it is. apt verifies the signature.
compose_install_from_release() {
  local release=$1 codename=$2 mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg dir=$SESSION_DIR/compose apt
  # shellcheck disable=SC2016 # apt's own placeholders
  mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v release="$codename" '($1 == release || $1 == "stable" || $1 == "oldstable") && $2 == "main" { print $3; exit }')
  [[ -n $mirror ]] || die "the machine's apt sources name no mirror of Debian $codename"
  mkdir -p "$dir/lists/partial"
  # apt downloads as a user of its own.
  chmod 755 "$SESSION_DIR" "$dir"
  chown -R _apt "$dir" 2>/dev/null || true
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$mirror" "$release" "$keyring" >"$dir/next.sources"
  apt=(-o "Dir::Etc::sourcelist=$dir/next.sources" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$dir/lists" -o Acquire::Languages=none)
  machine_apt update "${apt[@]}"
  (cd "$dir" && machine_apt download "${apt[@]}" docker-compose)
  machine_apt install -y --no-install-recommends --allow-downgrades "$dir"/docker-compose_*.deb
}

# What Debian's docker-compose 1.29 is made of, next to Python itself.
COMPOSE_ONE_PACKAGES=(
  python3-attr python3-certifi python3-chardet python3-charset-normalizer python3-distro python3-distutils python3-docker python3-dockerpty python3-docopt python3-dotenv
  python3-idna python3-jsonschema python3-pyrsistent python3-requests python3-six python3-texttable python3-urllib3 python3-websocket python3-yaml
)
COMPOSE_ONE_DIR=artifacts/compose-1.29

# Names a folder with a docker-compose that is 1.29 in RUNBOOKS_TEST_COMPOSE_1, for the tests that need it; where there is
# none, the reason. It is unpacked and not installed: the plugin of docker, which is Compose 2, stays what it is.
compose_one_find() {
  local why=
  compose_one_works || compose_one_unpack || true
  if compose_one_works; then
    RUNBOOKS_TEST_COMPOSE_1=$PWD/$COMPOSE_ONE_DIR/bin
  else
    RUNBOOKS_TEST_COMPOSE_1="needs Compose 1.29: ${why:-it does not work on this machine}"
    say "No test of Compose 1.29 will run: ${why:-it does not work on this machine}"
  fi
  export RUNBOOKS_TEST_COMPOSE_1
}

compose_one_works() { [[ $("$COMPOSE_ONE_DIR/bin/docker-compose" version --short 2>/dev/null) == 1.29.* ]]; }

# Sets `why` where it cannot be had.
compose_one_unpack() {
  local version dir=$SESSION_DIR/compose-1.29 package
  if [[ $(. /etc/os-release && printf '%s' "${ID:-}:${VERSION_CODENAME:-}") != debian:bookworm ]]; then
    why="Debian 12 is the last release that has it, and this machine is another"
    return 1
  fi
  version=$(compose_one_version)
  if [[ -z $version ]] && machine_can_install; then
    machine_apt update
    version=$(compose_one_version)
  fi
  if [[ -z $version ]]; then
    why="the machine's apt sources do not have docker-compose 1.29 ('apt-get update' as root may help)"
    return 1
  fi
  say "Unpacking Compose 1.29 from the distribution: docker-compose $version, in $COMPOSE_ONE_DIR"
  mkdir -p "$dir/root/bin"
  # apt downloads as a user of its own.
  chmod 755 "$SESSION_DIR" "$dir"
  chown _apt "$dir" 2>/dev/null || true
  if ! (cd "$dir" && apt-get -q download "docker-compose=$version" "${COMPOSE_ONE_PACKAGES[@]}") </dev/null >>"$SESSION_DIR/apt.log" 2>&1; then
    tail -n 3 "$SESSION_DIR/apt.log"
    why="its packages could not be downloaded"
    return 1
  fi
  for package in "$dir"/*.deb; do dpkg -x "$package" "$dir/root"; done
  # Python itself has the beginning of distutils, and a package is not looked for in two places.
  for package in "$dir/root"/usr/lib/python3.*; do cp -n "/usr/lib/${package##*/}"/distutils/*.py "$package/distutils/"; done
  cat >"$dir/root/bin/docker-compose" <<'EOF'
#!/bin/sh
root=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
PYTHONPATH=$root/usr/lib/python3/dist-packages:$(echo "$root"/usr/lib/python3.*) exec /usr/bin/python3 "$root/usr/bin/docker-compose" "$@"
EOF
  chmod +x "$dir/root/bin/docker-compose"
  rm -rf "$COMPOSE_ONE_DIR"
  mkdir -p "${COMPOSE_ONE_DIR%/*}"
  mv "$dir/root" "$COMPOSE_ONE_DIR"
}

compose_one_version() { apt-cache madison docker-compose 2>/dev/null | awk '$3 ~ /^1\.29\./ { print $3; exit }'; }
