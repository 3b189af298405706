"""What Mooring tells, held against what happened."""
from objects import Expectation


class Told:
    """What the journal says of one object now: under which identity, and which of its states that may be."""

    def __init__(self):
        self.id, self.fingerprint, self.places = None, None, {0}


class Journal:
    """Follows one environment's events, and keeps account of everything that is wrong with them."""

    def __init__(self, host, world):
        self.host, self.world = host, world
        self.last, self.told, self.wrong, self.touched = None, {}, [], set()
        self.counts, self.authors, self.ids, self.prints = {}, 0, set(), {}
        self.is_healing = False

    # Reading

    def read(self):
        """Takes in what has been recorded since it was read last."""
        events = self.world.events(self.host.name, 60)
        if self.last is not None and self.last not in [event["id"] for event in events]:
            events = self.world.events(self.host.name, 0)
        known = [event["id"] for event in events].index(self.last) + 1 if self.last else 0
        for event in events[known:]:
            self.last = event["id"]
            self.hear(event["kind"], event["payload"])

    def hear(self, kind, payload):
        if kind == "drift.resolved":
            for item in payload["drifts"]:
                self.resolve(self.path(item["object"]), item["id"], payload["how"])
        elif kind in ("drift.detected", "drift.changed"):
            for drift in payload["drifts"]:
                self.tell(kind, drift)
                self.weigh(drift.get("attribution"), drift)

    def path(self, name):
        prefix = self.host.prefix
        return name.removeprefix(prefix) if not prefix or name.startswith(prefix) else f"/{name}"

    def complain(self, path, what):
        self.wrong.append(f"{self.host.name}: {path}: {what}")

    # Telling

    def tell(self, kind, drift):
        difference, path = drift["difference"], self.path(drift["difference"]["object"])
        told = self.told.setdefault(path, Told())
        self.count(kind if difference["kind"] != "touched" else "touched")
        if kind == "drift.detected":
            if told.id:
                self.complain(path, f"is told a second time: {difference}")
            if drift["id"] in self.ids:
                self.complain(path, f"has the identity of another drift, {drift['id']}")
        elif told.id != drift["id"]:
            self.complain(path, f"changes the drift {drift['id']}, and is {told.id}")
        self.ids.add(drift["id"])
        if difference["kind"] == "touched":
            self.touch(path, told, drift)
            return
        if told.id and told.fingerprint == difference["fingerprint"]:
            self.complain(path, f"is told again as it was: {difference}")
        told.id, told.fingerprint = drift["id"], difference["fingerprint"]
        self.find(path, told, difference)

    def touch(self, path, told, drift):
        if path in self.touched or path not in self.host.states:
            self.complain(path, "is told to have been written, and nobody did, or it was told within the hour")
        self.touched.add(path)
        told.id = drift["id"]

    def find(self, path, told, difference):
        """Which states since the last one that was told this may be."""
        states = self.states(path)
        wanted = self.host.baseline.get(path)
        later = range(min(told.places, default=0) + 1, len(states))
        exact = {place for place in later if self.is_it(path, wanted, states[place], difference)}
        torn = {place for place in later if states[place] and states[place].kind == "torn"}
        if not exact and torn and difference["kind"] in ("changed", "added"):
            self.count("in the middle of a write")
            exact = torn
        if not exact:
            since = [shown(state) for state in states[min(told.places, default=0):]]
            self.complain(path, f"{difference} is told, which never was; it was {shown(wanted)}, then {since}")
        told.places = exact

    def is_it(self, path, wanted, found, difference):
        if found == wanted or (found and found.kind == "torn"):
            return False
        known = self.prints.get((path, difference["fingerprint"]))
        return (known is None or known == found) and Expectation(
            wanted, found, self.host.known).is_met(difference)

    def resolve(self, path, drift, how):
        told = self.told.setdefault(path, Told())
        if told.id != drift:
            self.complain(path, f"ends the drift {drift}, and is {told.id}")
        was_touched = told.fingerprint is None
        told.id = told.fingerprint = None
        if was_touched:
            return
        self.count(how)
        if how != ("healed" if self.is_healing else "undone"):
            self.complain(path, f"is {how}, and nobody did that")
        states = self.states(path)
        wanted = self.host.baseline.get(path)
        told.places = {place for place in range(min(told.places, default=0) + 1, len(states))
                       if states[place] == wanted}
        if not told.places and not self.is_healing:
            self.complain(path, f"is told to be as it should, and wasn't: {[shown(state) for state in states]}")

    def states(self, path):
        return self.host.states.get(path, [self.host.baseline.get(path)])

    # Authors

    def weigh(self, author, drift):
        if author and author["certainty"] == "certain":
            self.authors += 1
            if author.get("process") not in self.host.hands:
                self.complain(drift["difference"]["object"], f"was not changed by {author}")

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    # Agreement

    def disagreements(self):
        """What is still to be told."""
        for path in sorted(self.host.states.keys() | self.told.keys()):
            now, told = self.host.now(path), self.told.get(path)
            is_drift = now != self.host.baseline.get(path) and self.host.is_told(path)
            if is_drift and not (told and told.id and any(self.states(path)[place] == now for place in told.places)):
                yield f"{self.host.name}: {path} is {shown(now)}, not {shown(self.host.baseline.get(path))}: untold"
            if not is_drift and told and told.id:
                yield f"{self.host.name}: {path} is as it should be, and the drift {told.id} is open"

    def agree(self):
        """Fingerprints stand for states, one for one, wherever there is no doubt which state was told."""
        for path, told in self.told.items():
            if not told.id or not told.places:
                continue
            now = self.host.now(path)
            states = {self.states(path)[place] for place in told.places}
            if len(states) == 1 and self.prints.setdefault((path, told.fingerprint), now) != now:
                self.complain(path, "has the fingerprint of another state")

    def forget(self, path):
        """Somebody is about to change it: what was agreed is where its next states begin."""
        if path in self.host.states:
            self.host.states[path] = [self.host.now(path)]
            if path in self.told:
                self.told[path].places = {0}

    def compare(self, items):
        """What `mooring drift` says now has to be the same, and known to the journal."""
        there = {self.path(item["object"]): item for item in items}
        expected = {path for path in self.host.everything()
                    if self.host.is_told(path) and self.host.now(path) != self.host.baseline.get(path)}
        if there.keys() != expected:
            odd = sorted(there.keys() ^ expected)
            self.wrong.append(f"{self.host.name}: `mooring drift` shows {odd} too much or not")
        for path in there.keys() & expected:
            item, told = there[path], self.told[path]
            if item.get("id") != told.id:
                self.complain(path, f"the journal doesn't know it as it is now: {item}")
            elif not Expectation(self.host.baseline.get(path), self.host.now(path), self.host.known).is_met(item):
                self.complain(path, f"`mooring drift` shows {item}")


def shown(thing):
    if thing is None:
        return "nothing"
    return f"{thing.kind} {thing.content[:60]!r} of {len(thing.content)} {thing.mode:o} {thing.owner}"
