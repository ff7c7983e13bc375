#!/usr/bin/env bash
# Collects one type of log files from a compliance API, by what its specification says and nothing of ours:
# BASE_URL KEY WORKSPACE_ID EVENT_TYPE AFTER BEFORE -> the ids of all events, one a line, on stdout.
set -euo pipefail
base=$1 key=$2 workspace=$3 type=$4 after=$5 before=$6
logs="$base/compliance/workspaces/$workspace/logs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
api() { curl --silent --show-error --fail --retry 5 -H "Authorization: Bearer $key" "$@"; }

while :; do
  api --get "$logs" -d "event_type=$type" -d limit=100 \
    --data-urlencode "after=$after" --data-urlencode "before=$before" > "$work/page"
  jq -r '.data[] | [.id, .file_size, .file_sha256] | @tsv' "$work/page" > "$work/files"
  while IFS=$'\t' read -r id size sha256; do
    [ -e "$work/done-$id" ] && continue # the boundary file may come back
    url=$(api --output /dev/null --write-out '%{redirect_url}' "$logs/$id")
    curl --silent --show-error --fail --retry 5 --output "$work/body" "$url"
    [ "$(stat -c %s "$work/body")" = "$size" ] || { echo "$id has another size" >&2; exit 1; }
    echo "$sha256  $work/body" | sha256sum --check --quiet >&2
    jq -r .event_id "$work/body" >> "$work/ids"
    touch "$work/done-$id"
  done < "$work/files"
  [ "$(jq .has_more "$work/page")" = true ] || break
  after=$(jq -r .last_end_time "$work/page")
done
sort -u "$work/ids"
