# shellcheck shell=bash disable=SC2154,SC2034,SC2164  # the parts read one another's variables
# The virtual environment, made of requirements.lock and of this checkout.

venv_fingerprint() {
  fingerprint "$root/requirements.lock" "$root/setup.cfg" "$root/setup.py" "$root"/ckanext/satudata/native/*.[ch]
}

# venv_ready: install where the lock file, the package's own declaration or its C sources changed.
venv_ready() {
  local wanted
  wanted=$(venv_fingerprint)
  stamped "$venv/.stamp" "$wanted" && return
  must "Python packages (requirements.lock)" with_install_lock venv_install "$wanted"
}

venv_install() {
  stamped "$venv/.stamp" "$1" && return
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || die "Python 3.10 or newer is needed"
  # An environment of another interpreter (a new Debian release) or a half-made one is made again.
  "$venv/bin/python" -m pip --version || python3 -m venv --clear "$venv"
  # The lock names psycopg2-binary; the same files must not belong to a psycopg2 as well.
  "$venv/bin/pip" uninstall --yes --quiet psycopg2
  "$venv/bin/pip" install --no-deps --require-hashes --disable-pip-version-check \
    --requirement "$root/requirements.lock"
  "$venv/bin/pip" install --no-deps --no-build-isolation --disable-pip-version-check --editable "$root"
  "$venv/bin/pip" check
  say "$1" >"$venv/.stamp"
}

# loaders_install: what only the long tests play with.
loaders_install() {
  "$venv/bin/pip" install --disable-pip-version-check --requirement "$root/stack/loaders.txt"
  "$venv/bin/pip" check
}

# lock_renew: the newest versions that setup.cfg and both requirements files allow, for Python 3.10 and up.
lock_renew() {
  local uv=$var/uv
  [[ -x $uv/bin/uv ]] || { python3 -m venv "$uv" && "$uv/bin/pip" install --quiet uv; }
  cd "$root"
  UV_PYTHON_DOWNLOADS=never UV_CUSTOM_COMPILE_COMMAND='./portal lock' "$uv/bin/uv" pip compile --quiet \
    --universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --overrides stack/overrides.txt --output-file requirements.lock "$@" \
    setup.cfg requirements.in requirements-dev.in
}
