#!/usr/bin/env python3
"""Breaks one thing at a time in a healthy setup, and holds what Mooring finds against it: the right rule, and no other."""
import argparse
import collections
import os
import random
import shutil
import sys
import tempfile
import time

from changes import CHANGES, Draw
from registry import Registry
from setup import LATE, LAYOUTS, LEFT, READ, SERVICES, base_files, code, service
from standing import Standing
from world import World


class Trial:
    def __init__(self, folder, options):
        self.random, self.folder, self.options = random.Random(options.seed), folder, options
        self.registry = Registry(folder)
        self.world = World.make(os.path.join(folder, "healthy"), options.mooring, self.registry.host)
        self.images, self.counts, self.wrong = {}, collections.Counter(), []

    def close(self):
        self.registry.stop()

    # The healthy setup

    def build(self):
        """Three releases, each with images of its own, watched, and going back rehearsed."""
        self.world.stamp(60)
        for number, columns in enumerate([(READ, LATE, LEFT), (READ, LATE), (READ,)], start=1):
            release = f"v{number}"
            self.images[release] = {name: self.push(name, number) for name in SERVICES}
            texts = {name: image["text"] for name, image in self.images[release].items()}
            files = base_files(texts) if number == 1 else {
                f"app/{name}.yaml": service(name, text) for name, text in texts.items()}
            files["code/app.py"] = code(columns)
            self.images[release]["revision"] = self.world.commit(files, release, push=True)
            self.world.watch_until(lambda: len(self.world.events("artifacts")) >= number)
        shutil.copytree(self.world.path, self.world.path + "-undrilled", symlinks=True)
        self.world.run("drill", "production")
        self.base = self.world.head()
        self.texts = {name: image["text"] for name, image in self.images["v3"].items() if name in SERVICES}

    def push(self, name, number):
        """Named by its digest, or by a tag that is a commit."""
        tag = f"{number}-3f9c2d{number}"
        manifest, digest = self.registry.push(name, tag, f"{name} {number} {self.options.seed}")
        # At least one of each kind.
        tagged = name == SERVICES[0] or name != SERVICES[1] and self.random.random() < 0.5
        text = f"{self.registry.host}/{name}" + (f":{tag}" if tagged else f"@{digest}")
        return {"text": text, "tag": tag, "digest": digest, "manifest": manifest, "tagged": tagged}

    # Cases

    def run(self):
        self.standing = Standing(self.world, self.registry, self.images, self.random)
        self.standing.healthy(self.world)
        kinds = [(rule, self.change, draw) for rule, draw in CHANGES]
        kinds += [(rule, self.stand, breaks) for rule, breaks in self.standing.cases().items()]
        kinds += [("revert-conflicts", self.undo, None), ("backup-missing", self.unsaved, None),
                  ("rendering-unknown", self.unrendered, None)]
        deck = []
        deadline = time.monotonic() + self.options.seconds if self.options.seconds else None
        while sum(self.counts.values()) < self.options.cases and len(self.wrong) < 10:
            if deadline and time.monotonic() > deadline:
                break
            if not deck:
                deck = self.random.sample(kinds, len(kinds))
            rule, case, what = deck.pop()
            self.counts[rule] += 1
            try:
                case(rule, what) if what else case(rule)
            except (AssertionError, RuntimeError) as error:
                by = getattr(what, "__name__", case.__name__)
                self.wrong.append(f"case {sum(self.counts.values())}, {rule} by {by}: {error}")

    def stand(self, rule, breaks):
        """Production as it stands, with one thing broken that nobody did to it by a release."""
        world = self.world.copy(os.path.join(self.folder, "case"))
        mend, where = breaks(world)
        try:
            findings, status, answer = world.readiness()
        finally:
            if mend:
                mend()
        self.expect(rule, findings, status)
        if where is not None:
            found = {finding.get("release") for finding in findings}
            assert found == where, f"it stands in the way of {found}, and not of {where}: {answer['answer']}"
        if any(finding["severity"] == "error" for finding in findings):
            assert findings[0]["why"].split(":")[0] in answer["answer"], answer["answer"]
        if mend:
            self.standing.healthy(self.world)

    def change(self, rule, draw):
        case = Draw(self.random, self.world, self.base, self.texts)
        (bad, place), (good, _) = draw(case)
        findings, status = self.checked(good)
        assert (findings, status) == ([], 0), f"a change in order finds {findings}: {good}"
        findings, status = self.checked(bad)
        self.expect(rule, findings, status, place)

    def checked(self, files):
        self.world.git("checkout", "--quiet", "--detach", self.base)
        head = self.world.commit(files)
        before = self.world.git("count-objects", "-v")
        found = self.world.check(self.base, head)
        assert self.world.git("count-objects", "-v") == before, "the check has written to the clone"
        self.world.git("checkout", "--quiet", "--detach", self.base)
        return found

    def expect(self, rule, findings, status, place=None):
        rules = {finding["rule"] for finding in findings}
        assert rules == {rule}, f"found {[(each['rule'], each['why']) for each in findings]}"
        grave = any(finding["severity"] == "error" for finding in findings)
        assert status == (2 if grave else 0), f"exit code {status}"
        files = {finding.get("file") for finding in findings}
        assert place is None or files == {place}, f"found in {files}, and not in {place}"

    # Changes that need more than files

    def undo(self, rule):
        """The branch has gone on: to another field, and to the same."""
        name, number = self.random.choice(SERVICES), self.random.randrange(100, 999)
        path = f"app/{name}.yaml"
        self.world.git("checkout", "--quiet", "--detach", self.base)
        head = self.world.commit({path: service(name, f"registry.example/{name}:{number}-3f9c2d4")})
        for image, replicas, wanted in ((f"{number}-3f9c2d4", number, False), (f"{number}-3f9c2d5", 2, True)):
            self.world.git("checkout", "--quiet", "--detach", head)
            tip = self.world.commit({path: service(name, f"registry.example/{name}:{image}", replicas=replicas)})
            self.world.git("update-ref", "refs/remotes/origin/main", tip)
            findings, status = self.world.check(self.base, head)
            self.world.git("update-ref", "refs/remotes/origin/main", self.base)
            if wanted:
                self.expect(rule, findings, status, path)
            else:
                assert (findings, status) == ([], 0), f"another field is in the way: {findings}"

    def unsaved(self, rule):
        """What nobody needs any more is dropped, without a backup."""
        layout = self.random.choice(LAYOUTS)
        files = layout.files(2, "drop", f"DROP TABLE legacy_{layout.name};")
        files = {path: f"-- mooring: unused since {self.base}\n{text}" if "DROP" in text and layout.name != "rails"
                 else text.replace("DROP", f"-- mooring: unused since {self.base}\nDROP") for path, text in files.items()}
        assert self.checked(files) == ([], 0), "a drop in order, with a backup, finds something"
        self.world.stamp(self.random.randrange(3700, 10 ** 6))
        findings, status = self.checked(files)
        self.world.stamp(60)
        self.expect(rule, findings, status)

    def unrendered(self, rule):
        """The pipeline lacks the program."""
        path = self.world.place("mooring.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("/bin/sh, chart", f"/nonexistent/{self.random.randrange(9999)}, chart"))
        try:
            findings, status = self.checked({"chart/tag": f"{self.random.randrange(9999)}-3f9c2d6\n"})
        finally:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        self.expect(rule, findings, status)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mooring", default=os.environ.get("MOORING_BIN"))
    parser.add_argument("--cases", type=int, default=os.environ.get("READINESS_CASES") or 400)
    parser.add_argument("--seconds", type=int, default=os.environ.get("SOAK_SLICE") or 0, help="at most so long")
    parser.add_argument("--seed", type=int, default=os.environ.get("SOAK_SEED") or random.randrange(1_000_000))
    parser.add_argument("--keep", action="store_true", help="leave the folder where it is")
    options = parser.parse_args()
    options.mooring = os.path.abspath(options.mooring)
    folder = tempfile.mkdtemp(prefix="mooring-readiness-")
    trial = None
    try:
        trial = Trial(folder, options)
        trial.build()
        trial.run()
    finally:
        if trial:
            trial.close()
        if options.keep:
            print(f"   left in {folder}")
        else:
            remove(folder)
    print(f"   {sum(trial.counts.values())} things broken, one at a time, of seed {options.seed}: "
          + ", ".join(f"{count} {rule}" for rule, count in sorted(trial.counts.items())))
    for line in trial.wrong:
        print(f"   {line}\n   again with --seed {options.seed}", file=sys.stderr)
    sys.exit(1 if trial.wrong else 0)


def remove(folder):
    """Releases on a host are read-only."""
    for place, _, _ in os.walk(folder):
        if not os.path.islink(place):
            os.chmod(place, 0o700)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
