# shellcheck shell=bash disable=SC2154,SC2034  # the parts read one another's variables
# CKAN itself: configuration, tables, first contents, web server and job worker.

ckan() { "$venv/bin/ckan" --config="$ini" "$@"; }

# code_fingerprint: changes with every file of ours that the running portal has read.
code_fingerprint() {
  find "$root/ckanext" "$root/stack" -type f -not -path '*/tests/*' -not -name '*.pyc' -print0 |
    sort -z | xargs -0 sha256sum | fingerprint - "$venv/.stamp" "$inst/instance.env"
}

# ckan_ini: CKAN's own defaults, our settings, this installation's addresses and secrets; written at once.
ckan_ini() {
  local wanted part
  wanted=$(fingerprint "$root/stack/ckan.ini" "$root/stack/web.sh" "$inst/instance.env" "$venv/.stamp")
  [[ -f $ini ]] && stamped "$inst/ini.stamp" "$wanted" && return
  mkdir -p "$inst/storage"
  part=$(mktemp -d "$inst/ini.XXXXXX")
  (
    umask 077
    "$venv/bin/ckan" generate config "$part/ckan.ini"
    "$venv/bin/ckan" config-tool "$part/ckan.ini" --file "$root/stack/ckan.ini"
    installation_settings >"$part/installation.ini"
    "$venv/bin/ckan" config-tool "$part/ckan.ini" --file "$part/installation.ini"
  )
  mv "$part/ckan.ini" "$ini"
  rm -r "$part"
  say "$wanted" >"$inst/ini.stamp"
}

# Browsers do not tell ports apart when they send cookies: two portals on one machine need two names.
installation_settings() {
  cat <<INI
[app:main]
SECRET_KEY = $SECRET_KEY
ckanext.satudata.privacy_keys = $PRIVACY_KEYS
sqlalchemy.url = $ckan_url
ckan.datastore.write_url = $datastore_write_url
ckan.datastore.read_url = $datastore_read_url
ckan.redis.url = $redis_url
solr_url = $solr_url
solr_user = ckan
solr_password = $SOLR_PASSWORD
ckan.site_url = $SITE_URL
ckan.storage_path = $inst/storage
SESSION_COOKIE_NAME = ckan-$WEB_PORT
REMEMBER_COOKIE_NAME = remember-$WEB_PORT
INI
}

# contents: run COMMAND once for this code and this database; a later `up` with the same code skips it.
contents() {
  local text=$1 stamp=$inst/$2.stamp wanted
  shift 2
  wanted=$(code_fingerprint)
  stamped "$stamp" "$wanted" && return
  must "$text" "$@"
  say "$wanted" >"$stamp"
}

migrate() {
  ckan db upgrade
  datastore_permissions
}

# administrator: the password goes through a pipe, never through the list of processes.
administrator() {
  local there
  there=$(as_superuser "$ckan_db" --tuples-only --no-align <<<"SELECT count(*) FROM \"user\" WHERE name = 'admin'")
  if [[ $there == 0 ]]; then
    # Without a terminal of its own the command reads the password from standard input.
    printf '%s\n%s\n' "$ADMIN_PASSWORD" "$ADMIN_PASSWORD" |
      setsid --wait "$venv/bin/ckan" --config="$ini" user add admin email=admin@example.org
  fi
  ckan sysadmin add admin
}

honcho_pid() { pid_in "$inst/honcho.pid"; }
web_running() { is_ours "$(honcho_pid)"; }

web_start() {
  web_stop
  if [[ -f $logs/web.log ]]; then mv -f "$logs/web.log" "$logs/web.log.1"; fi
  daemon "$inst/honcho.pid" "$logs/web.log" \
    env --chdir="$root/stack" PATH="$venv/bin:$PATH" CKAN_INI="$ini" WEB_BIND="$WEB_BIND" PYTHONUNBUFFERED=1 \
    honcho start --no-colour
  wait_until 120 web_healthy_or_died || true
  web_healthy || {
    tail -n 30 "$logs/web.log"
    web_running || say "The web server or the job worker ended by itself; then honcho ends the other, too."
    return 1
  }
}

web_healthy() {
  http_ok "http://$WEB_BIND/api/3/action/status_show" &&
    "$venv/bin/python" "$root/stack/worker_ready.py" "$redis_url"
}
web_healthy_or_died() { ! web_running || web_healthy; }

# web_stop: ask honcho, then whatever still carries the instance's mark (a job's forked process, say).
web_stop() {
  local pid left signal
  if web_running; then
    pid=$(honcho_pid)
    kill -TERM "$pid"
    wait_gone 20 "$pid" || true
  fi
  for signal in TERM KILL; do
    read -r -a left <<<"$(processes_of_instance | grep -vxF "$(solr_pid)" | tr '\n' ' ')"
    ((${#left[@]})) || break
    kill "-$signal" "${left[@]}" 2>/dev/null || true
    wait_gone 10 "${left[@]}" || true
  done
  rm -f "$inst/honcho.pid"
}
