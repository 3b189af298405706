#!/usr/bin/env python3
"""Holds `mooring history`, `blame` and `show` against the oracle, for every field of generated histories.

usage: check.py --mooring PROGRAM [--seeds N] [--first SEED] [--commits N]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import yaml

import generate
import oracle


class Site:
    def __init__(self, folder, program, seed, commits):
        self.folder, self.program = folder, program
        author = generate.Author(folder + "/author", seed)
        author.run(commits)
        subprocess.run(["git", "clone", "--quiet", "--bare", folder + "/author", folder + "/remote.git"], check=True)
        with open(folder + "/mooring.yaml", "w", encoding="utf-8") as file:
            file.write(
                "repositories:\n  config: { url: %s/remote.git }\nenvironments:\n  production:\n    repository: config\n"
                "    path: app\n    target: { host: { root: %s/root } }\n" % (folder, folder))
        self.repository = oracle.Repository(folder + "/remote.git", "app")
        self.mooring("sync", "production")

    def mooring(self, *arguments):
        return self.bytes(*arguments).decode()

    def bytes(self, *arguments):
        environment = dict(os.environ, MOORING_CONFIG=self.folder + "/mooring.yaml", MOORING_STATE=self.folder + "/state")
        run = subprocess.run([self.program, *arguments], capture_output=True, env=environment, check=False)
        if run.returncode:
            raise SystemExit("mooring %s: %s" % (" ".join(arguments), run.stderr.decode()))
        return run.stdout

    def answer(self, *arguments):
        return json.loads(self.mooring(*arguments, "--output", "json"))


def value(shown):
    """What a value as it is shown means."""
    return None if shown is None else yaml.safe_load(shown)


def told(entries):
    """The answer of `history`, as the oracle has it."""
    found = []
    for entry in entries:
        values = {}
        for each in entry["values"]:
            kind = each["kind"]
            old = None if kind == "added" else value(each["old"])
            new = None if kind == "removed" else value(each["new"])
            values[(each.get("document"), each["field"])] = (kind, old, new, each.get("writer"))
        if values or "problem" in entry:
            found.append((entry["commit"]["revision"], values, "problem" in entry))
    return found


def differences(name, expected, found):
    problems = []
    if [entry[0] for entry in expected] != [entry[0] for entry in found]:
        problems.append("%s: commits %s, and not %s" % (
            name, [entry[0][:8] for entry in found], [entry[0][:8] for entry in expected]))
        return problems
    for (commit, want, broken), (_, got, is_broken) in zip(expected, found):
        if broken != is_broken:
            problems.append("%s at %s: unreadable %s" % (name, commit[:8], is_broken))
        for key in sorted(set(want) | set(got), key=str):
            one, other = want.get(key), got.get(key)
            if one is None or other is None or not all(map(oracle.same, one, other)):
                problems.append("%s at %s, %s: %s, and not %s" % (name, commit[:8], key, other, one))
    return problems


def check_blame(site, name, subject):
    answer = site.answer("blame", "production", name)
    found = {
        (field.get("document"), field["field"]): (
            value(field["value"]), field["commit"]["revision"], field.get("merge", field["commit"])["revision"])
        for field in answer["fields"]
    }
    want = subject.blame()
    return [
        "blame of %s, %s: %s, and not %s" % (name, key, found.get(key), want.get(key))
        for key in sorted(set(found) | set(want), key=str)
        if found.get(key) is None or want.get(key) is None or not all(map(oracle.same, found[key], want[key]))
    ]


def check_show(site):
    """The files of the first release, of one in the middle and of the newest, and each resource that stands there once."""
    releases = site.answer("releases", "production")["releases"]
    problems, looked = [], 0
    for release in {each["number"]: each for each in (releases[0], releases[len(releases) // 2], releases[-1])}.values():
        place = "production@v%d" % release["number"]
        tree = site.repository.tree(release["revision"])
        names = {}
        for path, blob in tree.items():
            shown = site.bytes("show", place, path.split("/", 1)[1])
            looked += 1
            if shown != site.repository.git("cat-file", "blob", blob):
                problems.append("show of %s in %s isn't what Git has" % (path, place))
            for name, fields in site.repository.content(blob).objects.items():
                names.setdefault(name, []).append(fields)
        for name, tables in names.items():
            if len(tables) > 1:
                continue
            found = oracle.leaves(yaml.safe_load(site.bytes("show", place, name)))
            looked += 1
            if oracle.changed(tables[0], found):
                problems.append("show of %s in %s: %s" % (name, place, oracle.changed(tables[0], found)))
    return problems, looked


def check(program, seed, commits):
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder, program, seed, commits)
        problems, fields = [], 0
        subjects = dict(oracle.resources(site.repository))
        everything = sorted({path for commit in site.repository.line() for path in site.repository.tree(commit)})
        for path in everything:
            subjects[path] = oracle.file_history(site.repository, path)
        for name, subject in sorted(subjects.items()):
            if not subject.entries:
                continue
            problems += differences(name, subject.entries, told(site.answer("history", "production", name)["entries"]))
            fields += len({key for entry in subject.entries for key in entry[1]})
            if subject.table and not subject.entries[-1][2]:
                problems += check_blame(site, name, subject)
        more, shown = check_show(site)
        problems += more
        for problem in problems[:20]:
            print("   seed %d: %s" % (seed, problem))
        print("   seed %d: %d commits, %d files and resources, %d fields, %d shown, %d differences" % (
            seed, len(site.repository.line()), len(subjects), fields, shown, len(problems)))
        return len(problems)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mooring", required=True)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--commits", type=int, default=60)
    given = parser.parse_args()
    found = sum(check(given.mooring, seed, given.commits) for seed in range(given.first, given.first + given.seeds))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
