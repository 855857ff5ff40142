#!/bin/sh
# What the cache does, on a system that runs: it answers from memory, hears of a change by psql, does
# without Redis, and tells the story of a key.
#
#   ./tidemark up                    in one terminal
#   docs/cache-tour.sh               in another; or docs/cache-tour.sh DIR for ./tidemark up --data DIR
#
# It needs curl. It KILLS the Redis of that system; ./tidemark up again brings it back. It ends with 1
# and a sentence if an answer is not as it should be.
set -eu

. "$(dirname -- "$0")/tour.sh"

# What the answer's Cache-Status says.
from() { header '[Cc]ache-[Ss]tatus'; }
shown() { printf '\n$ curl -X %s %s\n%s  Cache-Status: %s\n%s\n' "$1" "$2" "$status" "$(from)" "$answer"; }
call() { ask "$1" "$2" "$operator"; shown "$1" "$2"; }
until_ask() { until_it "$1" "$2" "$3" "$operator"; shown "$2" "$3"; }
by() { case $(from) in *"detail=$1"*) ;; *) fail "step $step: '$(from)' answered, not $1" ;; esac; }
hit() { case $(from) in *"detail=$1"*) return 0 ;; *) return 1 ;; esac; }
stock() { printf '%s' "$answer" | sed -n 's/.*"stock":\([0-9]*\),.*/\1/p'; }

title "The cache hears of every change, and Redis is asked"
until_ask 'has "\"status\":\"ok\""' GET /api/cache/status

title "A first look asks Postgres, a second one does not"
ask DELETE "/api/cache/invalidate?key=product_stock:1" "$operator"
status_is 200
call GET /api/views/product_stock/1
status_is 200; by postgres
call GET /api/views/product_stock/1
status_is 200; by memory
before=$(stock)

title "A change by psql: the next look shows it, a moment later"
sql "update shop.inventory set stock = stock + 1 where product_id = 1 and warehouse = (select min(warehouse) from shop.inventory where product_id = 1)"
until_ask '[ "$(stock)" = "$((before + 1))" ]' GET /api/views/product_stock/1
until_ask 'hit memory' GET /api/views/product_stock/1
says "\"stock\":$((before + 1)),"

title "The story of the key"
call GET /api/cache/explain/product_stock:1
status_is 200
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
ask GET /health/readiness "$operator"
status_is 200
says DEGRADED

the_end
