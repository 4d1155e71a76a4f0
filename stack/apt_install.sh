#!/usr/bin/env bash
# Install Debian packages so that no service of theirs runs: the portal brings up its own.
#
# Usage, as root: apt_install.sh PACKAGE...
#
# Debian starts what it installs, and its postgresql makes and starts a cluster `main`. Both are
# held back here, and only where this script is what brings the package; services that were on the
# machine before are left alone.
set -Eeuo pipefail

mark='installed by ckanext-satudata'
policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.conf

installed() { dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

withdraw_policy() { if grep -qs "$mark" "$policy"; then rm -f "$policy"; fi; }
trap withdraw_policy EXIT

# 101: "action forbidden by policy" (invoke-rc.d's own convention).
if [[ ! -e $policy ]] || grep -qs "$mark" "$policy"; then
  printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" >"$policy"
  chmod 755 "$policy"
fi

if ! installed postgresql-common && [[ ! -e $clusters ]]; then
  mkdir -p "$(dirname "$clusters")"
  printf '# %s\ncreate_main_cluster = false\n' "$mark" >"$clusters"
fi

redis_was_there=$(installed redis-server && echo yes || echo no)

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends \
  -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 "$@"

# Installed by us for its program alone: it must not come up at the next boot either.
if [[ $redis_was_there == no ]] && installed redis-server && command -v systemctl >/dev/null; then
  systemctl disable redis-server.service
fi
