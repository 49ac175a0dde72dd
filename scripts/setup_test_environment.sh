#!/bin/sh
# Makes what test mode needs in InfluxDB: its organization, its buckets and one token limited to them.
# The same as `homeiq buckets --mode test`; takes the same options, for example --check or --json.
set -eu

here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/homeiq" buckets --mode test "$@"
