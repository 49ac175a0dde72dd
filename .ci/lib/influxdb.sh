# shellcheck shell=bash
# A real InfluxDB, built from its source, and an image of it for machines that can pull none.
: "${cache:?}" "${scratch:?}"

INFLUXDB_VERSION=2.9.1
INFLUXDB_IMAGE=homeiq-test/influxdb:$INFLUXDB_VERSION
PKG_CONFIG_VERSION=v0.2.7

provide_influxd() {
  local program=$cache/bin/influxd-$INFLUXDB_VERSION
  [ -x "$program" ] && return
  # Its query engine is Rust; this stand-in for pkg-config builds that part when Go asks for it.
  GOBIN=$scratch/bin go install "github.com/influxdata/pkg-config@$PKG_CONFIG_VERSION"
  # The query engine names a toolchain of its own, which would be fetched: the one that is here does.
  RUSTUP_TOOLCHAIN=$(rustup toolchain list | awk 'NR == 1 { print $1 }') PKG_CONFIG=$scratch/bin/pkg-config \
    build_go_tool github.com/influxdata/influxdb/v2 "v$INFLUXDB_VERSION" cmd/influxd "$scratch/influxd" \
    -tags sqlite_foreign_keys,sqlite_json -ldflags "-s -w -X main.version=v$INFLUXDB_VERSION"
  place "$scratch/influxd" "$program"
}

# Made anew when this recipe or the program changes, which a label of the image tells.
provide_influxdb_image() {
  local program=$cache/bin/influxd-$INFLUXDB_VERSION recipe
  recipe=$(cat "$program" "${BASH_SOURCE[0]}" | sha256sum | cut -c 1-16)
  [ "$(docker image inspect -f '{{index .Config.Labels "homeiq-test.recipe"}}' "$INFLUXDB_IMAGE" 2>/dev/null)" = "$recipe" ] && return
  local tree=$scratch/influxdb-image library
  mkdir -p "$tree"/{bin,usr/bin,etc/influxdb2,var/lib/influxdb2,tmp}
  cp "$program" "$tree/usr/bin/influxd"
  ldd "$program" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$tree$(dirname "$library")"
    cp -L "$library" "$tree$library"
  done
  cp "$(command -v busybox)" "$tree/bin/busybox"
  local applet
  for applet in sh sleep cat echo env ls ps kill wget rm mkdir; do ln -s busybox "$tree/bin/$applet"; done
  # The real image has curl; the healthcheck of compose.yaml uses it as `curl -fsS URL`.
  cat >"$tree/usr/bin/curl" <<'CURL'
#!/bin/sh
for url in "$@"; do :; done
exec wget -q -O - "$url"
CURL
  chmod 755 "$tree/usr/bin/curl"
  tar -C "$tree" --owner 0 --group 0 -c . | docker import \
    --change 'ENV PATH=/usr/bin:/bin INFLUXD_BOLT_PATH=/var/lib/influxdb2/influxd.bolt INFLUXD_ENGINE_PATH=/var/lib/influxdb2/engine' \
    --change 'VOLUME /var/lib/influxdb2 /etc/influxdb2' \
    --change 'EXPOSE 8086' \
    --change 'CMD ["influxd"]' \
    --change "LABEL homeiq-test.recipe=$recipe" \
    - "$INFLUXDB_IMAGE" >/dev/null
}
