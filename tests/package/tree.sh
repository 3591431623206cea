# Sourced by the tests of this folder that install the package into a Debian 12 made by debootstrap. They
# set $new, the package, and $folder, where the tree is kept for the next time. Here $tree is made.
mirror=${RELAY_DEBIAN_MIRROR:-http://deb.debian.org/debian}

# Where it cannot be done at all; CTest knows the 77.
skip() {
  echo "skipped: $*"
  exit 77
}
fail() {
  echo "FAILED: $*"
  exit 1
}
takes() { # COMMAND PACKAGE
  command -v "$1" > /dev/null || skip "there is no $1 of $2 (deploy/install-dependencies --test)"
}
[ "$(id -u)" -eq 0 ] || skip "making a tree takes root"
takes debootstrap debootstrap

mkdir -p "$folder"
tree=$(mktemp -d "$folder/tree.XXXXXX")
remove_tree() { rm -rf --one-file-system "$tree" "$tree".*; }
trap remove_tree EXIT

# Its processes and its mounts end with the command.
inside() {
  unshare --mount --pid --fork --kill-child -- sh -c '
    mount -t proc proc "$1/proc"
    export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin
    exec chroot "$@"' sh "$tree" "$@"
}
apt() {
  inside apt-get -y -q -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >> "$tree.log" 2>&1 || {
    tail -50 "$tree.log"
    fail "apt-get $*"
  }
}

# keep NAME COMMAND: $tree is what COMMAND makes of it, which is done once.
keep() {
  local kept=$folder/$1.tar
  if [ -e "$kept" ]; then
    tar -C "$tree" -xf "$kept"
  else
    "$2"
    tar -C "$tree" -cf "$kept.part" .
    mv "$kept.part" "$kept"
  fi
  chmod 755 "$tree" # the service user, too, must get in
}

# By debootstrap, and with the packages it takes to install ours.
make_tree() {
  echo "making a tree; this takes minutes the first time"
  mkdir -p "$folder/archives"
  # It mounts /proc, which ends with it even when it is killed.
  unshare --mount --pid --fork --kill-child -- debootstrap --variant=minbase \
    --cache-dir="$folder/archives" bookworm "$tree" "$mirror" > "$tree.log" 2>&1 || {
    tail -20 "$tree.log"
    fail "debootstrap"
  }
  echo 'Binary::apt-get::APT::Keep-Downloaded-Packages "true";' > "$tree/etc/apt/apt.conf.d/keep"
  apt update
  cp "$new" "$tree/new.deb"
  apt install --download-only /new.deb
  rm "$tree/new.deb"
}
unpack_tree() { keep bookworm make_tree; }

is_there() { [ -e "$tree$1" ] || [ -L "$tree$1" ]; }
is_gone() { ! is_there "$1"; }
