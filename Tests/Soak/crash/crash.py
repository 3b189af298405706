#!/usr/bin/env python3
"""Stops Mooring at every mutating system call, and looks whether everything is whole after a restart."""
import argparse
import json
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time

import checks
import disk
import scenarios
import tracer
import world as worlds

WAYS = ("stop", *disk.WAYS)
# A command is stopped in the middle of what a stopped one left, too: at these shares of its calls.
INTERRUPTED = {"recovery-of-second": "second", "recovery-of-automatic": "automatic", "recovery-of-rollback": "rollback",
               "recovery-of-inPlace-second": "inPlace-second"}
SHARES = (0.3, 0.6, 0.85)
# A deployment that was going back when it was stopped, everything in its new place and nothing committed yet.
UNDONE = {"undo-of-inPlace-second": "inPlace-second"}


class Bench:
    """Prepared scenarios in a folder of their own, and one point of one of them at a time."""

    def __init__(self, folder, mooring):
        self.folder, self.mooring, self.prepared = folder, mooring, {}

    def prepare(self, name):
        """The scenario, the world before, and the calls that its command makes."""
        if name not in self.prepared:
            self.prepared[name] = self._prepare(name)
        return self.prepared[name]

    def _prepare(self, name):
        kind, _, share = name.partition("@")
        base = worlds.World(os.path.join(self.folder, "base-" + name), self.mooring, name in scenarios.IN_PLACE)
        if share or kind in UNDONE:
            scenario, origin, calls = self.prepare({**INTERRUPTED, **UNDONE}[kind])
            base = origin.copy(base.path)
            if share:
                self._trace(base, scenario, stop_at=max(1, int(len(calls) * float(share))))
            else:
                self._stop_going_back(base, scenario, calls)
            interrupted = scenarios.scenario("second")
            interrupted.name, interrupted.words = name, scenarios.ONCE
            interrupted.allowed, interrupted.settled = scenario.allowed, scenario.settled
            scenario = interrupted
        else:
            base.make()
            scenario = scenarios.scenario(name)
            scenario.prepare(scenario, base)
        trial = base.copy(os.path.join(self.folder, "trial"))
        outcome = self._trace(trial, scenario)[0]
        return scenario, base, [str(call) for call in outcome.calls]

    def _stop_going_back(self, world, scenario, calls):
        """Stops a deployment before it commits, and lets the intent say that it had begun to go back."""
        commit = max(index for index, call in enumerate(calls, 1) if call.endswith("production/inventory.json"))
        self._trace(world, scenario, stop_at=commit)
        path = world.place("app", ".mooring", "production", "intent.json")
        with open(path, encoding="utf-8") as file:
            intent = json.load(file)
        if intent["phase"] != "placing":
            raise RuntimeError(f"the deployment was stopped while {intent['phase']}, not while placing")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**intent, "phase": "undoing"}, file)

    def _trace(self, world, scenario, stop_at=None, before_sync=None):
        texts = []
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            outcome = tracer.run(
                world.arguments(*scenario.words), worlds.ENVIRONMENT, world.path, output.fileno(), errors.fileno(),
                world.path, stop_at, before_sync)
            for file in (output, errors):
                file.seek(0)
                texts.append(file.read().decode(errors="replace"))
        return outcome, *texts

    def attempt(self, name, ways, point, seed):
        """Stops at one point, and looks at what is left in each way; yields the way, the call and what does not hold.

        Where two ways leave the same, one of them is looked at. Of several ways, one in turn is also gone on from.
        """
        def goes_on(way):
            return len(ways) == 1 or ways.index(way) == point % len(ways)
        scenario, base, _ = self.prepare(name)
        world = base.copy(os.path.join(self.folder, "attempt"))
        losing = [way for way in ways if way != "stop"]
        kept = disk.Disk(world.path) if losing else None
        outcome, output, errors = self._trace(world, scenario, point, kept.before_sync if kept else None)
        call, before, printed = str(outcome.stopped or "its end"), checks.recorded(world), checks.said(errors, output)
        # Some of what is kept names places: each way is looked at where the command ran.
        stopped = world.path + "-stopped"
        os.rename(world.path, stopped)
        seen = {}
        for way in losing:
            kept.rebuild(way, random.Random(f"{seed} {name} {point}"), stopped, world.path)
            same = disk.fingerprint(world.path)
            if same not in seen:
                _restart_machine(world)
                seen[same] = _problems(scenario, world, before, printed, goes_on(way))
            disk.remove(world.path)
            yield way, call, seen[same]
        if kept:
            kept.close()
        os.rename(stopped, world.path)
        if "stop" in ways:
            yield "stop", call, _problems(scenario, world, before, printed, goes_on("stop"))


def _problems(scenario, world, before, printed, goes_on):
    problems = list(scenarios.after_stop(scenario, world))
    try:
        problems += scenarios.after_restart(scenario, world, before, printed, goes_on)
    except Exception as error:  # pylint: disable=broad-except
        problems.append(f"{type(error).__name__}: {error}")
    return problems


def _restart_machine(world):
    """What was written in another boot of the machine names it: another one than it will be after a power failure."""
    for name in ("journal.log.applied", "index.sqlite.lock"):
        path = world.place("state", name)
        if os.path.exists(path) and os.path.getsize(path) >= 36:
            with open(path, "r+b") as file:
                file.write(b"00000000-0000-0000-0000-000000000000")


def names():
    recoveries = (f"{name}@{share}" for name in INTERRUPTED for share in SHARES)
    return [*scenarios.PREPARED, *scenarios.IN_PLACE, *recoveries, *UNDONE]


def chosen_names(options, seed):
    """All scenarios, or as many as there is time to prepare."""
    if not options.slice:
        return names()
    return random.Random(seed).sample(names(), min(len(names()), max(3, options.slice // 20)))


_bench = None


def _begin(mooring, folder):
    global _bench  # pylint: disable=global-statement
    _bench = Bench(tempfile.mkdtemp(dir=folder), mooring)


def _count(name):
    return name, len(_bench.prepare(name)[2])


def _attempt(job):
    name, ways, point, seed, deadline = job
    if deadline and time.monotonic() > deadline:
        return job, []
    try:
        return job, list(_bench.attempt(name, ways, point, seed))
    except Exception as error:  # pylint: disable=broad-except
        return job, [(way, "the harness failed", [f"{type(error).__name__}: {error}"]) for way in ways]


def jobs(counts, options, seed):
    """All points, or those that were asked for; where there is time for some only, drawn one way at a time."""
    chosen, deadline = [], time.monotonic() + options.slice if options.slice else None
    ways = tuple(options.way or WAYS)
    for name, count in counts.items():
        points = [options.point] if options.point else range(1, count + 2)
        for together in [(way,) for way in ways] if options.slice else [ways]:
            chosen += [(name, together, point, seed, deadline) for point in points]
    if options.slice:
        random.Random(seed).shuffle(chosen)
    return chosen


def run(options, folder):
    seed = options.seed or os.environ.get("SOAK_SEED") or (str(random.SystemRandom().randrange(10**6)) if options.slice else "0")
    started = time.monotonic()
    tally, failures, done = {}, [], 0
    with multiprocessing.Pool(options.workers, _begin, (options.mooring, folder), maxtasksperchild=None) as pool:
        counts = dict(pool.imap(_count, options.scenario or chosen_names(options, seed)))
        for name, count in counts.items():
            print(f"{name}: {count} mutating calls")
        chosen = jobs(counts, options, seed)
        if options.slice:
            print(f"a sample of {len(chosen)} points for {options.slice} s; --seed {seed}")
        for (name, _, point, *_), results in pool.imap_unordered(_attempt, chosen):
            for way, call, problems in results:
                passed, failed = tally.setdefault((name, way), [0, 0])
                tally[name, way] = [passed + (not problems), failed + bool(problems)]
                if problems:
                    failures.append(f"--scenario {name} --way {way} --point {point} --seed {seed}")
                    print(f"FAILED {failures[-1]} (before {call})", *problems, sep="\n    ", flush=True)
            done += len(results)
            if options.progress and results and done // 500 > (done - len(results)) // 500:
                print(f"{done} points in {time.monotonic() - started:.0f} s, {len(failures)} failed", flush=True)
    for (name, way), (passed, failed) in sorted(tally.items()):
        print(f"{name}, {way}: {passed} passed, {failed} failed")
    total = sum(passed + failed for passed, failed in tally.values())
    print(f"{total} points in {time.monotonic() - started:.0f} s, {len(failures)} failed")
    return 1 if failures or not total else 0


def main():
    parser = argparse.ArgumentParser(prog="crash.sh", description=__doc__)
    parser.add_argument("--mooring", default=os.environ.get("MOORING_BIN"), help="the program; or MOORING_BIN")
    parser.add_argument("--scenario", action="append", choices=names(), metavar="NAME", help=", ".join(names()))
    parser.add_argument("--way", action="append", choices=WAYS, help="what is left: everything (stop), or what was synced")
    parser.add_argument("--point", type=int, help="the call before which it is stopped")
    parser.add_argument("--seed", help="of the sample, and of what is left in the way `mixed`")
    parser.add_argument("--slice", type=int, default=int(os.environ.get("SOAK_SLICE") or 0), help="seconds; 0 is all")
    parser.add_argument("--progress", action="store_true", help="say every 500 points how many there were")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if not options.mooring:
        parser.error("name the built program with --mooring or MOORING_BIN")
    options.mooring = os.path.realpath(options.mooring)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # What is durable is our own account: a real disk would only make it slow.
    memory = None if "TMPDIR" in os.environ or not os.access("/dev/shm", os.W_OK) else "/dev/shm"
    folder = tempfile.mkdtemp(prefix="mooring-crash-", dir=memory)
    try:
        return run(options, folder)
    finally:
        disk.remove(folder)


if __name__ == "__main__":
    sys.exit(main())
