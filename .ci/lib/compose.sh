# shellcheck shell=bash
# Two versions of Compose side by side: each is a DOCKER_CONFIG folder with one plugin in it.
: "${cache:?}" "${scratch:?}"

COMPOSE_OLD_VERSION=2.26.1
COMPOSE_NEW_VERSION=5.6.0

# The old version is the package of Debian 13. It is fetched with an apt configuration of its own, made from the
# machine's sources with the release replaced, so that the machine's configuration stays as it is.
provide_old_compose() {
  local plugin=$cache/compose-$COMPOSE_OLD_VERSION/cli-plugins/docker-compose
  [ -x "$plugin" ] && return
  local apt=$scratch/apt file release
  release=$(. /etc/os-release && echo "$VERSION_CODENAME")
  mkdir -p "$apt/sources.list.d" "$apt/lists/partial" "$apt/cache/archives/partial"
  : >"$apt/sources.list"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    # Only the distribution's own archive has suites with the bare name of the release.
    if grep -Eqs "^(Suites:|deb .*) $release\>" "$file"; then
      sed -E "/^(Suites:|deb )/ s/ $release\>/ trixie/g" "$file" >"$apt/sources.list.d/$(basename "$file")"
    fi
  done
  local options=(
    -q
    -o "Dir::Etc::sourcelist=$apt/sources.list" -o "Dir::Etc::sourceparts=$apt/sources.list.d"
    -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o 'APT::Sandbox::User='
  )
  apt-get "${options[@]}" update
  (cd "$apt" && apt-get "${options[@]}" download "docker-compose=$COMPOSE_OLD_VERSION-*")
  dpkg-deb -x "$apt"/docker-compose_*.deb "$apt/unpacked"
  place "$apt/unpacked/usr/libexec/docker/cli-plugins/docker-compose" "$plugin"
}

provide_new_compose() {
  local plugin=$cache/compose-$COMPOSE_NEW_VERSION/cli-plugins/docker-compose
  [ -x "$plugin" ] && return
  local module=github.com/docker/compose/v5
  build_go_tool "$module" "v$COMPOSE_NEW_VERSION" cmd "$scratch/compose-new" \
    -ldflags "-s -w -X $module/internal.Version=v$COMPOSE_NEW_VERSION"
  place "$scratch/compose-new" "$plugin"
}

# Builds from a copy of the module's source: `go install module@version` refuses a module that replaces others.
# build_go_tool MODULE VERSION PACKAGE OUTPUT [FLAG…]
build_go_tool() {
  unpack_go_source "$1" "$2"
  build_go_source "${@:3}"
}

# unpack_go_source MODULE VERSION
unpack_go_source() {
  local module=$1 version=$2 source
  source=$(cd "$scratch" && go mod download -json "$module@$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  [ -n "$source" ] || { echo "The source of $module $version could not be fetched." >&2; return 1; }
  rm -rf "$scratch/source"
  cp -r "$source" "$scratch/source"
  chmod -R u+w "$scratch/source"
}

# build_go_source PACKAGE OUTPUT [FLAG…]
build_go_source() {
  local package=$1 output=$2
  shift 2
  (cd "$scratch/source" && go build -trimpath "$@" -o "$output" "./$package")
  rm -rf "$scratch/source"
}

# Renamed into place at the end, so that an interrupted run leaves no half of a program behind.
place() {
  mkdir -p "$(dirname "$2")"
  install -m 755 "$1" "$2.$$"
  mv "$2.$$" "$2"
}
