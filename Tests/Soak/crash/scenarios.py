"""What is stopped: a first and a second deployment, both rollbacks, a drill, an append, an owed push, and a recovery."""
import os

import checks


class Scenario:
    """`prepare` makes the world before; `words` are the command that is stopped."""

    def __init__(self, name, words, prepare):
        self.name, self.words, self.prepare = name, words, prepare
        self.allowed, self.settled = [], None
        self.in_place = False

    def ends_at(self, events):
        """The release that production runs, and the branch means, when the restart is done and this is recorded."""
        return self.settled(events)


def _deployed(world, *names):
    digests = {}
    for name in names:
        digests[name] = world.commit(name)
        world.succeed("run", "--once")
    return digests


def _first(scenario, world):
    digest = world.commit(1)
    scenario.allowed, scenario.settled = [None, digest], lambda _: digest


def _second(scenario, world):
    old = _deployed(world, 1)[1]
    new = world.commit(2)
    scenario.allowed, scenario.settled = [old, new], lambda _: new


def _several(scenario, world):
    """Six environments deploy at once: their appends share the log, and their references one sync."""
    world.add_siblings()
    _second(scenario, world)


def _third(scenario, world):
    """With two releases kept, this one removes the first."""
    old = _deployed(world, 1, 2)[2]
    new = world.commit(3)
    scenario.allowed, scenario.settled = [old, new], lambda _: new


def _rollback(scenario, world):
    digests = _deployed(world, 1, 2)
    scenario.allowed = [digests[2], digests[1]]

    def settled(events):
        began = any(event["kind"] == "rollback.started" for event in events)
        return digests[1 if began else 2]

    scenario.settled = settled


def _drill(scenario, world):
    """Wherever it is stopped, production is what it was before."""
    digests = _deployed(world, 1, 2)
    scenario.allowed, scenario.settled = [digests[2], digests[1]], lambda _: digests[2]


def _automatic(scenario, world):
    old = _deployed(world, 1)[1]
    bad = world.commit("bad")
    scenario.allowed, scenario.settled = [old, bad], lambda _: old


def _owed(scenario, world):
    digests = _deployed(world, 1, 2)
    os.rename(world.place("remote.git"), world.place("away.git"))
    world.succeed("rollback", "production", "--reason", "two is wrong", "--yes", status=3)
    os.rename(world.place("away.git"), world.place("remote.git"))
    scenario.allowed, scenario.settled = [digests[1]], lambda _: digests[1]


def _standing(scenario, world):
    digest = _deployed(world, 1)[1]
    scenario.allowed, scenario.settled = [digest], lambda _: digest


ONCE = ("run", "--once")
ROLLBACK = ("rollback", "production", "--reason", "two is wrong", "--yes")
PREPARED = {
    "first": (ONCE, _first), "second": (ONCE, _second), "several": (ONCE, _several), "third": (ONCE, _third),
    "rollback": (ROLLBACK, _rollback),
    "drill": (("drill", "production", "--yes"), _drill),
    "automatic": (ONCE, _automatic), "hold": (("hold", "production", "--reason", "freeze"), _standing),
    "note": (("note", "production", "load test"), _standing), "owed": (ONCE, _owed),
    "rebuild": (("index", "rebuild"), _standing),
}
# The same in the layout in which files lie where they belong.
IN_PLACE = {"inPlace-first": "first", "inPlace-second": "second", "inPlace-rollback": "rollback",
            "inPlace-drill": "drill",
            "inPlace-automatic": "automatic"}


def scenario(name):
    words, prepare = PREPARED[IN_PLACE.get(name, name)]
    made = Scenario(name, words, prepare)
    made.in_place = name in IN_PLACE
    return made


def after_stop(scenario, world):
    """What must hold before anybody has done anything."""
    yield from checks.production(world, scenario.allowed)


def after_restart(scenario, world, before, printed, goes_on):
    """Restarts, once more where the first try met what is left of the stopped one, and yields what doesn't hold.

    `goes_on`: whether to rebuild the index and deploy the next commit, too.
    """
    done = world.run(*ONCE)
    if done.returncode != 0:
        done = world.run(*ONCE)
    if done.returncode != 0:
        yield f"the restart ended with {done.returncode}: {done.stderr.strip()}"
        return
    events = world.events()
    digest = scenario.ends_at(events)
    yield from checks.production(world, [digest])
    yield from checks.branch(world, digest)
    yield from checks.leftovers(world)
    yield from checks.journal(world, events, before, printed)
    yield from checks.repositories(world)
    yield from checks.published(world)
    if goes_on:
        yield from checks.index(world, events)
        yield from _goes_on(world, held=any(event["kind"] == "hold" for event in events))


def _goes_on(world, held):
    """The next commit is deployed as if nothing had been, unless somebody holds."""
    digest = world.commit("next")
    world.succeed(*ONCE)
    if not held:
        yield from checks.production(world, [digest])
    yield from checks.published(world)
    yield from checks.locks(world)
