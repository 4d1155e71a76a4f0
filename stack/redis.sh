# shellcheck shell=bash disable=SC2154,SC2034  # the parts read one another's variables
# A private Redis: sessions, caches and the queue of jobs.

redis_pid() { pid_in "$inst/redis/redis.pid"; }

# redis_running: whether the process is there and is this Redis (it writes its address into its title).
redis_running() {
  local pid
  pid=$(redis_pid)
  alive "$pid" && grep -qsaF "127.0.0.1:$REDIS_PORT" "/proc/$pid/cmdline"
}

redis_start() {
  redis_running && return
  mkdir -p "$inst/redis"
  local keep=no
  if [[ $instance == run ]]; then keep=yes; fi
  # appendonly: a queued job survives a restart of the portal. The password is in a file, never in the process list.
  write_private "$inst/redis/redis.conf" <<CONF
bind 127.0.0.1
port $REDIS_PORT
requirepass $REDIS_PASSWORD
daemonize yes
pidfile $inst/redis/redis.pid
dir $inst/redis
logfile $logs/redis-server.log
appendonly $keep
save ""
CONF
  rm -f "$inst/redis/redis.pid"
  redis-server "$inst/redis/redis.conf"
  wait_until 20 redis_answers || { tail -n 20 "$logs/redis-server.log"; return 1; }
}

redis_answers() {
  [[ $(REDISCLI_AUTH=$REDIS_PASSWORD redis-cli -h 127.0.0.1 -p "$REDIS_PORT" ping 2>/dev/null) == PONG ]]
}

redis_stop() {
  redis_running || return 0
  local pid
  pid=$(redis_pid)
  kill -TERM "$pid"
  wait_gone 20 "$pid"
}
