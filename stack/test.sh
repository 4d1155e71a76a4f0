# shellcheck shell=bash disable=SC2154,SC2034,SC2164  # the parts read one another's variables
# Every check of the project, one line each, and pytest's own words at the end.

tests=$root/ckanext/satudata/tests
results=$var/test/results

check_style() {
  cd "$root"
  "$venv/bin/ruff" check .
  "$venv/bin/ruff" format --check .
}

check_types() {
  cd "$root"
  "$venv/bin/basedpyright" --pythonpath "$venv/bin/python"
}

build_docs() {
  cd "$root"
  "$venv/bin/mkdocs" build --strict --site-dir "$var/site"
}

# run_pytest NAME ARGUMENT...: one run, its counts kept for the closing line.
#
# A test that hangs shows its stacks after three minutes, and cannot hold the run for ever.
# `test --long` sets SATUDATA_LONG, and has hours.
run_pytest() {
  local name=$1 limit=2700 patience=180
  shift
  if [[ -n ${SATUDATA_LONG:-} ]]; then limit=14400 patience=7200; fi
  cd "$root"
  timeout --kill-after=30 "$limit" "$venv/bin/pytest" --junit-xml="$results/$name.xml" \
    -o junit_family=xunit2 -o faulthandler_timeout="$patience" -ra "$@"
}

# Pure tests run without CKAN's pytest plugins (and the option for them): these ask for a database.
test_pure() {
  run_pytest pure -o addopts= -p no:ckan -p no:ckan_fixtures "$tests/consistency" "$tests/extract"
}

# What renders pages takes about half the time, and runs beside the rest on databases of its own.
pages=("$tests/views" "$tests/validation" "$tests/i18n" "$tests/browser")

test_services() {
  local rc=0 beside
  test_pages >"$logs/tests-of-pages.log" 2>&1 &
  beside=$!
  run_pytest services "$tests" "$root/tests" --ignore="$tests/consistency" --ignore="$tests/extract" \
    "${pages[@]/#/--ignore=}" || rc=1
  wait "$beside" || rc=1
  cat "$logs/tests-of-pages.log"
  return "$rc"
}

test_pages() {
  local rc=0
  # shellcheck disable=SC1090
  source <(print_environment_beside)
  run_pytest pages "${pages[@]:0:3}" || rc=1
  run_pytest browser "${pages[3]}" || rc=1
  return "$rc"
}

# check NAME TEXT COMMAND: a step after whose failure the others still run.
check() {
  local name=$1
  shift
  step "$@"
  ((step_status == 0)) || failed+=("$name")
}

# test_all: everything, so that one run tells all that is wrong.
test_all() {
  local failed=() began=$EPOCHREALTIME
  rm -rf "$results"
  mkdir -p "$results"
  check style "Style: ruff" check_style
  check types "Types: basedpyright" check_types
  check pure "Tests: pure" test_pure
  services_up
  must "CKAN: databases for the tests" test_databases
  # shellcheck disable=SC1090
  source <(print_environment)
  check services "Tests: with services, in the browser" test_services
  check documents "Documents: mkdocs" build_docs
  say
  if ((${#failed[@]})); then say "FAILED: ${failed[*]} (logs in $logs)"; fi
  python3 "$root/stack/closing_line.py" "$results" "$(since "$began")"
  ((${#failed[@]} == 0))
}

# test_some ARGUMENT...: pytest as it is, with the services up.
test_some() {
  services_up
  must "CKAN: databases for the tests" test_databases
  # shellcheck disable=SC1090
  source <(print_environment)
  cd "$root"
  "$venv/bin/pytest" "$@"
}
