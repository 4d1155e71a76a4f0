# shellcheck shell=bash disable=SC2154,SC2034,SC2164  # the parts read one another's variables
# What browsers run, made of frontend/package-lock.json. Pages fetch nothing from other hosts.

frontend_made=$root/ckanext/satudata/public/satudata-built
# Beside what it tells of: installations with different directories for data share a checkout.
frontend_stamp=$root/frontend/node_modules/.built

frontend_fingerprint() {
  find "$root/frontend" -type f -not -path '*/node_modules/*' -print0 | sort -z | xargs -0 sha256sum |
    fingerprint - <(node --version)
}

# frontend_ready: make the bundles where their sources or the lock file changed.
frontend_ready() {
  local wanted
  wanted=$(frontend_fingerprint)
  [[ -s $frontend_made/built.json ]] && stamped "$frontend_stamp" "$wanted" && return
  must "Browser scripts (package-lock.json)" with_install_lock frontend_build "$wanted"
}

frontend_build() {
  cd "$root/frontend"
  npm ci
  node build.mjs "$frontend_made"
  say "$1" >"$frontend_stamp"
}
