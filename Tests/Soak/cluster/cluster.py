"""Kills Mooring at random while it applies, prunes and heals, and holds the cluster against what must be there."""
import argparse
import os
import random
import shutil
import sys
import tempfile
import time

from plane import Plane
from world import KEPT, World

MOST = 24


class Failure(Exception):
    pass


class Strangers:
    """Objects of others: without a label, of another environment, in another namespace, and with names like ours."""

    def __init__(self, world):
        self.world = world
        self.places = [("notes", None), ("o5", "elsewhere"), ("theirs", None), ("mooring-production.theirs", None)]
        self.made = []
        for name, namespace in self.places:
            labels = {"mooring.dev/environment": "staging"} if name == "theirs" else {}
            self.made.append(world.make(name, "theirs", namespace, labels))

    def check(self):
        for (name, namespace), before in zip(self.places, self.made):
            now = self.world.plane.ask("GET", self.world.maps(name, namespace))
            if now is None or now["metadata"]["resourceVersion"] != before["metadata"]["resourceVersion"]:
                raise Failure(f"{name} of others was touched")


class Trial:
    """One environment's life under kills."""

    def __init__(self, world, chance):
        self.world, self.chance = world, chance
        self.wanted = {f"o{number}": "0" for number in range(12)}
        self.length = {}
        self.strangers = Strangers(world)
        world.commit(self.wanted)
        self.finish(["sync", "production"])
        self.check()

    # What is killed

    def change(self, act):
        """Makes what the act is about; returns the command to kill and how many changes it makes in the cluster."""
        names = sorted(self.wanted)
        if act == "apply":
            for name in self.chance.sample(names, min(len(names), 6)):
                self.wanted[name] = str(self.chance.randrange(10**6))
            for name in self.chance.sample([f"o{n}" for n in range(MOST)], 6):
                self.wanted[name] = str(self.chance.randrange(10**6))
        elif act == "prune":
            for name in self.chance.sample(names, min(len(names) - 2, 6)):
                del self.wanted[name]
        if act != "heal":
            self.world.commit(self.wanted)
            return ["sync", "production"], 14
        for name in self.chance.sample(names, min(len(names), 6)):
            if self.chance.random() < 0.3:
                self.world.plane.ask("DELETE", self.world.maps(name))
            else:
                patch = {"data": {"value": "by hand", "more": self.chance.choice(["x", None])}}
                self.world.plane.ask("PATCH", self.world.maps(name), patch, "application/merge-patch+json")
        return ["drift", "production", "--heal"], 6

    def round(self, act):
        """Returns whether it was killed before it was done."""
        command, changes = self.change(act)
        # By what it has done, or by time, which also meets what writes nothing.
        by_change = self.chance.random() < 0.7
        kill = self.chance.randint(1, changes) if by_change else self.chance.uniform(0.05, self.length.get(act, 1.0))
        began = time.monotonic()
        status, said = self.world.run(*command, kill=kill)
        if status is not None:
            if status not in (0, 3):
                raise Failure(f"{' '.join(command)} ended with {status}:\n{said}")
            self.length[act] = time.monotonic() - began
        self.check_nothing_forgotten()
        self.strangers.check()
        self.finish(["sync", "production"])
        if act == "heal":
            # What it hadn't announced when it was killed is still as somebody changed it.
            _, said = self.world.run("drift", "production", "--heal")
        self.check()
        return status is None

    def finish(self, command):
        status, said = self.world.run(*command)
        if status != 0 and "production was changed by hand" in said:
            # The heal that was killed hadn't begun: what was changed by hand stands in the way, as it should.
            status, said = self.world.run("drift", "production", "--heal")
        if status != 0:
            raise Failure(f"{' '.join(command)} ended with {status}:\n{said}")

    # What must hold

    def check_nothing_forgotten(self):
        """At any moment whatever is ours is in the inventory."""
        forgotten = set(self.world.live()) - self.world.inventory()[0]
        if forgotten:
            raise Failure(f"not in the inventory: {sorted(forgotten)}")

    def check(self):
        live = self.world.live()
        wanted = {name: {"value": value, "constant": "same"} for name, value in self.wanted.items()}
        if live != wanted:
            differing = {name for name in set(live) | set(wanted) if live.get(name) != wanted.get(name)}
            raise Failure(f"not as the release has it: {[(n, live.get(n), wanted.get(n)) for n in sorted(differing)]}")
        names, first = self.world.inventory()
        if names != set(wanted) or "pending" in first["data"]:
            raise Failure(f"the inventory has {sorted(names ^ set(wanted))} too many or too few: {first['data']}")
        parts = set(first["data"].get("parts", "").split())
        kept = {one["metadata"]["name"] for one in self.world.plane.items(f"{self.world.maps()}?labelSelector={KEPT}")}
        if kept != parts | {"mooring-production", "mooring.journal-production"}:
            raise Failure(f"left behind: {sorted(kept)}")
        self.strangers.check()
        status, said = self.world.run("drift", "production")
        if status != 0:
            raise Failure(f"drift ended with {status}:\n{said}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mooring")
    parser.add_argument("plane")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SOAK_SEED") or random.randrange(10**6)))
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    path = tempfile.mkdtemp(prefix="mooring-cluster-")
    kills = {"apply": 0, "prune": 0, "heal": 0}
    rounds, began = 0, time.monotonic()
    try:
        trial = Trial(World(path, asked.mooring, Plane(asked.plane)), random.Random(asked.seed))
        while sum(kills.values()) < asked.kills:
            if asked.seconds and time.monotonic() - began > asked.seconds:
                break
            act = ("apply", "prune", "heal")[rounds % 3]
            kills[act] += trial.round(act)
            rounds += 1
    except Failure as failure:
        print(f"   round {rounds} with --seed {asked.seed}: {failure}", file=sys.stderr)
        return 1
    finally:
        if asked.keep:
            print(f"   left in {path}")
        else:
            shutil.rmtree(path, ignore_errors=True)
    told = ", ".join(f"{count} while it {act}s" for act, count in kills.items())
    print(f"   seed {asked.seed}: killed {sum(kills.values())} times in {rounds} rounds ({told}): everything was whole")
    return 0


sys.exit(main())
