#!/bin/sh
# What a device is answered: each kind of answer once, on a system that runs.
#
#   ./tidemark up                    in one terminal
#   docs/sync-tour.sh                in another; or docs/sync-tour.sh DIR for ./tidemark up --data DIR
#
# It needs curl, and shows answers in lines if jq is there. It makes activities of its own in
# municipality 3 of the reference catalog, and ends with 1 and a sentence if an answer is not as it
# should be.
set -eu

. "$(dirname -- "$0")/tour.sh"

device=tour-$(date +%s)-$$
row=$(date +%s)
token=$(own token --role device --device "$device" --scopes municipality/3)

# What it does is answered when it is done: 200, not 202, also on a machine that stalls for a while.
settle() { call POST "$1" "$2" "${3:-}" "${4:-Prefer: wait=$PATIENCE}"; }

keys=0
new_key() { keys=$((keys + 1)); key=$device-$keys; }
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
an_hour_ago() { TZ=UTC+1 date +%Y-%m-%dT%H:%M:%SZ; }

# operation KIND DATA STRATEGY [ID [TIME [MORE]]]: on what the device has seen last.
operation() {
  printf '{"entity_type":"activity","entity_id":%s,"operation":"%s","data":%s,"client_timestamp":"%s","base_version":%s,"idempotency_key":"%s","conflict_resolution_strategy":"%s"%s}' \
    "${4:-$row}" "$1" "$2" "${5:-$(now)}" "$base" "$key" "$3" "${6:-}"
}
# post OPERATIONS [HEADER]: as a batch, named after its first key.
post() {
  settle /api/sync "$token" \
    "{\"batch_id\":\"$key\",\"device_id\":\"$device\",\"sent_at\":\"$(now)\",\"operations\":[$1]}" ${2:+"$2"}
}
# What the device has seen is what it was last answered.
seen() {
  version=$(field version)
  [ -n "$version" ] || fail "step $step: the answer should tell the row's version."
  base="\"$version\""
}
changed_elsewhere() { sql "update field.activities set $1 where id = $row"; }

base=null
title "Success: the device creates an activity"
new_key
post "$(operation create '{"municipality_id":3,"kind":"INSPECTION","title":"Tank 7","planned_for":"2026-03-02","visits":5}' last_write_wins)"
status_is 200
says '"result":"applied"'
says '"title":"Tank 7"'
seen

title "Success: it changes what nobody else has touched"
new_key
first=$(operation update '{"status":"IN_PROGRESS"}' last_write_wins)
post "$first"
says '"result":"applied"'
says '"status":"IN_PROGRESS"'
seen
applied=$(field operation_id)

title "Duplicate: the same operation again is answered as it was, and done once"
post "$first"
says "\"operation_id\":\"$applied\""
says '"errors":[]'

title "The same key with something else is an error"
post "$(operation update '{"status":"CANCELLED"}' last_write_wins)"
status_is 200
says '/problems/idempotency-key-reused'
says '"status":422'

title "No conflict: somebody else changed another column, so both stay"
changed_elsewhere "notes = 'Bring a ladder'"
new_key
post "$(operation update '{"title":"Tank 7 and 8"}' server_wins)"
says '"conflicts":[]'
says '"title":"Tank 7 and 8"'
says '"notes":"Bring a ladder"'
seen

title "update_update with server_wins: what is there stays"
changed_elsewhere "title = 'Tank 9'"
new_key
post "$(operation update '{"title":"Tank 10"}' server_wins)"
says '"conflict_type":"update_update"'
says '"resolution":"server"'
says '"conflicting_fields":["title"]'
seen

title "update_update with client_wins: the device's value stands"
changed_elsewhere "title = 'Tank 11'"
new_key
post "$(operation update '{"title":"Tank 12"}' client_wins)"
says '"conflict_type":"update_update"'
says '"resolution":"client"'
says '"title":"Tank 12"'
seen

title "update_update with last_write_wins: the device wrote an hour before"
changed_elsewhere "title = 'Tank 13'"
new_key
post "$(operation update '{"title":"Tank 14"}' last_write_wins "$row" "$(an_hour_ago)")"
says '"conflict_type":"update_update"'
says '"resolution":"server"'
seen

title "update_update with merge: a counter counts both"
changed_elsewhere "visits = 6, title = 'Tank 15'"
new_key
post "$(operation update '{"visits":7}' merge "$row" "$(now)" ',"base_data":{"visits":5}')"
says '"conflict_type":"update_update"'
says '"resolution":"merged"'
says '"visits":8'
merged=$(field operation_id)
seen

title "The same in words, for the person on the telephone"
until_says 'visits' GET "/api/sync/operations/$merged?explain=text" "$token"
says "$device"
says 'the catalog'

title "delete_update with merge: an edit is not lost to a deletion"
changed_elsewhere "notes = 'Still needed'"
new_key
post "$(operation delete '{}' merge)"
says '"conflict_type":"delete_update"'
says '"resolution":"server"'
seen

title "update_delete with merge: the row comes back with what the device set"
sql "delete from field.activities where id = $row"
new_key
post "$(operation update '{"title":"Tank 16"}' merge)"
says '"conflict_type":"update_delete"'
says '"resolution":"client"'
says '"notes":"Still needed"'
seen

title "create_create with last_write_wins: somebody else took that id"
twin=$((row + 1))
sql "insert into field.activities (id, municipality_id, kind, title, planned_for) values ($twin, 3, 'TRAINING', 'Taken', '2026-03-03')"
new_key
kept=$base
base=null
post "$(operation create '{"municipality_id":3,"kind":"TRAINING","title":"Mine","planned_for":"2026-03-03"}' server_wins "$twin")"
says '"conflict_type":"create_create"'
says '"resolution":"server"'
base=$kept

title "manual: nothing is changed, a conflict stays open"
changed_elsewhere "title = 'Tank 17'"
new_key
post "$(operation update '{"title":"Tank 18"}' manual)"
says '"result":"open"'
says '"suggested_resolution":{"resolution":"merge"'
conflict=$(field conflict_id)
until_says "$conflict" GET "/api/sync/conflicts?device=$device" "$operator"

title "An operator resolves it for the device"
settle "/api/sync/conflicts/$conflict/resolve" "$operator" '{"resolution":"client"}'
status_is 200
says "\"resolves\":\"$conflict\""
says '"title":"Tank 18"'
until_says '"conflicts":[]' GET "/api/sync/conflicts?device=$device" "$operator"
settle "/api/sync/conflicts/$conflict/resolve" "$operator" '{"resolution":"server"}'
status_is 409
says '/problems/conflict-already-resolved'

title "Undo: the device's own count is taken back, what others have counted since stays"
changed_elsewhere "visits = visits + 4"
settle "/api/sync/operations/$merged/undo" "$token"
status_is 200
says "\"undoes\":\"$merged\""
says '"visits":10'

title "A conflict that is left to the server, and one that a person merges"
open_conflict() {
  changed_elsewhere "title = '$1'"
  new_key
  post "$(operation update '{"title":"Tank 20"}' manual)"
  says '"result":"open"'
  conflict=$(field conflict_id)
}
open_conflict 'Tank 19'
settle "/api/sync/conflicts/$conflict/resolve" "$operator" '{"resolution":"server"}'
status_is 200
says '"title":"Tank 19"'
open_conflict 'Tank 21'
settle "/api/sync/conflicts/$conflict/resolve" "$operator" '{"resolution":"merge","data":{"title":"Tanks 20 and 21"}}'
status_is 200
says '"title":"Tanks 20 and 21"'
base=null

title "Undo of a deletion: the row is back"
new_key
post "$(operation delete '{}' client_wins)"
says '"result":"applied"'
settle "/api/sync/operations/$(field operation_id)/undo" "$token"
status_is 200
says '"result":"applied"'
says '"title":"Tanks 20 and 21"'

title "Undo of a creation: the row is gone"
third=$((row + 2))
new_key
post "$(operation create '{"municipality_id":3,"kind":"TRAINING","title":"By mistake","planned_for":"2026-03-03"}' client_wins "$third")"
says '"result":"applied"'
mistake=$(field operation_id)
settle "/api/sync/operations/$mistake/undo" "$token"
status_is 200
says '"result":"applied"'
settle "/api/sync/operations/$mistake/undo" "$token" '' 'Idempotency-Key: once-more'
status_is 409
says '/problems/cannot-be-undone'

title "One operation is wrong, the database refuses another, the third is done"
new_key
base=null
good=$(operation update '{"status":"DONE"}' client_wins)
new_key
wrong=$(operation update '{"statuss":"DONE"}' client_wins)
new_key
rejected=$(operation update '{"visits":-1}' client_wins)
post "$good,$wrong,$rejected"
status_is 200
says '"status":"DONE"'
says '/operations/1/data/statuss'
says '/problems/operation-rejected'

title "202: the device does not wait, and looks later"
new_key
post "$(operation update '{"notes":"Done by two"}' client_wins)" 'Prefer: wait=0'
status_is 202
location=$(header '[Ll]ocation')
[ -n "$location" ] || fail "step $step: there should be a Location."
until_says '"settled":true' GET "$location" "$token"
says '"notes":"Done by two"'

title "How the device stands"
until_says '"pending":0' GET "/api/sync/status/$device" "$token"
says '"open_conflicts":0'

the_end
