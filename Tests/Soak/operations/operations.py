#!/usr/bin/env python3
"""Does what colleagues, operators, remotes, hands and power switches do, in any order, and looks whether it was right."""
import argparse
import collections
import os
import random
import shutil
import signal
import sys
import tempfile
import time

import rules
from world import ENVIRONMENTS, World

FILES = ("app.yaml", "limits.yaml", "conf.d/cache.yaml")
FIELDS = ("workers", "size", "level", "retries")
# What may happen, and how often.
OPERATIONS = {
    "push": 30, "push_bad": 5, "merge": 6, "undo": 4, "add_or_remove": 4, "rewrite": 1, "go_away": 4, "come_back": 8,
    "protect": 3, "unprotect": 6, "watch": 6, "stop": 2, "kill": 4, "sync": 12, "roll_back": 6, "roll_back_to": 6,
    "roll_back_commit": 6, "hold": 2, "resume": 4, "change_by_hand": 8, "heal": 4, "adopt": 3, "lift": 1, "two_operators": 5,
    "kill_an_operator": 6,
}
# What happens besides where there is a host of code.
REVIEWS = {"merge_request": 8, "close_request": 3, "reopen_request": 3, "host_fails": 3, "host_works": 5}


class Trial:
    def __init__(self, folder, options):
        self.random, self.options = random.Random(options.seed), options
        self.world = World(folder, options.mooring, options.seed)
        self.operations = OPERATIONS | (REVIEWS if self.world.host else {})
        self.counts, self.wrong, self.heads, self.trace = collections.Counter(), [], {}, []
        self.values = {name: {file: dict.fromkeys(FIELDS, 1) for file in FILES} for name in ENVIRONMENTS}
        self.commit(f"Begin with {len(FILES)} files", ENVIRONMENTS)

    def run(self):
        began = time.monotonic()
        while not self.wrong and self.counts.total() < self.options.steps:
            if self.options.seconds and time.monotonic() - began > self.options.seconds:
                break
            for _ in range(self.random.randrange(5, 25)):
                self.step()
            self.rest()
        if not self.wrong:
            self.hold_against(rules.index)

    def step(self):
        name = self.random.choices(list(self.operations), self.operations.values())[0]
        self.counts[name] += 1
        self.trace.append(name)
        getattr(self, name)()

    def rest(self):
        """Everything works again, and whatever was begun is finished; then the rules are asked."""
        self.world.stop(self.random.choice((signal.SIGTERM, signal.SIGKILL)))
        self.world.reach(True)
        self.world.protect(False)
        if self.world.host:
            self.world.host.fail(None)
            # Whoever reviews has looked at everything: it is merged, or closed where it can't be.
            self.world.host.act("settle")
        for name in ENVIRONMENTS:
            if self.random.random() < 0.6:
                self.world.run("resume", name, "--reason", "at rest")
            self.world.run("drift", name, "--heal")
        for _ in range(3):
            self.world.run("run", "--once")
        self.hold_against(rules.production, rules.agreement, rules.story, rules.published, rules.requests)
        for name in ENVIRONMENTS:
            self.wrong += rules.record(self.world, name, self.heads.get(name))
            self.heads[name] = rules.head(self.world, name)
        self.wrong += rules.repositories(self.world)

    def hold_against(self, *chosen):
        for name in ENVIRONMENTS:
            for rule in chosen:
                self.wrong += rule(self.world, name)

    # Colleagues

    def take(self):
        """The colleague's clone is at the branch's tip, and knows what is there."""
        self.world.work("fetch", "--quiet", "../" + self.world.remote, "main")
        self.world.work("reset", "--quiet", "--hard", "FETCH_HEAD")
        for name in ENVIRONMENTS:
            self.values[name] = {}
            root = self.world.place("work", "environments", name)
            for folder, _, files in os.walk(root):
                for file in files:
                    path = os.path.join(folder, file)
                    with open(path, encoding="utf-8") as lines:
                        pairs = [line.rstrip("\n").split(": ") for line in lines if ": " in line]
                    self.values[name][os.path.relpath(path, root)] = {key: int(value) for key, value in pairs}

    def commit(self, message, names):
        for name in names:
            for file, fields in self.values[name].items():
                path = self.world.place("work", "environments", name, file)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as out:
                    out.write(f"# {file} of {name}\n" + "".join(f"{key}: {value}\n" for key, value in fields.items()))
        self.world.work("add", "--all")
        self.world.work("commit", "--quiet", "--allow-empty", "--message", message)
        self.give()

    def give(self, *options):
        # The colleague's push doesn't ask hooks: protected means that reviewed changes come in another way.
        hook = self.world.place(self.world.remote, "hooks", "pre-receive")
        is_protected = os.path.exists(hook)
        self.world.protect(False)
        # A revert may have been quicker: the colleague sees it, and does something else.
        self.world.work("push", "--quiet", *options, "../" + self.world.remote, "HEAD:refs/heads/main", check=False)
        self.world.protect(is_protected)

    def change(self, name, bad=False):
        file = "app.yaml" if bad else self.random.choice([*sorted(self.values[name]), "app.yaml"])
        # Whoever reverts can take everything away.
        fields = self.values[name].setdefault(file, dict.fromkeys(FIELDS, 1))
        if bad:
            fields["workers"] = 0
        else:
            fields[self.random.choice(sorted(fields))] = self.random.randrange(1, 9)

    def some(self):
        return self.random.choice((("switched",), ("placed",), ENVIRONMENTS))

    def push(self):
        self.take()
        names = self.some()
        for name in names:
            self.change(name)
        self.commit(f"Tune {' and '.join(names)}", names)

    def push_bad(self):
        self.take()
        names = self.some()
        for name in names:
            self.change(name, bad=True)
        self.commit(f"Spare {' and '.join(names)} its workers", names)

    def merge(self):
        self.take()
        tip = self.world.work("rev-parse", "HEAD").strip()
        self.world.work("checkout", "--quiet", "--detach", "HEAD~1", check=False)
        note = self.world.place("work", "environments", self.random.choice(ENVIRONMENTS), f"note-{self.counts.total()}.yaml")
        os.makedirs(os.path.dirname(note), exist_ok=True)
        with open(note, "w", encoding="utf-8") as file:
            file.write("# by a colleague\nlevel: 3\n")
        self.world.work("add", "--all")
        self.world.work("commit", "--quiet", "--message", "Note the level")
        side = self.world.work("rev-parse", "HEAD").strip()
        self.world.work("checkout", "--quiet", "--detach", tip)
        if self.world.work("merge", "--quiet", "--no-ff", "-m", "Merge the note", side, check=False).returncode:
            self.world.work("merge", "--abort", check=False)
            return
        self.give()

    def undo(self):
        """A colleague reverts by hand."""
        self.take()
        if self.world.work("revert", "--no-edit", "HEAD", check=False).returncode:
            self.world.work("revert", "--abort", check=False)
            return
        self.give()

    def add_or_remove(self):
        self.take()
        name = self.random.choice(ENVIRONMENTS)
        extra = [file for file in self.values[name] if file not in FILES]
        if extra and self.random.random() < 0.5:
            self.world.work("rm", "--quiet", f"environments/{name}/{extra[0]}")
            del self.values[name][extra[0]]
        else:
            self.values[name][f"extra/{self.counts.total()}.yaml"] = {"size": 2}
        self.commit(f"Arrange {name}", (name,))

    def rewrite(self):
        self.take()
        self.world.work("commit", "--quiet", "--amend", "--allow-empty", "--message", "The same, told better")
        self.give("--force")

    # The remote and the watcher

    def go_away(self):
        self.world.reach(False)

    def come_back(self):
        self.world.reach(True)

    def protect(self):
        self.world.protect(True)

    def unprotect(self):
        self.world.protect(False)

    def watch(self):
        self.world.watch()

    def stop(self):
        self.world.stop()

    def kill(self):
        self.world.stop(signal.SIGKILL)

    # Operators

    def words(self):
        name = self.random.choice(ENVIRONMENTS)
        return self.random.choice((
            ("sync", name), ("rollback", name, "--reason", "it is slow", "--yes"), ("drift", name, "--heal"),
            ("hold", name, "--reason", "a freeze"), ("resume", name, "--reason", "it is over")))

    def operate(self, *words):
        status, output, errors = self.world.run(*words)
        if status not in (0, 1, 2, 3):
            self.wrong.append(f"mooring {' '.join(words)} ended with {status}: {errors}{output}")

    def sync(self):
        self.operate("sync", self.random.choice(ENVIRONMENTS))

    def roll_back(self):
        self.operate("rollback", self.random.choice(ENVIRONMENTS), "--reason", "it is slow", "--yes")

    def roll_back_to(self):
        name = self.random.choice(ENVIRONMENTS)
        known = self.world.run("releases", name)[1].split()
        numbers = [word for word in known if word[:1] == "v" and word[1:].isdigit()]
        if numbers:
            self.operate("rollback", name, "--to", self.random.choice(numbers), "--reason", "it was better", "--yes")

    def roll_back_commit(self):
        commits = self.world.git("-C", self.world.remote, "rev-list", "--max-count=6", "main").split()
        self.operate(
            "rollback", self.random.choice(ENVIRONMENTS), "--commit", self.random.choice(commits), "--reason", "it was that",
            "--yes")

    def hold(self):
        self.operate("hold", self.random.choice(ENVIRONMENTS), "--reason", "a freeze")

    def resume(self):
        self.operate("resume", self.random.choice(ENVIRONMENTS), "--reason", "it is over")

    def lift(self):
        name = self.random.choice(ENVIRONMENTS)
        for entry in self.world.status(name).get("quarantine", [])[:1]:
            self.operate("quarantine", name, "--lift", entry["digest"])

    def heal(self):
        self.operate("drift", self.random.choice(ENVIRONMENTS), "--heal")

    def adopt(self):
        self.operate("drift", self.random.choice(ENVIRONMENTS), "--adopt")

    def two_operators(self):
        running = [self.world.begin(*self.words()) for _ in range(2)]
        for one in running:
            one.communicate(timeout=120)

    def kill_an_operator(self):
        running = self.world.begin(*self.words())
        # Any moment of its life will do.
        time.sleep(self.random.random() * 0.08)
        running.kill()
        running.communicate()

    # The host of code

    def review(self, word):
        if self.world.host.requests:
            self.world.host.act(f"{word} #{self.random.choice(self.world.host.requests)['number']}")

    def merge_request(self):
        self.review(self.random.choice(("merge", "merge squash", "merge rebase")))

    def close_request(self):
        self.review("close")

    def reopen_request(self):
        self.review("reopen")

    def host_fails(self):
        self.world.host.fail(self.random.choice((
            {"status": 502}, {"status": 401, "body": "{}"}, {"status": 404, "body": "{}"}, {"status": 422, "body": "{}"})))

    def host_works(self):
        self.world.host.fail(None)

    # Hands

    def change_by_hand(self):
        name = self.random.choice(ENVIRONMENTS)
        root = self.world.place(name, "current") if name == "switched" else self.world.place(name)
        path = os.path.join(root, self.random.choice(FILES))
        if not os.path.isfile(path):
            return
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        place = self.random.randrange(1, len(lines))
        lines[place] = f"{lines[place].split(':')[0]}: {self.random.randrange(1, 9)}"
        new = path + ".by-hand"
        os.chmod(os.path.dirname(path), 0o755)
        with open(new, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        os.chmod(new, os.stat(path).st_mode)
        os.replace(new, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=int(os.environ.get("OPERATIONS_STEPS") or 10000))
    seed = os.environ.get("SOAK_SEED") or random.SystemRandom().randrange(10**6)
    parser.add_argument("--seed", type=int, default=int(seed))
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SOAK_SLICE") or 0), help="at most so long")
    parser.add_argument("--mooring", default=os.environ.get("MOORING_BIN"))
    parser.add_argument("--keep", action="store_true", help="leaves the world where it is")
    options = parser.parse_args()
    os.umask(0o022)
    folder = tempfile.mkdtemp(prefix="mooring-operations-")
    print(f"   seed {options.seed}", flush=True)
    trial, began = Trial(folder, options), time.monotonic()
    try:
        trial.run()
    finally:
        trial.world.stop(signal.SIGKILL)
        trial.world.end()
        if options.keep:
            print(f"   the world is at {folder}")
        else:
            shutil.rmtree(folder)
    print(f"   {trial.counts.total()} operations in {time.monotonic() - began:.0f} s: "
          + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in trial.counts.most_common()))
    for line in trial.wrong[:40]:
        print(f"operations: {line}", file=sys.stderr)
    if trial.wrong:
        print(f"operations: the last were {' '.join(trial.trace[-30:])}\n"
              f"operations: again with --seed {options.seed}", file=sys.stderr)
    return 1 if trial.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
