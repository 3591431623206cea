#!/bin/sh
# What adnanh/webhook runs for a post: the payload into a file of its own, synced.
file=$(mktemp "$BENCH_DIR/post.XXXXXXXX") && printf '%s' "$1" > "$file" && sync "$file"
