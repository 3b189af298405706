# shellcheck shell=bash
# The story, a function a step. Each says what it does, does it, and checks that it was so.

# --- what the shop and the remote say, without asking Mooring ---

shop_says() { curl --silent --fail --max-time 2 "$shop/$1"; }
banner_is() { [[ $(shop_says '') == *"banner\">$1<"* ]]; }
workers_are() { [[ $(shop_says api/checkout | jq .workers 2>/dev/null) == "$1" ]]; }
items_are() { [[ $(shop_says api/checkout | jq .maxItems 2>/dev/null) == "$1" ]]; }
checkout_was_given() { grep --quiet "loaded .*workers=$1\$" "$run/checkout.log"; }
remote_says() { [[ $(git -C "$remote" log -1 --format=%B main) == *"$1"* ]]; }
remote_is_past() { [[ $(remote_head) != "$1" ]]; }
journal_is_pushed() { git -C "$remote" rev-parse --quiet --verify refs/mooring/journal/production >/dev/null; }
remote_author() { git -C "$remote" log -1 --format=%an main; }
remote_changed() { git -C "$remote" diff --numstat main~ main; }

# --- what Mooring says ---

# The last alert, as whoever is on call has it.
alerted() { [[ -e $place/alerts.log && $(tail --lines=1 "$place/alerts.log") == *"$1"* ]]; }
show_alert() { say "The people on call are told:"; tail --lines=1 "$place/alerts.log" | sed 's/^/    /'; }
# Whether the kernel named the login of whoever made the change that differs now.
is_certain_of() {
  { mooring drift production --output json || true; } |
    jq --exit-status ".items[0].by | .certainty == \"certain\" and .login == \"$1\"" >/dev/null
}

runs_remote_head() { [[ $(release_revision) == "$(remote_head)" ]]; }
is_well() { [[ $(sync_state) == synced && $(health) == healthy ]]; }
settled() { runs_remote_head && is_well; }
owes_nothing() { [[ $(owed_count) == 0 ]]; }

# --- the steps ---

prepare() {
  make_machine
  "$sample/make-history" "$remote"
  make_configuration
  make_colleague
  say "A Git remote with $(git -C "$remote" rev-list --count main) commits by $(git -C "$remote" shortlog -sn main |
    wc -l) authors: $remote"
  git -C "$remote" log --oneline --graph -6 main | sed 's/^/    /'
  say "What Mooring is told: $place/mooring.yaml"
}

first_release() {
  start_watcher
  eventually 60 "the watcher numbered the history and deployed its last release" settled
  check "the shop is open" banner_is 'Autumn stock: new fenders in every size.'
  check "checkout works with 8 workers" workers_are 8
  first=$(release_number)
  shown '0|2|3' mooring status production
}

good_change() {
  colleague_pushes "Serve twelve requests at once" environments/production/checkout.yaml 's/size: 8/size: 12/'
  eventually 30 "production works with 12 workers" workers_are 12
  eventually 30 "the release is verified" settled
  check "it has the next number" equal "$(release_number)" $((first + 1))
  shown '0|2' mooring diff production "v$first" "v$((first + 1))"
}

bad_change() {
  local good_digest bad
  good_digest=$(release_digest)
  colleague_pushes "Free the database's connections for the night" environments/production/checkout.yaml \
    's/size: 12/size: 0/'
  bad=$(git -C "$colleague" rev-parse HEAD)
  say "nginx has nothing against it, so it goes live, and no order can be taken."
  eventually 30 "checkout was given no workers" checkout_was_given 0
  eventually 60 "the gate failed, and the commit was reverted in the remote" remote_is_past "$bad"
  eventually 30 "production works with 12 workers again" workers_are 12
  eventually 30 "Git and production agree" settled
  check "byte for byte what ran before" equal "$(release_digest)" "$good_digest"
  check "the revert names the commit that it undoes" remote_says "$bad"
  check "the bad commit is quarantined" quarantined "$bad"
  shown 0 git -C "$remote" log -1 main
}

rollback_by_hand() {
  local before
  before=$(remote_head)
  say "Somebody asks for the state of this morning: v$first."
  shown 0 mooring rollback production --to "v$first" --reason "Twelve workers starve the reports" --yes
  check "production works with 8 workers" workers_are 8
  check "the revert is in the remote" remote_is_past "$before"
  check "with its reason" remote_says "Twelve workers starve the reports"
  eventually 30 "Git and production agree" settled
}

git_host_down() {
  local before
  colleague_pushes "Let a cart hold 500 things" environments/production/checkout.yaml 's/maxItems: 50/maxItems: 500/'
  eventually 30 "production allows 500" items_are 500
  eventually 30 "the release is verified" settled
  say "It is healthy, and wrong: somebody orders 500 anchors. And just now the Git host is down:"
  before=$(remote_head)
  mv "$remote" "$remote.away"
  shown 3 mooring rollback production --reason "One customer bought every anchor" --yes
  check "production allows 50 again" items_are 50
  check "exit status 3 said that a push is owed" told 'owed|pending'
  check "status says so too" equal "$(owed_count)" 1
  check "nothing reached the remote" equal "$(git -C "$remote.away" rev-parse main)" "$before"
  shown '0|2|3' mooring status production
}

git_host_back() {
  local before
  before=$(git -C "$remote.away" rev-parse main)
  mv "$remote.away" "$remote"
  eventually 90 "the owed revert was pushed" remote_is_past "$before"
  check "with its reason" remote_says "One customer bought every anchor"
  eventually 30 "nothing is owed any more" owes_nothing
  eventually 30 "Git and production agree" settled
  check "production still allows 50" items_are 50
}

change_by_hand() {
  live_edit checkout.yaml 's/size: 8/size: 16/'
  check "production works with 16 workers, and Git knows nothing of it" workers_are 16
  eventually 30 "an alert says which field, from what to what" alerted 'worker.pool.size: 8 → 16'
  show_alert
  shown 2 mooring drift production
  if [[ $somebody == "$other" ]] && grep --quiet 'seen with who makes them' "$place/watcher.log"; then
    check "and who it was" told "by $other \\(tee"
  fi
  shown 0 mooring drift production --heal
  check "production works with 8 workers again" workers_are 8
  eventually 30 "another alert says that it is over" alerted 'put back'
  shown 0 mooring drift production
}

adopt_by_hand() {
  local before author=
  before=$(remote_head)
  live_edit checkout.yaml 's/maxItems: 50/maxItems: 80/'
  check "production allows 80" items_are 80
  eventually 30 "an alert says so" alerted 'cart.maxItems: 50 → 80'
  if is_certain_of "$somebody"; then author="Tomasz Lewandowski"; fi
  say "It is right, as it turns out. So Git is to say it too:"
  shown 0 mooring drift production --adopt --message "Let a cart hold 80 things"
  check "there is one more commit" equal "$(git -C "$remote" rev-parse main~)" "$before"
  check "which changes that line alone" equal "$(remote_changed)" \
    $'1\t1\tenvironments/production/checkout.yaml'
  if [[ -n $author ]]; then check "its author is who made the change" equal "$(remote_author)" "$author"; fi
  shown 0 git -C "$remote" log -1 main
  eventually 30 "it is the release that runs" settled
  check "production still allows 80" items_are 80
  shown 0 mooring drift production
}

the_story() {
  shown 0 mooring releases production
  shown 0 mooring log production
  check "it tells of the failed gate" told 'gate'
  check "of the rollbacks and why" told 'Twelve workers starve the reports'
  check "of the push that was owed" told 'owed|pending'
  check "of the change that was put back" told 'worker.pool.size: 8 → 16'
  check "and of the one that was taken into Git" told 'adopted'
  eventually 60 "the journal is in the remote" journal_is_pushed
  shown 0 git -C "$remote" log --first-parent --oneline -8 refs/mooring/journal/production
  check "the bad release went live once, and never again" equal \
    "$(grep --count 'loaded .*workers=0$' "$run/checkout.log")" 1
  check "the remote is whole" git -C "$remote" fsck --strict --no-progress --no-dangling
}

the_end() {
  check "the watcher ends when it is asked to" stop_watcher
  check "the shop doesn't need it" workers_are 8
  check "status can be read without it" equal "$(release_revision)" "$(remote_head)"
}
