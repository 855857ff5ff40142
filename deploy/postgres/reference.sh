#!/bin/bash
# Runs once, when the database is made: the tables and rows of the reference catalog. Not for a
# database of your own, which brings its tables itself.
set -euo pipefail

find /reference/migrations -name 'V*.sql' | sort -V | while read -r file; do
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --quiet -f "$file"
done
find /reference/seed -name '*.sql' | sort | while read -r file; do
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --quiet -f "$file"
done
