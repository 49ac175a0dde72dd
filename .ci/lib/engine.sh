# shellcheck shell=bash
# A Docker engine for the time of one run, when the machine has none that answers.
: "${cache:?}" "${scratch:?}"

# Written by our own engine only, and removed when it ends.
engine_pid_file=$scratch/dockerd.pid

provide_engine() {
  if docker version >/dev/null 2>&1; then
    echo "   one is running already: $(docker version -f '{{.Server.Version}}')"
    return
  fi
  local log=$cache/dockerd.log second
  forget_dead_containerd
  # A session of its own, so that a Ctrl+C meant for the tests does not take the engine from under them.
  as_root setsid dockerd --log-level warn --pidfile "$engine_pid_file" >"$log" 2>&1 &
  local starter=$!
  for ((second = 0; second < 60; second++)); do
    if docker version >/dev/null 2>&1; then
      echo "   started: $(docker version -f '{{.Server.Version}}'), log in $log"
      return
    fi
    kill -0 "$starter" 2>/dev/null || break
    sleep 1
  done
  echo "The Docker engine did not start. The end of $log:" >&2
  tail -n 20 "$log" >&2
  return 1
}

# After a power cut the process with the old number may be another program, and the engine would wait for it.
forget_dead_containerd() {
  local pid_file=/var/run/docker/containerd/containerd.pid
  [ -e "$pid_file" ] || return 0
  [ "$(cat "/proc/$(cat "$pid_file")/comm" 2>/dev/null)" = containerd ] || as_root rm -f "$pid_file"
}

# Told to end, the engine stops its containers and its containerd by itself; the rest is for the case that it hangs.
stop_own_engine() {
  local engine second
  engine=$(cat "$engine_pid_file" 2>/dev/null) || return 0
  as_root kill -TERM "$engine" 2>/dev/null || true
  for ((second = 0; second < 60; second++)); do
    [ -e "/proc/$engine" ] || return 0
    sleep 1
  done
  as_root kill -KILL "$engine" 2>/dev/null || true
}
