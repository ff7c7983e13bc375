#!/bin/sh
# Cistern from the archive: becomes the Node beside it. Needs nothing on PATH.
case $0 in */*) self=$0 ;; *) self=./$0 ;; esac
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
root=$(CDPATH='' cd -- "${self%/*}/.." && pwd -P) || exit
# Keeps memory small: no arena per thread, file buffers go back to the system when they are freed, little room for garbage.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX-2}" MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_-262144}"
export MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_-262144}"
exec "$root/bin/node" --max-semi-space-size=2 "$root/src/cli/main.js" "$@"
