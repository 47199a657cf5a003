# shellcheck shell=bash
# What the machine must have. As root on Debian and Ubuntu what is missing is installed from the distribution, after
# saying so; elsewhere it is said what to install. Sourced after session.sh.

machine_missing=()

# machine_need PACKAGE COMMAND…: the package is missing when the command fails.
machine_need() {
  local package=$1 known
  shift
  "$@" >/dev/null 2>&1 && return 0
  for known in ${machine_missing[@]+"${machine_missing[@]}"}; do
    [[ $known != "$package" ]] || return 0
  done
  machine_missing+=("$package")
}

machine_has() { command -v "$1"; }

# A container that holds nothing else needs a busybox without shared libraries.
machine_has_static_busybox() { command -v busybox && ! ldd "$(command -v busybox)"; }

machine_has_c_headers() { printf '#include <stdlib.h>\n' | gcc -E -; }

machine_has_compose() { docker compose version; }

# The server is started by the tests, in a folder of their own.
machine_has_postgres() { ls /usr/lib/postgresql/*/bin/initdb; }

machine_has_mariadb() { ls /usr/sbin/mariadbd && command -v mysqldump && command -v mariadb-dump; }

# Of the distribution's own Python, which the containers of the tests are given.
machine_has_python_package() { ls "/usr/lib/python3/dist-packages/$1/__init__.py"; }

# With promtool, which gives the tests' server a history.
machine_has_prometheus() { ls /usr/bin/prometheus && command -v promtool; }

# Of Debian: what the tests' application of Rails is made of.
machine_has_rails() { command -v ruby && ruby -e 'require "rails"; require "active_record/railtie"; require "pg"'; }

# Started by the tests, each with a configuration of its own.
machine_has_nginx() { ls /usr/sbin/nginx; }

machine_can_install() { [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; }

machine_apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null >>"$SESSION_DIR/apt.log" 2>&1 || {
    tail -n 20 "$SESSION_DIR/apt.log" >&2
    die "apt-get $1 failed (above)"
  }
}

# The SDK is the one thing taken as given.
machine_require_dotnet() {
  [[ $(uname -s) == Linux ]] || die "this script builds Linux images out of the machine's own programs and runs on Linux only"
  dotnet --version >/dev/null 2>&1 || die "the .NET SDK that global.json names is not on this machine; install the .NET 10 SDK"
  # The programs that a build makes look for the runtime here when it is not in its default place.
  if [[ -z ${DOTNET_ROOT:-} ]]; then
    DOTNET_ROOT=$(dirname -- "$(readlink -f -- "$(command -v dotnet)")")
    export DOTNET_ROOT
  fi
}

# Needs of the Native AOT build, of git-based projects and of HTTP requests by hand.
machine_need_basics() {
  machine_need git machine_has git
  machine_need curl machine_has curl
  machine_need gcc machine_has gcc
  machine_need libc6-dev machine_has_c_headers
  machine_need busybox-static machine_has_static_busybox
}

machine_need_engine() {
  machine_need docker.io machine_has docker
  if ! engine_found; then
    machine_need docker.io machine_has dockerd
    machine_need iproute2 machine_has ip
  fi
}

machine_install_missing() {
  if [[ ${#machine_missing[@]} -gt 0 ]]; then
    machine_can_install || die "missing on this machine: ${machine_missing[*]} (names of Debian packages); install them and try again"
    say "Installing from the distribution: ${machine_missing[*]}"
    machine_apt update
    # Newer distributions ship the client as a package of its own.
    if [[ " ${machine_missing[*]} " == *" docker.io "* && -n $(apt-cache search --names-only '^docker-cli$') ]]; then
      machine_missing+=(docker-cli)
    fi
    # They also keep the names mysql and mysqldump in a package of their own.
    if [[ " ${machine_missing[*]} " == *" mariadb-server "* && -n $(apt-cache search --names-only '^mariadb-client-compat$') ]]; then
      machine_missing+=(mariadb-client-compat)
    fi
    machine_without_starting_services machine_apt install -y --no-install-recommends "${machine_missing[@]}"
    hash -r
  fi
  machine_has_compose >/dev/null 2>&1 || compose_install
  # Said before minutes of building, not after.
  engine_found || [[ $EUID -eq 0 ]] || die "no Docker engine answers at $(engine_address), and only root can start one; start Docker and try again"
}

# Installing a package may start its service; the scripts start what they need themselves and leave nothing running.
machine_without_starting_services() {
  local policy=/usr/sbin/policy-rc.d
  if [[ -e $policy ]]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  session_at_end machine_allow_services
  "$@"
  machine_allow_services
}

machine_allow_services() {
  if [[ -f /usr/sbin/policy-rc.d ]] && [[ $(cat /usr/sbin/policy-rc.d) == $'#!/bin/sh\nexit 101' ]]; then
    rm -f /usr/sbin/policy-rc.d
  fi
}
