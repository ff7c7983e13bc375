#!/usr/bin/env bash
# The plainest collector that still checks what it takes: one file after the other, one file for everything, no retry, no ledger.
# BASE_URL KEY WORKSPACE_ID EVENT_TYPE AFTER OUT -> one line an event in OUT: its id, its time, its JSON.
set -euo pipefail
base=$1 key=$2 workspace=$3 type=$4 after=$5 out=$6
logs="$base/compliance/workspaces/$workspace/logs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
api() { curl --silent --show-error --fail -H "Authorization: Bearer $key" "$@"; }
: > "$out"

while :; do
  api --get "$logs" -d "event_type=$type" -d limit=100 --data-urlencode "after=$after" > "$work/page"
  jq -r '.data[] | [.id, .file_sha256] | @tsv' "$work/page" > "$work/files"
  while IFS=$'\t' read -r id sha256; do
    url=$(api --output /dev/null --write-out '%{redirect_url}' "$logs/$id")
    curl --silent --show-error --fail --output "$work/body" "$url"
    echo "$sha256  $work/body" | sha256sum --check --quiet >&2
    jq -r '[.event_id, .timestamp, tojson] | join("\t")' "$work/body" >> "$out"
    sync "$out" # this file alone, as a commit would
  done < "$work/files"
  [ "$(jq .has_more "$work/page")" = true ] || break
  after=$(jq -r .last_end_time "$work/page")
done
