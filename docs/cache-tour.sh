#!/bin/sh
# What the cache does, on a system that runs: it answers from memory, hears of a change by psql, does
# without Redis, and tells the story of a key.
#
#   ./tidemark up                    in one terminal
#   docs/cache-tour.sh               in another; or docs/cache-tour.sh DIR for ./tidemark up --data DIR
#
# It needs curl. It KILLS the Redis of that system; ./tidemark up again brings it back. It ends with 1
# and a sentence if an answer is not as it should be. TIDEMARK names another command than ./tidemark.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
tidemark=${TIDEMARK:-$here/tidemark}
data=${1:-.tidemark}
PATIENCE=30

fail() { printf 'cache-tour: %s\n' "$*" >&2; exit 1; }
command -v curl >/dev/null || fail "curl is missing."

own() { command=$1; shift; "$tidemark" "$command" --data "$data" "$@"; }
info=$(own info) || fail "nothing runs on $data: start ./tidemark up first."
url() { printf '%s' "$info" | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }
api=$(url api)
[ -n "$api" ] || fail "nothing runs on $data: start ./tidemark up first."
operator=$(own token --role operator)
answers=$(mktemp -d)
trap 'rm -rf "$answers"' EXIT
step=0

title() { step=$((step + 1)); printf '\n\n== %s. %s\n' "$step" "$*"; }
# ask METHOD PATH: sets status, answer and from, which says who answered.
ask() {
  status=$(curl -s -S -o "$answers/body" -D "$answers/head" -w '%{http_code}' -X "$1" "$api$2" \
    -H "Authorization: Bearer $operator") || fail "the api does not answer."
  answer=$(cat "$answers/body")
  from=$(tr -d '\r' < "$answers/head" | sed -n 's/^[Cc]ache-[Ss]tatus: //p')
}
call() {
  printf '\n$ curl -X %s %s\n' "$1" "$2"
  ask "$1" "$2"
  printf '%s  Cache-Status: %s\n%s\n' "$status" "${from:-none}" "$answer"
}
sql() { printf '\n$ ./tidemark psql -c "%s"\n' "$1"; own psql -c "$1" >/dev/null || fail "Postgres refused that."; }
is() { [ "$status" = "$1" ] || fail "step $step: the status is $status, not $1: $answer"; }
by() { case $from in *"detail=$1"*) ;; *) fail "step $step: '$from' answered, not $1" ;; esac; }
says() { case $answer in *"$1"*) ;; *) fail "step $step: the answer has no '$1': $answer" ;; esac; }
# until_ask CONDITION METHOD PATH: asks until a command is content.
until_ask() {
  condition=$1; shift
  end=$(($(date +%s) + PATIENCE))
  ask "$@"
  while ! eval "$condition"; do
    [ "$(date +%s)" -lt "$end" ] || fail "step $step: after $PATIENCE s it is still $status '$from' $answer"
    sleep 0.05
    ask "$@"
  done
  printf '\n$ curl -X %s %s\n%s  Cache-Status: %s\n%s\n' "$1" "$2" "$status" "${from:-none}" "$answer"
}
has() { case $answer in *"$1"*) return 0 ;; *) return 1 ;; esac; }
hit() { case $from in *"detail=$1"*) return 0 ;; *) return 1 ;; esac; }
stock() { printf '%s' "$answer" | sed -n 's/.*"stock":\([0-9]*\),.*/\1/p'; }

title "The cache hears of every change, and Redis is asked"
until_ask 'has "\"status\":\"ok\""' GET /api/cache/status

title "A first look asks Postgres, a second one does not"
ask DELETE "/api/cache/invalidate?key=product_stock:1"
is 200
call GET /api/views/product_stock/1
is 200; by postgres
call GET /api/views/product_stock/1
is 200; by memory
before=$(stock)

title "A change by psql: the next look shows it, a moment later"
sql "update shop.inventory set stock = stock + 1 where product_id = 1 and warehouse = (select min(warehouse) from shop.inventory where product_id = 1)"
until_ask '[ "$(stock)" = "$((before + 1))" ]' GET /api/views/product_stock/1
until_ask 'hit memory' GET /api/views/product_stock/1
says "\"stock\":$((before + 1)),"

title "The story of the key"
call GET /api/cache/explain/product_stock:1
is 200
says "update of stock"
says "In this node's memory"

title "Redis is killed: answers are as right as before"
port=$(url redis | sed 's/.*://')
printf '\n$ pkill -9 -f redis-server.*:%s\n' "$port"
pkill -9 -f "redis-server.*:$port" || fail "there is no Redis on port $port."
sql "update shop.inventory set stock = stock + 1 where product_id = 1 and warehouse = (select min(warehouse) from shop.inventory where product_id = 1)"
until_ask '[ "$(stock)" = "$((before + 2))" ]' GET /api/views/product_stock/1
until_ask 'hit memory' GET /api/views/product_stock/1
says "\"stock\":$((before + 2)),"
until_ask 'has "\"fallback_active\":true"' GET /api/cache/fallback-status
ask GET /health/readiness
is 200
says DEGRADED

printf '\nAll %s steps were answered as they should be.\n' "$step"
