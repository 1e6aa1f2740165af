#!/bin/sh
# Run once, by the image of PostgreSQL, at the end of its setup, which would wait for ever for a standby: from the next start on nothing is
# answered before a standby has it, and one may connect, with the password. While it is down writes wait, and answer 503 after 5 s.
echo "synchronous_standby_names = '*'" >>"$PGDATA/postgresql.conf"
echo 'host replication tousu samenet scram-sha-256' >>"$PGDATA/pg_hba.conf"
