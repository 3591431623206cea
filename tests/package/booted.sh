# Sourced by boot, after tree.sh: boots $tree with systemd as its first process, and runs commands there.
machine=rescue-relay-${tree##*.}
nspawn= leader=

# Tries a command until it succeeds; fails after a minute, with what it said at last.
soon() {
  local deadline=$((SECONDS + 60))
  until "$@" > "$tree.soon" 2>&1; do
    if [ $SECONDS -ge $deadline ]; then
      cat "$tree.soon"
      return 1
    fi
    sleep 0.1
  done
}

# Without starting anything: what stands in the tree is started by its systemd alone.
make_tree_to_boot() {
  unpack_tree
  install -m 755 /dev/stdin "$tree/usr/sbin/policy-rc.d" <<< $'#!/bin/sh\nexit 101'
  apt install systemd-sysv nginx python3
  rm "$tree/usr/sbin/policy-rc.d"
}
unpack_tree_to_boot() { keep bookworm-to-boot make_tree_to_boot; }

# The cgroups of this process, as far as systemd-nspawn makes others in them.
cgroups() {
  local unified=/sys/fs/cgroup
  [ ! -d /sys/fs/cgroup/unified ] || unified=/sys/fs/cgroup/unified
  sed -n "s,^0::,$unified,p; s,^[0-9]*:name=systemd:,/sys/fs/cgroup/systemd,p" /proc/self/cgroup
}
# In cgroups of its own: two at once would take each other's.
start_tree() {
  local own
  for own in $(cgroups); do
    mkdir -p "$own/$machine"
    echo $BASHPID > "$own/$machine/cgroup.procs"
  done
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 exec systemd-nspawn --quiet --directory="$tree" --machine="$machine" \
    --boot --private-network --register=no --keep-unit --link-journal=no --timezone=off --resolv-conf=off
}
is_up() {
  kill -0 $nspawn && leader=$(pgrep -P $nspawn -x systemd) && [ -S "/proc/$leader/root/run/systemd/private" ] &&
    into systemctl is-system-running | grep -E '^(running|degraded)$'
}
has_ended() { ! kill -0 $nspawn; }
is_up_or_ended() { has_ended || is_up; }
boot_tree() {
  start_tree > "$tree.console" 2>&1 < /dev/null &
  nspawn=$!
  soon is_up_or_ended && is_up &> /dev/null || {
    tail -n 20 "$tree.console"
    return 1
  }
}
# Ends it as a machine is shut down.
shut_down() {
  into systemctl poweroff 2> /dev/null || true # it may end before its answer has come
  soon has_ended
  wait $nspawn
  nspawn=
}
end_tree() {
  local status=$? own
  if [ -n "$nspawn" ]; then
    [ $status -eq 0 ] || into journalctl --no-pager -n 20 -u 'rescue-relay*' || true
    kill -KILL "$leader" || kill -TERM $nspawn || true
    soon has_ended || true
  fi 2> /dev/null
  for own in $(cgroups); do
    [ ! -d "$own/$machine" ] || find "$own/$machine" -depth -type d -exec rmdir '{}' ';'
  done
  remove_tree
}
trap end_tree EXIT

# Runs a command in the tree that is up.
into() {
  nsenter --target "$leader" --mount --uts --ipc --net --pid --cgroup --root --wd -- \
    env -i DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}
