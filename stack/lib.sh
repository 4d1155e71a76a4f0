# shellcheck shell=bash disable=SC2154,SC2034  # the parts read one another's variables
# Paths, messages, steps, locks and processes: what every other part of `portal` uses.
#
# An *instance* is one private set of PostgreSQL, Redis and Solr (and, for `run`, the portal itself)
# with a directory, ports and secrets of its own: `run`, `test`, `bench`, or `test-NAME`.

var=$(realpath -m "${PORTAL_VAR:-$root/var}")
venv=$var/venv
solr_lib=$var/solr-lib

# select_instance NAME: set the variables that the other parts read.
select_instance() {
  [[ $1 =~ ^(run|bench|test(-[a-z0-9]+)*)$ ]] ||
    die "unknown instance '$1'; it is one of: run, test, bench, test-NAME"
  instance=$1
  inst=$var/$1
  logs=$inst/logs
  # Where the cluster really is: the server's user may be unable to follow the path to a link.
  pgdata=$(realpath -m "$inst/postgres")/data
  ini=$inst/ckan.ini
}

# say LINE...
say() { printf '%s\n' "${@:-}"; }
die() {
  printf 'portal: %s\n' "$*" >&2
  exit 1
}

# step TEXT COMMAND...: run one step quietly, in a process group of its own, and say how long it took.
#
# The output goes to a log whose last lines are shown where the step fails. Ctrl-C ends the step's
# whole group (daemons it started have sessions of their own and stay).
#
# The result is in $step_status; the function itself succeeds, and must not be called before `||`,
# `&&` or in a condition: bash would then ignore errors inside of COMMAND.
step() {
  local text=$1 log began=$EPOCHREALTIME
  step_status=0
  shift
  log=$logs/$(tr -cs 'a-zA-Z0-9' '-' <<<"${text,,}")
  log=${log%-}.log
  mkdir -p "$logs"
  printf '  %-52s ' "$text"
  set -m
  (
    set +m
    exec 9>&- </dev/null
    "$@"
  ) >"$log" 2>&1 &
  step_pid=$!
  set +m
  wait "$step_pid" || step_status=$?
  step_pid=
  if ((step_status == 0)); then
    say "$(since "$began")"
  else
    say "FAILED after $(since "$began")"
    say "portal: the step '$text' failed (exit status $step_status). Last lines of $log:" >&2
    tail -n "${PORTAL_TAIL:-25}" "$log" | sed 's/^/    /' >&2
  fi
}

# must TEXT COMMAND...: a step without which there is no going on.
must() {
  step "$@"
  ((step_status == 0)) && return
  say "What to do: read the log named above, mend the cause and run the same command again;" >&2
  say "finished steps are not repeated. './portal reset $instance' starts that instance afresh." >&2
  exit 1
}

since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { gsub(",", ".", a); gsub(",", ".", b); printf "%.1f s", b - a }'; }

# interrupted: end the running step with all it started (some, like timeout, leave its process group).
interrupted() {
  trap - INT TERM
  local pids
  if [[ -n ${step_pid:-} ]]; then
    read -r -a pids <<<"$(family "$step_pid" | tr '\n' ' ')"
    kill -INT "${pids[@]}" 2>/dev/null || true
    # Time enough for tests to stop the services they started themselves.
    wait_gone 30 "${pids[@]}" || kill -TERM "${pids[@]}" 2>/dev/null || true
    wait_gone 5 "${pids[@]}" || kill -KILL "${pids[@]}" 2>/dev/null || true
  fi
  say
  say "portal: interrupted; run the same command again to go on." >&2
  exit 130
}

# family PID: the process and all its descendants.
family() {
  cat /proc/[0-9]*/stat 2>/dev/null | awk -v root="$1" '
    { pid = $1; sub(/^.*\) /, ""); children[$2] = children[$2] " " pid }
    END {
      list = root
      while (list != "") {
        n = split(list, members, " "); list = ""
        for (i = 1; i <= n; i++) { print members[i]; list = list children[members[i]] }
      }
    }' || true
}

# lock: one portal command at a time may change an instance.
lock() {
  mkdir -p "$inst"
  exec 9>"$inst/lock"
  flock -n 9 || die "another portal command is at work on '$instance' (lock: $inst/lock)"
}

# install_lock: instances share the venv and Solr's jars, so that only one command installs at a time.
with_install_lock() {
  (
    flock 8
    "$@" 8>&-
  ) 8>"$var/install.lock"
}

# write_private FILE: standard input into FILE, at once and readable by its owner alone.
write_private() {
  local part=$1.part
  (umask 077 && cat >"$part")
  mv -f "$part" "$1"
}

fingerprint() { cat "$@" | sha256sum | cut -c1-16; }
stamped() { [[ -f $1 && $(<"$1") == "$2" ]]; }

# random_key: 32 random bytes in the alphabet of addresses, as Fernet takes them.
random_key() { python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'; }
random_secret() { python3 -c 'import secrets; print(secrets.token_hex(24))'; }

# create_instance: ports and secrets, chosen once and kept.
create_instance() {
  mkdir -p "$inst" "$logs"
  local settings
  if [[ ! -f $inst/instance.env ]]; then
    settings=$(new_instance_settings)
  elif ! grep -q '^PRIVACY_KEYS=' "$inst/instance.env"; then
    # Made by a version that kept nothing about persons.
    settings=$(cat "$inst/instance.env" && privacy_settings)
  else
    return 0
  fi
  write_private "$inst/instance.env" <<<"$settings"
}

# privacy_settings: the keys that seal who people are, the newest first, between quotes.
privacy_settings() { say "PRIVACY_KEYS='$(random_key)'"; }

new_instance_settings() {
  local name
  say "INSTANCE_ID=satudata-$(random_secret)"
  python3 "$root/stack/ports.py" POSTGRES_PORT REDIS_PORT SOLR_PORT WEB_PORT
  # Where the web server listens, and the address people use (another one behind a proxy).
  # shellcheck disable=SC2016  # expanded where the file is read
  say 'WEB_BIND=127.0.0.1:$WEB_PORT' 'SITE_URL=http://127.0.0.1:$WEB_PORT'
  for name in POSTGRES CKAN_DB DATASTORE_RO REDIS SOLR; do
    say "${name}_PASSWORD=$(random_secret)"
  done
  say "SECRET_KEY=$(random_secret)"
  privacy_settings
  # People type this one.
  say "ADMIN_PASSWORD=$(random_secret | cut -c1-16)"
}

load_instance() {
  [[ -f $inst/instance.env ]] || return 1
  # shellcheck disable=SC1091
  source "$inst/instance.env"
  local suffix=
  [[ $instance == run ]] || suffix=_test
  ckan_db=ckan$suffix
  datastore_db=datastore$suffix
  db_host=127.0.0.1:$POSTGRES_PORT
  ckan_url=postgresql://ckan:$CKAN_DB_PASSWORD@$db_host/$ckan_db
  datastore_write_url=postgresql://ckan:$CKAN_DB_PASSWORD@$db_host/$datastore_db
  datastore_read_url=postgresql://datastore_ro:$DATASTORE_RO_PASSWORD@$db_host/$datastore_db
  redis_url=redis://:$REDIS_PASSWORD@127.0.0.1:$REDIS_PORT/1
  solr_url=http://127.0.0.1:$SOLR_PORT/solr/ckan
}

# print_environment: what a developer's shell needs to use this instance with a plain `pytest`.
print_environment() {
  cat <<ENV
export CKAN_INI=$root/test.ini
export CKAN_SQLALCHEMY_URL=$ckan_url
export CKAN_DATASTORE_WRITE_URL=$datastore_write_url
export CKAN_DATASTORE_READ_URL=$datastore_read_url
export CKAN_REDIS_URL=$redis_url
export CKAN_SOLR_URL=$solr_url
export CKAN_SOLR_USER=ckan
export CKAN_SOLR_PASSWORD=$SOLR_PASSWORD
export CKAN_STORAGE_PATH=$inst/storage
export PATH=$venv/bin:$PATH
ENV
}

# print_environment_beside: the same for tests that run at the same time as others.
print_environment_beside() {
  print_environment
  cat <<ENV
export CKAN_SQLALCHEMY_URL=${ckan_url%/*}/${ckan_db}_beside
export CKAN_DATASTORE_WRITE_URL=${datastore_write_url%/*}/${datastore_db}_beside
export CKAN_DATASTORE_READ_URL=${datastore_read_url%/*}/${datastore_db}_beside
export CKAN_REDIS_URL=${redis_url%/*}/2
export CKAN_SITE_ID=beside.satudata
export CKAN_STORAGE_PATH=$inst/storage-beside
ENV
}

# alive PID: whether the process runs; one that has ended and waits to be reaped does not.
alive() {
  [[ -n ${1:-} && -r /proc/$1/stat ]] && [[ $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) != Z* ]]
}
pid_in() { if [[ -s $1 ]]; then head -n 1 "$1"; fi; }

# wait_gone SECONDS PID...: whether all have ended by then.
wait_gone() {
  local end=$((SECONDS + $1)) pid
  shift
  for pid in "$@"; do
    while alive "$pid"; do
      ((SECONDS < end)) || return 1
      sleep 0.1
    done
  done
}

# wait_until SECONDS COMMAND...: try until it succeeds.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.3
  done
}

# is_ours PID: whether the process carries this instance's id in its environment.
#
# Solr, honcho, the web workers, the job worker and whatever they forked do. PostgreSQL and Redis
# write their titles over their environment and are recognised in other ways.
is_ours() { [[ -n ${1:-} ]] && grep -qsazxF "SATUDATA_INSTANCE=$INSTANCE_ID" "/proc/$1/environ"; }

processes_of_instance() {
  local dir
  for dir in /proc/[0-9]*; do
    if is_ours "${dir#/proc/}"; then say "${dir#/proc/}"; fi
  done
}

# daemon PIDFILE LOG COMMAND...: start COMMAND in a session of its own, marked with the instance's id.
daemon() {
  local pidfile=$1 log=$2
  shift 2
  SATUDATA_INSTANCE=$INSTANCE_ID setsid "$@" </dev/null >>"$log" 2>&1 9>&- &
  say $! | write_private "$pidfile"
}

# http_ok URL [USER:PASSWORD]: whether URL answers 200.
http_ok() { python3 "$root/stack/http_ok.py" "$@"; }
