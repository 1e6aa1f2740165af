#!/usr/bin/env bash
# Restore drill: copies the data folder of a server as a backup would, and lets the server go on from the copy. Down for some
# seconds. Run it in the project's folder, as the user of the server or as root:
#
#   docs/deploy/restore-drill.sh DATA_DIR URL TRUST STATE
#   docs/deploy/restore-drill.sh /var/lib/tousu http://127.0.0.1:8787 trust.txt monitor.state
#
# TRUST is a trust policy that you pinned before, STATE the memory of `tousu monitor` (docs/auditing.md). Exit 0: ready, and the
# monitor found one unbroken log; the former folder is then DATA_DIR.before, and yours to delete. Exit 1: the server runs on
# the former folder again, and took no write on the copy.
set -euo pipefail
[ $# -eq 4 ] || { sed -n 's/^#   //p' "$0" >&2; exit 2; }
data=${1%/} url=$2 trust=$3 state=$4
node=${NODE:-node}
: "${STOP:=systemctl stop tousu}" "${START:=systemctl start tousu}"
umask 077

say() { printf '%s\n' "$*"; }
copy=$data.copy before=$data.before
for folder in "$copy" "$before"; do
  [ ! -e "$folder" ] || { say "$folder exists: of an earlier drill?" >&2; exit 2; }
done

# Whatever fails before the copy takes over, the server goes on as it was.
trap 'rm -rf "$copy"; eval "$START"; exit 1' ERR
eval "$STOP"
say 'stopped'

# The database first, then the files: a file is there before the step that names it.
mkdir "$copy"
"$node" -e '
  const Database = require("better-sqlite3")
  const [from, to] = process.argv.slice(1)
  const ledger = new Database(from, { fileMustExist: true })
  ledger.prepare("VACUUM INTO ?").run(to)
  const found = new Database(to).pragma("integrity_check", { simple: true })
  if (found !== "ok") throw new Error(found)
' "$data/ledger.db" "$copy/ledger.db"
for name in files last-checkpoint; do
  [ ! -e "$data/$name" ] || cp -a "$data/$name" "$copy/"
done
# Under root the copy belongs to the server's user, as the original does.
[ "$(id -u)" -ne 0 ] || chown -R --reference="$data" "$copy"
say "copied, $(du -sh "$copy" | cut -f1)"

trap - ERR
mv "$data" "$before"
mv "$copy" "$data"
eval "$START"

answer=''
for _ in $(seq 60); do
  answer=$(curl -s -m 5 "$url/readyz" || true)
  case $answer in *'"ready"'* | *'"unavailable"'*) break ;; esac
  sleep 0.5
done
case $answer in
*'"ready"'*) say 'ready' ;;
*)
  say "not ready: $answer" >&2
  eval "$STOP"
  mv "$data" "$copy"
  mv "$before" "$data"
  eval "$START"
  exit 1
  ;;
esac

"$node" src/cli/tousu.ts monitor "$url/log/0" --policy "$trust" --state "$state"
say "the server runs on the copy; $before holds texts of people: delete it"
