#!/usr/bin/env bash
# What a look at 100,000 files costs, beside those who look at files for a living.
# shellcheck source=Benchmarks/measure.bash
source "$(dirname "${BASH_SOURCE[0]}")/measure.bash"

runs=${BENCH_RUNS:-5}
remote=$(remote_with 10000 100000 1000)
configure "$remote" "$work" "poll: 1h"
"$mooring" run --once >&2
live=$work/root/app/current/

look() { "$mooring" drift production; }
first_look() { rm -rf "$MOORING_STATE/looks/production-cache" && look; }
walk() { find "$live" -printf '%s'; }
hash_all() { find "$live" -type f -print0 | xargs -0 sha256sum; }
compare_with_aide() { aide --config "$work/aide.conf" --check; }
compare_with_mtree() { mtree -p "$live" -f "$work/mtree.spec"; }

# What was written less than a tick ago is read again.
look >&2
first=$(median_of "$runs" first_look)
hashed=$(median_of "$runs" hash_all)
looked=$(median_of "$runs" look)
walked=$(median_of "$runs" walk)

cat >"$work/aide.conf" <<END
database_in=file:$work/aide.db
database_out=file:$work/aide.db
gzip_dbout=no
$(realpath "$live") p+u+g+s+m+c+sha256
END
aide --config "$work/aide.conf" --init >"$work/output" 2>&1
aided=$(median_of 1 compare_with_aide)
mtree -c -K sha256digest -p "$live" >"$work/mtree.spec"
mtreed=$(median_of 1 compare_with_mtree)

echo "100,000 files of a release, nothing changed; whole processes, \`mooring drift\` with its start; the median of $runs runs."
echo
heading
holds "a look against a walk" "$looked" $((walked * 15 / 10))
table "a look, against a bare walk by \`lstat\` (\`find\`)" "$(ms "$looked")" "$(ms "$walked")" \
  "$(ratio "$looked" "$walked")" "1.5: $verdict"
holds "the first look against sha256sum" "$first" "$hashed"
table "the first look, which reads everything, against \`sha256sum\`" "$(ms "$first")" "$(ms "$hashed")" \
  "$(ratio "$first" "$hashed")" "1: $verdict"
table "a look, against \`aide --check\`" "$(ms "$looked")" "$(ms "$aided")" "$(ratio "$looked" "$aided")" ""
table "a look, against \`mtree\` with SHA-256" "$(ms "$looked")" "$(ms "$mtreed")" "$(ratio "$looked" "$mtreed")" ""
((failures == 0))
