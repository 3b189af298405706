# shellcheck shell=bash
# What is read from the program's JSON, one function a fact: when a field is renamed, this is the only file to change.

# status_field FILTER: of `mooring status production --output json`.
status_field() {
  # A status other than 0 says that there is something to see (an owed push, a difference), not that there is no answer.
  { "$mooring" status production --output json 2>/dev/null || true; } |
    jq --raw-output ".environments[] | select(.name == \"production\") | $1"
}

release_number() { status_field '.release.number // empty'; }
release_revision() { status_field '.release.revision // empty'; }
release_digest() { status_field '.release.digest // empty'; }
sync_state() { status_field '.sync'; }
health() { status_field '.health'; }
owed_count() { status_field '.owed | length'; }

# quarantined REVISION
quarantined() {
  [[ $(status_field ".quarantine | tostring | contains(\"$1\")") == true ]]
}
