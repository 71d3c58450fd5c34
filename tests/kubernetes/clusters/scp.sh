#!/bin/sh
# Carries a file to a machine of this test, as scp would: scp -q FILE root@ADDRESS:
set -eu
address=$(echo "${3#root@}" | tr -d '[]')
root=$(grep "^${address%:} " "$(dirname "$0")/machines" | cut -d ' ' -f 2)
cp "$2" "$root/root/"
