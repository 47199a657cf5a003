# shellcheck shell=bash
# A Docker engine: the one that already answers, else an own one on a private socket that is stopped at the end.
# Sourced after machine.sh. Sets DOCKER_HOST and ENGINE_OWN (true or false).

# shellcheck disable=SC2034 # read by the scripts that source this one
ENGINE_OWN=false
engine_pid=
engine_data=
engine_bridge=

engine_version() { timeout -s KILL 20 docker version --format '{{.Server.Version}}'; }

# Where the client would go by itself: DOCKER_HOST, else its current context.
engine_address() {
  if [[ -n ${DOCKER_HOST:-} ]]; then
    printf '%s' "$DOCKER_HOST"
  else
    docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || printf 'unix:///var/run/docker.sock'
  fi
}

# An engine on another machine is left alone: it may be production, and its ports are not on 127.0.0.1.
engine_found() {
  command -v docker >/dev/null || return 1
  case $(engine_address) in
    unix://* | tcp://127.0.0.1:* | tcp://localhost:*) engine_version >/dev/null 2>&1 ;;
    *) return 1 ;;
  esac
}

# engine_begin keep|throwaway: whether what the own engine has stored (image layers) is kept for the next run.
engine_begin() {
  if engine_found; then
    DOCKER_HOST=$(engine_address)
    say "Using the Docker engine at $DOCKER_HOST ($(engine_version))"
  else
    [[ -z ${DOCKER_HOST:-} ]] || say "The engine at DOCKER_HOST=$DOCKER_HOST does not answer or is not on this machine"
    engine_start "$1"
    say "Started a Docker engine of our own at $DOCKER_HOST ($(engine_version))"
  fi
  export DOCKER_HOST
  unset DOCKER_CONTEXT
}

engine_start() {
  local storage=$PWD/artifacts/engine network log=$SESSION_DIR/dockerd.log wrapper=()
  mkdir -p "$storage"
  engine_data=$storage/$SESSION_ID
  if [[ $1 == keep ]]; then
    # One engine at a time may use the kept data; a second run beside it starts from nothing.
    exec 9>"$storage/lock"
    if flock --nonblock 9; then engine_data=$storage/kept; fi
  fi

  session_at_end engine_stop
  network=$(engine_free_network)
  # A bridge of our own: two engines would share docker0, and hand out the same addresses on it.
  engine_bridge=rb$SESSION_ID
  ip link add "$engine_bridge" type bridge
  ip address add "$network.0.1/24" dev "$engine_bridge"
  ip link set "$engine_bridge" up

  # Without iptables: ports on 127.0.0.1 are served by docker-proxy, and the host's firewall is not touched at all.
  # With a configuration of its own, so that the host's daemon.json has no say.
  # The engine ends itself should this script be killed in a way it cannot answer.
  printf '{}\n' >"$SESSION_DIR/daemon.json"
  if setpriv --pdeathsig TERM true 2>/dev/null; then wrapper=(setpriv --pdeathsig TERM); fi
  DOCKER_HOST=unix://$SESSION_DIR/docker.sock
  setsid ${wrapper[@]+"${wrapper[@]}"} dockerd \
    --config-file "$SESSION_DIR/daemon.json" --data-root "$engine_data" --exec-root "$SESSION_DIR/exec" \
    --host "$DOCKER_HOST" --pidfile "$SESSION_DIR/dockerd.pid" --group "$(id -gn)" \
    --bridge "$engine_bridge" --default-address-pool "base=$network.0.0/16,size=24" \
    --iptables=false --ip6tables=false --ip-masq=false --ip-forward=false \
    5>&- 6>&- 7>&- 8>&- 9>&- </dev/null >"$log" 2>&1 &
  engine_pid=$!
  export DOCKER_HOST
  # shellcheck disable=SC2034 # as above
  ENGINE_OWN=true

  local tenths=600
  until engine_version >/dev/null 2>&1; do
    if ! session_alive "$engine_pid" || ((tenths-- <= 0)); then
      tail -n 30 "$log" >&2
      die "the Docker engine did not start (its last lines are above)"
    fi
    sleep 0.1
  done
  # Kept data may hold the containers of a run that was killed.
  engine_empty
}

# Two bytes of an unused private /16, such as 10.217.
engine_free_network() {
  local attempt second
  for ((attempt = 0; attempt < 50; attempt++)); do
    second=$((200 + RANDOM % 50))
    if ! ip -4 route show table all | grep -q "10\.$second\."; then
      printf '10.%s' "$second"
      return
    fi
  done
  die "no free network 10.200.0.0/16 to 10.249.0.0/16 on this machine"
}

# Removes containers, networks and volumes, never images. Only for an own engine.
engine_empty() {
  local ids
  ids=$(timeout -s KILL 60 docker ps --all --quiet) || return 0
  # shellcheck disable=SC2086 # ids are words
  [[ -z $ids ]] || timeout -s KILL 120 docker rm --force --volumes $ids >/dev/null 2>&1 || true
  timeout -s KILL 60 docker network prune --force >/dev/null 2>&1 || true
  timeout -s KILL 60 docker volume prune --force >/dev/null 2>&1 || true
}

# By pid only, and only what carries the private directory of this run.
engine_stop() {
  local code=$1 mount pid
  [[ -n $engine_pid ]] && session_alive "$engine_pid" && engine_empty
  if [[ -n $engine_pid ]]; then
    kill -TERM "$engine_pid" 2>/dev/null
    session_gone_within "$engine_pid" 300 || kill -KILL "$engine_pid" 2>/dev/null
  fi
  for pid in $(engine_processes); do
    kill -KILL "$pid" 2>/dev/null
  done
  # A blank in a path is \040 in this file.
  session=$SESSION_DIR/ data=$engine_data awk '
    { gsub(/\\040/, " ", $5) }
    index($5, ENVIRON["session"]) == 1 || index($5, ENVIRON["data"]) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r mount; do umount --lazy "$mount" 2>/dev/null; done
  # dockerd leaves the bridges of networks it knows of.
  grep -aoE 'br-[0-9a-f]{12}' "$engine_data/network/files/local-kv.db" 2>/dev/null | sort -u |
    while read -r mount; do ip link delete "$mount" 2>/dev/null; done
  ip link delete "$engine_bridge" 2>/dev/null
  if [[ $code -ne 0 && $code -lt 129 && -f $SESSION_DIR/dockerd.log ]]; then
    cp "$SESSION_DIR/dockerd.log" artifacts/engine/dockerd.log
  fi
  [[ $engine_data == */kept ]] || rm -rf --one-file-system "$engine_data"
}

# containerd and its shims name the private socket or directory on their command lines.
engine_processes() {
  local file pid
  for file in /proc/[0-9]*/cmdline; do
    pid=${file#/proc/}
    pid=${pid%/cmdline}
    if [[ $pid != "$$" ]] && tr '\0' ' ' <"$file" 2>/dev/null | grep -qE "^([^ ]*/)?(containerd|containerd-shim[^ ]*|docker-proxy|dockerd) .*$SESSION_DIR/"; then
      printf '%s\n' "$pid"
    fi
  done 2>/dev/null
}
