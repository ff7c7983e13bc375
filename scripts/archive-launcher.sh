#!/bin/sh
# Cistern from the archive: becomes the Node beside it. Needs nothing on PATH.
case $0 in */*) self=$0 ;; *) self=./$0 ;; esac
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
root=$(CDPATH='' cd -- "${self%/*}/.." && pwd -P) || exit
exec "$root/bin/node" "$root/src/cli/main.js" "$@"
