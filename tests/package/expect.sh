# Sourced by the tests of this folder. Each expectation is a sentence and the command that shows it.
passed=0

# expect "what should be so" COMMAND...
expect() {
  local what=$1 said
  shift
  said=$("$@" 2>&1) || {
    printf '%s\nFAILED: %s\n' "$said" "$what"
    exit 1
  }
  passed=$((passed + 1))
  echo "ok: $what"
}

