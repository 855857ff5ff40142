# What the tours share; they read it, and it does nothing alone. $1 is the data directory of the
# system that runs. TIDEMARK names another command than ./tidemark.

tour=$(basename "$0" .sh)
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
tidemark=${TIDEMARK:-$here/tidemark}
data=${1:-.tidemark}
PATIENCE=30
step=0
status='' answer=''

fail() { printf '%s: %s\n' "$tour" "$*" >&2; exit 1; }
command -v curl >/dev/null || fail "curl is missing."

own() { command=$1; shift; "$tidemark" "$command" --data "$data" "$@"; }
info=$(own info) || fail "nothing runs on $data: start ./tidemark up first."
url() { printf '%s' "$info" | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p"; }
api=$(url api)
[ -n "$api" ] || fail "nothing runs on $data: start ./tidemark up first."
operator=$(own token --role operator)
answers=$(mktemp -d)
trap 'rm -rf "$answers"' EXIT

title() { step=$((step + 1)); printf '\n\n== %s. %s\n' "$step" "$*"; }
sql() { printf '\n$ ./tidemark psql -c "%s"\n' "$1"; own psql -c "$1" >/dev/null || fail "Postgres refused that."; }
show() {
  printf '%s ' "$status"
  case $1 in
    '{'*) if command -v jq >/dev/null; then printf '%s' "$1" | jq .; else printf '%s\n' "$1"; fi ;;
    *) printf '\n%s\n' "$1" ;;
  esac
}

# ask METHOD PATH TOKEN [BODY [HEADER]]: sets status and answer; the head is in $answers/head.
# BODY may be @FILE.
ask() {
  status=$(curl -s -S -o "$answers/body" -D "$answers/head" -w '%{http_code}' -X "$1" "$api$2" \
    -H "Authorization: Bearer $3" -H "${5:-Accept: */*}" \
    ${4:+-H 'Content-Type: application/json' --data-binary "$4"}) || fail "the api does not answer."
  answer=$(cat "$answers/body")
}
call() {
  printf '\n$ curl -X %s %s%s%s\n' "$1" "$2" "${5:+ -H '$5'}" "${4:+ -d '$4'}"
  ask "$@"
  show "$answer"
}
header() { tr -d '\r' <"$answers/head" | sed -n "s/^$1: *//p"; }

# The first text, number or word with that name in the answer.
field() { printf '%s' "$answer" | tr ',{[' '\n\n\n' | sed -n "s/^\"$1\":\"\{0,1\}\([^\"}]*\).*/\1/p" | head -n 1; }
has() { case $answer in *"$1"*) return 0 ;; *) return 1 ;; esac; }
says() { has "$1" || fail "step $step: the answer ($status) should say $1 and does not: $answer"; }
status_is() { [ "$status" = "$1" ] || fail "step $step: the status should be $1 and is $status: $answer"; }

# until_it CONDITION METHOD PATH TOKEN: asks until a command is content.
until_it() {
  condition=$1
  shift
  end=$(($(date +%s) + PATIENCE))
  ask "$@"
  while ! eval "$condition"; do
    [ "$(date +%s)" -lt "$end" ] || fail "step $step: after $PATIENCE s it is still $status $answer"
    sleep 0.1
    ask "$@"
  done
}

# until_says TEXT METHOD PATH TOKEN: asks until the answer says so.
until_says() {
  wanted=$1
  shift
  until_it 'has "$wanted"' "$@"
  printf '\n$ curl -X %s %s\n' "$1" "$2"
  show "$answer"
}

the_end() { printf '\nAll %s steps were answered as they should be.\n' "$step"; }
