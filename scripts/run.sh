#!/bin/sh
# Sets up what is missing or stale, then becomes the bundled Node: run.sh [--roomy] FILE [ARGUMENT…]
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit
node=$root/node_modules/.bin/node
stamp=$root/node_modules/.cistern-setup.json

# By file times, which costs a few milliseconds; scripts/setup.mjs compares contents when they say stale.
fresh() {
  [ -x "$node" ] && [ -f "$stamp" ] || return 1
  [ -f "$root/dist/console/index.html" ] || [ ! -f "$root/web/index.html" ] || return 1
  newer=$(find "$root/package.json" "$root/package-lock.json" "$root/web" -newer "$stamp" 2>/dev/null | head -n 1)
  [ -z "$newer" ]
}

if ! fresh; then
  host=$(command -v node) || host=$node
  [ -x "$host" ] || { echo "Cistern needs Node 20 or newer with npm once, to install its own Node 26." >&2; exit 1; }
  "$host" "$root/scripts/setup.mjs" </dev/null || exit
fi
# Stripped TypeScript is kept between starts, which halves a start.
export NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE-$root/node_modules/.cache/compile}"
# What only computes may have all the memory it likes.
if [ "$1" = --roomy ]; then
  shift
  unset MALLOC_ARENA_MAX MALLOC_MMAP_THRESHOLD_ MALLOC_TRIM_THRESHOLD_
  exec "$node" "$@"
fi
# The product stays small: no arena per thread, file buffers go back to the system when they are freed, and little room for garbage.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX-2}" MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_-262144}"
export MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_-262144}"
exec "$node" --max-semi-space-size=2 "$@"
