# shellcheck shell=bash
# A Docker engine for the time of one run, when the machine has none that answers.
: "${cache:?}"

own_engine=

provide_engine() {
  if docker version >/dev/null 2>&1; then
    echo "   one is running already: $(docker version -f '{{.Server.Version}}')"
    return
  fi
  local log=$cache/dockerd.log pid_file=/var/run/docker.pid second
  # After a power cut the pid in the file may belong to another program by now, and dockerd would not start.
  if [ -e "$pid_file" ] && [ "$(cat "/proc/$(cat "$pid_file")/comm" 2>/dev/null)" != dockerd ]; then
    as_root rm -f "$pid_file"
  fi
  # A group of its own, so that a Ctrl+C meant for the tests does not take the engine from under them.
  as_root setsid dockerd --log-level warn >"$log" 2>&1 9>&- &
  own_engine=$!
  for ((second = 0; second < 60; second++)); do
    if docker version >/dev/null 2>&1; then
      echo "   started: $(docker version -f '{{.Server.Version}}'), log in $log"
      return
    fi
    kill -0 "$own_engine" 2>/dev/null || break
    sleep 1
  done
  echo "The Docker engine did not start. The end of $log:" >&2
  tail -n 20 "$log" >&2
  return 1
}

# On SIGTERM the engine stops its containers and its containerd by itself; the signal to the group is for the
# case that it hangs.
stop_own_engine() {
  [ -n "$own_engine" ] || return 0
  local second
  as_root kill -TERM "$own_engine" 2>/dev/null || true
  for ((second = 0; second < 40; second++)); do
    kill -0 "$own_engine" 2>/dev/null || break
    sleep 1
  done
  as_root kill -KILL -- "-$own_engine" 2>/dev/null || true
  own_engine=
}
