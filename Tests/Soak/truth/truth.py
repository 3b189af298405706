#!/usr/bin/env python3
"""Changes production by hand at random, and holds what Mooring tells against it."""
import argparse
import collections
import os
import random
import shutil
import signal
import sys
import tempfile
import time

from documents import KINDS, SECRET, SUFFIXES, Document
from host import Host
from journal import Journal
from world import World

FOLDERS = ("", "conf.d", "conf.d/deep", "app", "app/a", "app/b")
# What happens to the watcher in a round, and how often.
ROUNDS = {"watched": 12, "down": 2, "starting": 3, "killed": 4, "killed soon after": 4, "stopped": 1, "healed": 2,
          "deployed": 1}
FILES = 60


class Trial:
    def __init__(self, folder, options):
        self.random, self.options = random.Random(options.seed), options
        self.world = World(folder, options.mooring, options.settle, options.authors)
        self.known, self.files, self.recent = {}, {}, []
        layouts = (("switched", "current/", (0o444, 0o555)), ("placed", "", (0o644, 0o755)))
        self.hosts = [Host(name, self.world.place(name), prefix, modes, self.random, self.known)
                      for name, prefix, modes in layouts]
        self.journals = [Journal(host, self.world) for host in self.hosts]
        self.rounds, self.wrong = collections.Counter(), []
        serial = self.hosts[0].serial
        for number in range(FILES):
            kind = KINDS[number % len(KINDS)]
            document = Document(kind, self.random, serial)
            name = f"{kind}{number}{SUFFIXES.get(kind, f'.{kind}')}"
            self.files[os.path.join(self.random.choice(FOLDERS), name)] = document

    # Rounds

    def run(self):
        self.deploy()
        while sum(host.count for host in self.hosts) < self.options.changes and not self.wrong:
            kind = self.random.choices(list(ROUNDS), ROUNDS.values())[0]
            self.rounds[kind] += 1
            self.round(kind)
        self.close()

    def round(self, kind):
        if kind in ("healed", "deployed"):
            self.heal()
            if kind == "deployed":
                self.deploy()
            return
        changes = self.choose()
        if kind in ("down", "starting", "stopped"):
            self.world.stop(signal.SIGTERM if kind == "stopped" else signal.SIGKILL)
        killed = self.random.randrange(len(changes)) if kind == "killed" else None
        started = self.random.randrange(len(changes)) if kind == "starting" else None
        for place, (host, path) in enumerate(changes):
            if place == killed:
                self.world.stop(signal.SIGKILL)
            if place == started:
                self.world.watch()
            host.change(path)
            if started is not None and place >= started or self.random.random() < 0.1:
                # Not to wait for something: so that changes come at every moment of a look.
                time.sleep(self.random.random() * 0.06)
        if kind == "killed soon after":
            time.sleep(self.random.random() * 0.25)
            self.world.stop(signal.SIGKILL)
        self.world.watch()
        self.agree(kind)

    def choose(self):
        """What is changed in a round: in either root some objects, a few of them several times, in any order."""
        changes, chosen = [], []
        for host, journal in zip(self.hosts, self.journals):
            free = [path for path in host.everything() if (host, path) not in self.recent and is_free(host, path)]
            for path in self.random.sample(free, min(len(free), self.options.objects)):
                below = [path] + [inner for inner in host.everything() if inner.startswith(path + "/")]
                over = [path[:place] for place, letter in enumerate(path) if letter == "/"]
                if any((host, other) in chosen for other in below + over):
                    continue
                chosen += [(host, inner) for inner in below]
                for inner in below + over:
                    journal.forget(inner)
                changes += [(host, path)] * self.random.choice((1, 1, 1, 2, 3))
        self.recent = chosen
        self.random.shuffle(changes)
        return changes

    def agree(self, kind):
        """Waits until the journal says what there is."""
        def holds():
            for journal in self.journals:
                journal.read()
            return not any(True for journal in self.journals for _ in journal.disagreements())
        agreed = self.world.until(holds, self.options.patience)
        if not agreed:
            self.wrong += [line for journal in self.journals for line in journal.disagreements()]
        for journal in self.journals:
            journal.agree()
            if agreed:
                journal.compare(self.world.drift(journal.host.name))
            self.wrong += journal.wrong
        self.wrong = [f"round {sum(self.rounds.values())} ({kind}): {line}" for line in self.wrong]

    def heal(self):
        self.world.watch()
        for journal in self.journals:
            if any(told.id for told in journal.told.values()):
                self.world.run("drift", journal.host.name, "--heal")
            for path in journal.host.everything():
                journal.host.note(path)
            journal.is_healing = True
        self.agree("healed")
        for journal in self.journals:
            journal.is_healing = False
            if not journal.host.is_agreed():
                self.wrong.append(f"{journal.host.name} is not as it was deployed after it was healed")

    def deploy(self):
        """A new version of some files, where nothing differs."""
        for path, document in self.files.items():
            if self.random.random() < 0.2:
                self.files[path] = document = document.edited(self.random, self.hosts[0].serial)
            self.known[document.bytes()] = document
        files = {path: document.bytes() for path, document in self.files.items()}
        self.world.commit(files)
        for host, journal in zip(self.hosts, self.journals):
            self.world.run("sync", host.name)
            host.take_over(files)
            if not host.is_agreed():
                self.wrong.append(f"{host.name} is not what was deployed")
            journal.told = {}
        self.recent = []
        self.world.watch()

    # The end

    def close(self):
        """What was told is all that is told: also by another look at everything, and after the index was made anew."""
        if self.wrong:
            return
        self.world.stop()
        self.world.run("run", "--once")
        self.agree("the last look")
        before = [self.world.events(host.name, 0) for host in self.hosts]
        self.world.run("index", "rebuild")
        if before != [self.world.events(host.name, 0) for host in self.hosts]:
            self.wrong.append("the journal reads differently after `index rebuild`")
        if SECRET in str(before):
            self.wrong.append("the journal holds a secret")

    def tally(self):
        counts = sum((collections.Counter(journal.counts) for journal in self.journals), collections.Counter())
        told = sum(counts[kind] for kind in ("drift.detected", "drift.changed"))
        authors = sum(journal.authors for journal in self.journals)
        print(f"   {sum(host.count for host in self.hosts)} changes in {sum(self.rounds.values())} rounds "
              f"({', '.join(f'{count} {kind}' for kind, count in self.rounds.items())}); told: "
              f"{', '.join(f'{count} {kind}' for kind, count in sorted(counts.items()))}; "
              f"{authors} of {told} with who did it")


def is_free(host, path):
    """Nothing is done where somebody else's folder is, and nothing more to what an editor left."""
    folder = os.path.dirname(path)
    return (not folder or folder in host.baseline) and not path.endswith("~")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=int(os.environ.get("TRUTH_CHANGES") or 5000))
    seed = os.environ.get("SOAK_SEED") or random.SystemRandom().randrange(10**6)
    parser.add_argument("--seed", type=int, default=int(seed))
    parser.add_argument("--objects", type=int, default=14, help="at most so many in either root in a round")
    parser.add_argument("--settle", default="50ms")
    parser.add_argument("--patience", type=float, default=30, help="seconds for one round's changes to be told")
    parser.add_argument("--mooring", default=os.environ.get("MOORING_BIN"))
    parser.add_argument("--without-authors", dest="authors", action="store_false",
                        help="with inotify, as without CAP_SYS_ADMIN")
    parser.add_argument("--keep", action="store_true", help="leaves the world where it is")
    options = parser.parse_args()
    os.umask(0o022)
    folder = tempfile.mkdtemp(prefix="mooring-truth-")
    print(f"   seed {options.seed}", flush=True)
    trial, began = Trial(folder, options), time.monotonic()
    try:
        trial.run()
    finally:
        trial.world.stop(signal.SIGKILL)
        if options.keep:
            print(f"   the world is at {folder}")
        else:
            shutil.rmtree(folder)
    trial.tally()
    print(f"   {time.monotonic() - began:.0f} s")
    for line in trial.wrong[:40]:
        print(f"truth: {line}", file=sys.stderr)
    if trial.wrong:
        print(f"truth: again with --seed {options.seed} --changes {options.changes}", file=sys.stderr)
    return 1 if trial.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
