# shellcheck shell=bash
# Gets Compose v2 from the distribution. Sourced after machine.sh.

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
