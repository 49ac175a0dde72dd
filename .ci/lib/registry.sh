# shellcheck shell=bash
# A real image registry, built from its source, for the tests of pulling.
: "${cache:?}" "${scratch:?}"

REGISTRY_VERSION=3.0.0

provide_registry() {
  local program=$cache/bin/registry-$REGISTRY_VERSION
  [ -x "$program" ] && return
  unpack_go_source github.com/distribution/distribution/v3 "v$REGISTRY_VERSION"
  # Its drivers for the storage of cloud providers are most of what would be fetched and built.
  sed -i -E '/storage\/driver\/(azure|gcs|s3-aws)"|middleware\/(cloudfront|rewrite|redirect)"/d' \
    "$scratch/source/cmd/registry/main.go"
  build_go_source cmd/registry "$scratch/registry" \
    -mod=mod -ldflags "-s -w -X github.com/distribution/distribution/v3/version.version=$REGISTRY_VERSION"
  place "$scratch/registry" "$program"
}
