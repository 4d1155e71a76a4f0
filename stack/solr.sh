# shellcheck shell=bash disable=SC2154,SC2034  # the parts read one another's variables
# A private Solr from Maven's jars, with one core that carries the schema of the installed CKAN.

# solr_jars: fetch Solr once for all instances of this checkout.
solr_jars() {
  local wanted
  wanted=$(fingerprint "$root/stack/solr/pom.xml")
  stamped "$solr_lib/.stamp" "$wanted" && return
  rm -rf "$solr_lib.part"
  mvn --quiet --batch-mode --strict-checksums --file "$root/stack/solr/pom.xml" \
    dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$solr_lib.part"
  say "$wanted" >"$solr_lib.part/.stamp"
  rm -rf "$solr_lib"
  mv "$solr_lib.part" "$solr_lib"
}

# solr_core: the home directory; CKAN's schema is copied again where a newer CKAN brought another.
solr_core() {
  local home=$inst/solr conf=$inst/solr/ckan/conf schema list
  mkdir -p "$conf"
  schema=$("$venv/bin/python" -c '
import importlib.util, pathlib
print(pathlib.Path(importlib.util.find_spec("ckan").origin).parent / "config/solr/schema.xml")')
  cp "$schema" "$conf/schema.xml"
  cp "$root/stack/solr/solrconfig.xml" "$conf/"
  # The schema's text types name these lists; CKAN ships none, and empty ones change no word.
  for list in protwords synonyms stopwords; do : >"$conf/$list.txt"; done
  say '<solr/>' >"$home/solr.xml"
  say 'name=ckan' >"$home/ckan/core.properties"
  solr_security | write_private "$home/security.json"
}

# solr_security: one user with a generated password; Solr keeps base64(sha256(sha256(salt + password))).
solr_security() {
  SOLR_PASSWORD=$SOLR_PASSWORD python3 - <<'PY'
import base64, hashlib, json, os, secrets

salt = secrets.token_bytes(32)
digest = hashlib.sha256(hashlib.sha256(salt + os.environ["SOLR_PASSWORD"].encode()).digest()).digest()
stored = " ".join(base64.b64encode(part).decode() for part in (digest, salt))
plugin = {"class": "solr.BasicAuthPlugin", "blockUnknown": True, "credentials": {"ckan": stored}}
print(json.dumps({"authentication": plugin}))
PY
}

solr_pid() { pid_in "$inst/solr.pid"; }
solr_running() { is_ours "$(solr_pid)"; }

solr_start() {
  solr_running && return
  solr_core
  daemon "$inst/solr.pid" "$logs/solr-server.log" \
    java -Xms128m "-Xmx${SOLR_HEAP:-512m}" -Dsolr.solr.home="$inst/solr" -Dsolr.install.dir="$solr_lib" \
    -Dsolr.log.dir="$logs" -Dlog4j2.level=WARN -Djava.awt.headless=true \
    -cp "$solr_lib/*" "$root/stack/solr/SolrLauncher.java" "$SOLR_PORT"
  wait_until 90 solr_answers_or_died || true
  solr_answers || { tail -n 30 "$logs/solr-server.log"; return 1; }
}

solr_answers() { http_ok "$solr_url/select?q=*:*&rows=0" "ckan:$SOLR_PASSWORD"; }
solr_answers_or_died() { ! solr_running || solr_answers; }

solr_stop() {
  solr_running || return 0
  local pid
  pid=$(solr_pid)
  kill -TERM "$pid"
  wait_gone 30 "$pid" || kill -KILL "$pid"
  rm -f "$inst/solr.pid"
}
