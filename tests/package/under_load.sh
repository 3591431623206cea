# Sourced by boot: what becomes of 200 posts a second while something is done to the service.

# under_load NAME COMMAND...: the command comes when posts are answered, and some more follow after it.
under_load() {
  local name=$1 load seen status=0
  shift
  mkdir -p "$tree/var/lib/load"
  touch "$tree/var/lib/load/$name".{goes,stored}
  into /usr/local/bin/load /script.fcgi 200 /var/lib/load "$name" > "$tree.load" &
  load=$!
  # It still runs at the end: else the command was not under load.
  { soon has_stored "$name" 300 && "$@" && seen=$(wc -l < "$tree/var/lib/load/$name.stored") &&
    soon has_stored "$name" $((seen + 300)) && kill -0 $load; } || status=1
  rm "$tree/var/lib/load/$name.goes"
  wait $load && return $status
}
has_stored() { [ "$(wc -l < "$tree/var/lib/load/$1.stored")" -ge "$2" ]; }
none_failed() { ! head -n 5 "$tree/var/lib/load/$1.failed" | grep .; }
none_lost() { # every post that was answered is in the store, once
  stored | grep "^$1-" | sort > "$tree.stored"
  sort "$tree/var/lib/load/$1.stored" | comm -23 - "$tree.stored" > "$tree.lost"
  echo "$(wc -l < "$tree.stored") in the store, $(wc -l < "$tree.lost") lost"
  [ ! -s "$tree.lost" ] && [ -z "$(uniq -d "$tree.stored")" ]
}
all_delivered() { # to the action of type file, which may say one twice
  sed -n 's/^{"SessionID":"\('"$1"'-[0-9]*\)".*/\1/p' "$tree/srv/rescue/load.jsonl" | sort -u | cmp - "$tree.stored"
}
