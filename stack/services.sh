# shellcheck shell=bash disable=SC2154,SC2034  # the parts read one another's variables
# PostgreSQL, Redis and Solr together, and the databases CKAN expects in them.

# services_up: make what is missing and start what does not run.
services_up() {
  [[ -s $pgdata/PG_VERSION ]] || must "PostgreSQL: cluster" postgres_create
  select_instance "$instance"
  must "PostgreSQL: start" postgres_start
  must "PostgreSQL: roles and databases" postgres_databases
  must "Redis: start" redis_start
  must "Solr: jars" with_install_lock solr_jars
  must "Solr: start" solr_start
}

# services_down: stop the three, the one that others need last.
services_down() {
  local rc=0
  solr_stop || rc=1
  redis_stop || rc=1
  postgres_stop || rc=1
  return "$rc"
}

services_running() { postgres_running || redis_running || solr_running; }

# forget_data: everything the stopped services have stored; ports, secrets and logs stay.
forget_data() {
  if [[ -L $inst/postgres ]]; then
    rm -rf -- "$(postgres_elsewhere)"
    rmdir --ignore-fail-on-non-empty /var/lib/satudata
  fi
  rm -rf -- "$inst"/{postgres,redis,solr,storage,storage-beside} "$inst"/*.stamp
  select_instance "$instance"
}

# test_databases: CKAN's own tables and the DataStore's rights; the plugins' tables are the tests' affair.
test_databases() {
  mkdir -p "$inst"/storage{,-beside}
  write_private "$ini" <<INI
[app:main]
ckan.plugins = datastore
ckan.site_url = $SITE_URL
SECRET_KEY = $SECRET_KEY
INI
  local stamp
  stamp=$(fingerprint "$venv/lib/python3"*/site-packages/ckan/__init__.py "$pgdata/PG_VERSION")
  stamped "$inst/databases.stamp" "$stamp" && return
  # shellcheck disable=SC1090  # made by ourselves just now
  source <(print_environment)
  "$venv/bin/ckan" --config="$ini" db init
  datastore_permissions
  databases_beside
  say "$stamp" >"$inst/databases.stamp"
}

# databases_beside: copies for tests that run at the same time as others.
databases_beside() {
  as_superuser postgres <<SQL
DROP DATABASE IF EXISTS ${ckan_db}_beside;
DROP DATABASE IF EXISTS ${datastore_db}_beside;
CREATE DATABASE ${ckan_db}_beside OWNER ckan TEMPLATE $ckan_db;
CREATE DATABASE ${datastore_db}_beside OWNER ckan TEMPLATE $datastore_db;
SQL
}

datastore_permissions() {
  "$venv/bin/ckan" --config="$ini" datastore set-permissions | as_superuser "$datastore_db"
}
