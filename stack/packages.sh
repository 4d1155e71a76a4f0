# shellcheck shell=bash disable=SC2154,SC2034  # the parts read one another's variables
# Debian's packages: only those whose programs are missing, and without starting anything.

# packages_missing [test]: the packages to install; `test` asks for those only the tests need, too.
packages_missing() {
  python3 -c 'import ensurepip, venv' 2>/dev/null || say python3 python3-venv
  have cc || say gcc libc6-dev
  python3 -c 'import os, sys, sysconfig
sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' || say python3-dev
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || say postgresql
  have psql || say postgresql-client
  have redis-server || say redis-server
  have redis-cli || say redis-tools
  have javac || say default-jdk-headless
  have mvn || say maven
  /sbin/ldconfig -p | grep -q 'libmagic\.so\.1' || say libmagic1
  /sbin/ldconfig -p | grep -q 'libpangoft2-1\.0\.so\.0' || say libpango-1.0-0 libpangoft2-1.0-0
  /sbin/ldconfig -p | grep -q 'libharfbuzz-subset\.so\.0' || say libharfbuzz-subset0
  compgen -G '/usr/share/fonts/truetype/*/*.ttf' >/dev/null || say fonts-dejavu-core
  have node || say nodejs
  have npm || say npm
  have git || say git
  if [[ ${1:-} == test ]]; then
    have chromium || have google-chrome || say chromium
  fi
}

have() { command -v "$1" >/dev/null; }

# packages_ready [test]: install what is missing, as root or by sudo.
packages_ready() {
  local missing
  read -r -a missing <<<"$(packages_missing "${1:-}" | tr '\n' ' ')"
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    have sudo || die "missing packages; as root, run: apt-get install ${missing[*]}"
    sudo -v
  fi
  must "Debian packages: ${missing[*]}" with_install_lock packages_install "${missing[@]}"
}

packages_install() {
  local as_root=()
  ((EUID == 0)) || as_root=(sudo)
  "${as_root[@]}" bash "$root/stack/apt_install.sh" "$@"
  [[ -z $(packages_missing) ]] || die "still missing after the installation: $(packages_missing)"
}
