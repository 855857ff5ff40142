#!/bin/sh
# What becomes of a job: created, watched, cancelled, held back and asked why, failed and retried,
# many at a time, and by a schedule; on a system that runs.
#
#   ./tidemark up                    in one terminal
#   docs/jobs-tour.sh                in another; or docs/jobs-tour.sh DIR for ./tidemark up --data DIR
#
# It needs curl, and shows answers in lines if jq is there. Its jobs are probes, which touch nothing.
# It ends with 1 and a sentence if an answer is not as it should be.
set -eu

. "$(dirname -- "$0")/tour.sh"

name=tour_$(date +%s)_$$
job() { call POST /api/sync/jobs "$operator" "$1" "Prefer: wait=$PATIENCE"; }
# The id that follows the first one of that name: the answer's own.
created() { status_is 201; id=$(field id); }
becomes() { until_says "\"status\":\"$1\"" GET "/api/sync/jobs/$id" "$operator"; }

title "Who works here, and on what"
until_says '"name":"default"' GET /api/sync/queue/stats "$operator"
until_it 'has "\"probe\""' GET /api/sync/queue/stats "$operator"

title "Create a job"
job '{"type":"probe","input":{"steps":8,"step":"0.5s"}}'
created

title "Watch its progress"
until_says '"text":"step 3 of 8"' GET "/api/sync/jobs/$id" "$operator"
says '"status":"RUNNING"'
becomes COMPLETED
says '"result":{"steps":8,"attempt":1}'
until_says '"line":"step 8 of 8"' GET "/api/sync/jobs/$id/log" "$operator"

title "Cancel one that runs: its worker is asked, and it ends between two steps"
job '{"type":"probe","input":{"steps":600}}'
created
until_says '"status":"RUNNING"' GET "/api/sync/jobs/$id" "$operator"
call DELETE "/api/sync/jobs/$id" "$operator"
becomes CANCELLED

title "Cancel one that waits: at once"
job '{"type":"probe","delay":"1h"}'
created
call DELETE "/api/sync/jobs/$id" "$operator"
status_is 200
says '"status":"CANCELLED"'
call DELETE "/api/sync/jobs/$id" "$operator"
status_is 409
says /problems/job-not-in-state

title "Why does it not run? It is not due"
job '{"type":"probe","input":{"steps":0},"delay":"1h"}'
created
until_says '"code":"not_due"' GET "/api/sync/jobs/$id/why" "$operator"

title "Why does it not run? Its queue is paused"
call POST /api/queues/default/pause "$operator" '{}'
says '"paused":true'
call POST "/api/sync/jobs/$id/reschedule" "$operator" '{"delay":0}'
status_is 200
until_says '"code":"queue_paused"' GET "/api/sync/jobs/$id/why" "$operator"
call POST /api/queues/default/resume "$operator" '{}'
says '"paused":false'
becomes COMPLETED

title "The same job twice is one"
job "{\"type\":\"probe\",\"unique_key\":\"$name\",\"delay\":\"1h\"}"
created
job "{\"type\":\"probe\",\"unique_key\":\"$name\",\"delay\":\"1h\"}"
status_is 409
says "\"job\":\"$id\""
call DELETE "/api/sync/jobs/$id" "$operator"

title "What fails is tried again, after a pause, and then it is dead"
job "{\"type\":\"probe\",\"key\":\"$name-dead\",\"input\":{\"steps\":0,\"failures\":2}}"
created
until_says '"phase":"retrying"' GET "/api/sync/jobs/$id" "$operator"
becomes FAILED
says '"error":"'
until_says '"type":"probe"' GET '/api/queues/dead-letters?queue=default' "$operator"

title "Retry it: it goes on counting its attempts, and the third does well"
call POST "/api/sync/jobs/$id/retry" "$operator" '{}'
becomes COMPLETED
says '"attempt":3'

title "A thousand in one call"
awk -v key="$name-bulk" 'BEGIN {
  printf "{\"jobs\":["
  for (i = 1; i <= 1000; i++)
    printf "%s{\"type\":\"probe\",\"key\":\"%s\",\"input\":{\"steps\":0,\"failures\":%d}}", (i > 1 ? "," : ""), key, (i % 100 == 0 ? 2 : 0)
  printf "]}"
}' >"$answers/bulk"
printf '\n$ curl -X POST /api/sync/jobs/bulk -d @bulk.json\n'
ask POST /api/sync/jobs/bulk "$operator" "@$answers/bulk"
says '"accepted":1000'
printf '%s, %s accepted\n' "$status" "$(field accepted)"
all="\"key\":\"$name-bulk\""
until_it 'has "\"matched\":990,"' POST /api/sync/jobs/actions "$operator" \
  "{\"action\":\"retry\",\"filter\":{$all,\"status\":\"COMPLETED\"},\"dry_run\":true}"
printf '990 are completed\n'

title "Ten of them fail for good: what would a retry of all do?"
dead="{\"action\":\"retry\",\"filter\":{$all,\"status\":\"FAILED\"}"
until_says '"matched":10,' POST /api/sync/jobs/actions "$operator" "$dead,\"dry_run\":true}"
call POST /api/sync/jobs/actions "$operator" "$dead,\"rate\":20}"
status_is 202
until_it 'has "\"matched\":1000,"' POST /api/sync/jobs/actions "$operator" \
  "{\"action\":\"retry\",\"filter\":{$all,\"status\":\"COMPLETED\"},\"dry_run\":true}"
printf 'all 1000 are completed\n'

title "A schedule: its next times, with a warning where clocks are changed"
call PUT "/api/schedules/$name" "$operator" \
  '{"job":"probe","cron":"30 2 * * 0","zone":"Europe/Madrid","input":{"steps":0}}'
says '"origin":"made"'
call GET "/api/schedules/$name?count=31" "$operator"
status_is 200
says '"warning":"'

title "Trigger it now; its job says who asked for it"
call POST "/api/schedules/$name/trigger" "$operator" '{}'
created
says "\"created_by\":\"schedule/$name/"
becomes COMPLETED
call DELETE "/api/schedules/$name" "$operator"
status_is 200

the_end
