#!/bin/sh
# Runs a command in root's home folder of a machine of this test, as ssh would: ssh -n root@ADDRESS COMMAND…
set -eu
root=$(grep "^${2#root@} " "$(dirname "$0")/machines" | cut -d ' ' -f 2)
cd "$root/root"
shift 2
exec "$@"
