# shellcheck shell=bash disable=SC2154,SC2034  # the parts read one another's variables
# A private PostgreSQL cluster: made, started and stopped without touching any other on the machine.

# as_postgres COMMAND...: PostgreSQL refuses to run as root, so root hands it to the user postgres.
as_postgres() {
  if ((EUID == 0)); then
    (cd / && exec runuser -u postgres -- "$@")
  else
    (cd / && exec "$@")
  fi
}

# postgres_bin: the server's programs: those of the cluster's own version, else the newest.
postgres_bin() {
  local version='*' newest
  [[ -s $pgdata/PG_VERSION ]] && version=$(<"$pgdata/PG_VERSION")
  # shellcheck disable=SC2086  # the pattern is meant to expand
  newest=$(printf '%s\n' /usr/lib/postgresql/$version/bin/initdb | sort -V | tail -n 1)
  [[ -x $newest ]] || die "no PostgreSQL server programs at $newest"
  dirname "$newest"
}

# postgres_place: a directory for the cluster that the server's user can reach.
#
# A checkout in somebody's private home is closed to the user postgres; the cluster then lies in
# /var/lib/satudata and `postgres` in the instance's directory is a link to it.
postgres_place() {
  local place=$inst/postgres elsewhere
  [[ -d $place ]] && return
  if ((EUID != 0)); then
    install -d -m 700 "$place"
  elif as_postgres test -x "$inst"; then
    install -d -m 700 -o postgres "$place"
  else
    elsewhere=$(postgres_elsewhere)
    install -d -m 700 -o postgres "$elsewhere"
    ln -sfn "$elsewhere" "$place"
  fi
}

postgres_elsewhere() { say "/var/lib/satudata/$(sha256sum <<<"$inst" | cut -c1-16)"; }

# postgres_create: initdb into a neighbour first, so that an interrupted one is never taken for whole.
postgres_create() {
  postgres_place
  select_instance "$instance"
  local part=$pgdata.part password
  password=$(mktemp)
  chmod 600 "$password"
  say "$POSTGRES_PASSWORD" >"$password"
  ((EUID == 0)) && chown postgres "$password"
  rm -rf "$part"
  as_postgres "$(postgres_bin)/initdb" --pgdata="$part" --username=postgres --pwfile="$password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-sync
  rm -f "$password"
  postgres_settings | as_postgres tee -a "$part/postgresql.conf" >/dev/null
  as_postgres mv "$part" "$pgdata"
  sync -f "$pgdata/PG_VERSION"
}

postgres_settings() {
  cat <<CONF
listen_addresses = '127.0.0.1'
port = $POSTGRES_PORT
unix_socket_directories = ''
max_connections = 100
shared_buffers = 256MB
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
CONF
  # A test's database need not survive a power cut.
  [[ $instance == test* ]] && printf '%s\n' 'fsync = off' 'synchronous_commit = off' 'full_page_writes = off'
  return 0
}

# postgres_running: whether the server is there, be it still recovering (pg_isready says 1 then).
#
# The pid file alone is no proof: after a power cut the number in it may be somebody else's.
postgres_running() {
  [[ -s $pgdata/PG_VERSION ]] || return 1
  local answer=0
  "$(postgres_bin)/pg_isready" --quiet --host=127.0.0.1 --port="$POSTGRES_PORT" || answer=$?
  ((answer < 2))
}

postgres_start() {
  postgres_running && return
  as_postgres "$(postgres_bin)/pg_ctl" --pgdata="$pgdata" --log="${pgdata%/data}/server.log" \
    --wait --timeout=60 start ||
    { tail -n 20 "${pgdata%/data}/server.log"; return 1; }
}

postgres_stop() {
  postgres_running || return 0
  as_postgres "$(postgres_bin)/pg_ctl" --pgdata="$pgdata" --mode=fast --wait --timeout=60 stop
}

# as_superuser DATABASE [PSQL-ARGUMENT...]: run SQL of standard input as the cluster's superuser.
as_superuser() {
  local database=$1
  shift
  PGPASSWORD=$POSTGRES_PASSWORD psql --host=127.0.0.1 --port="$POSTGRES_PORT" --username=postgres \
    --dbname="$database" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 "$@"
}

# postgres_databases: the two roles and two databases; what exists stays.
postgres_databases() {
  as_superuser postgres <<SQL
SELECT format('CREATE ROLE %I LOGIN', r) FROM unnest(ARRAY['ckan', 'datastore_ro']) r
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) \\gexec
ALTER ROLE ckan PASSWORD '$CKAN_DB_PASSWORD';
ALTER ROLE datastore_ro PASSWORD '$DATASTORE_RO_PASSWORD';
SELECT format('CREATE DATABASE %I OWNER ckan TEMPLATE template0 ENCODING ''UTF8''', d)
  FROM unnest(ARRAY['$ckan_db', '$datastore_db']) d
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = d) \\gexec
REVOKE CONNECT ON DATABASE $ckan_db FROM PUBLIC;
-- A statement that fails would be written into the server's log with every value in it.
ALTER ROLE ckan SET log_min_error_statement = 'panic';
ALTER ROLE ckan SET log_error_verbosity = 'terse';
SQL
  # The browser tests make a database for a portal of their own.
  [[ $instance == run ]] || as_superuser postgres <<<'ALTER ROLE ckan CREATEDB;'
}
