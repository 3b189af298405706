"""What must hold when everything has come to rest. Each rule yields what is wrong."""
import os
import stat

REPOSITORY = "state/repositories/config.git"
JOURNAL = "refs/mooring/journal/"


def production(world, name):
    """Production is a release that the journal holds, whole, but for what is told as drift."""
    status = world.status(name)
    if "release" not in status:
        return
    digest = status["release"]["digest"]
    root = world.place(name, "current") if name == "switched" else world.place(name)
    wanted = tree(world, digest)
    if not os.path.exists(root):
        yield f"{name} has nothing, and should run {digest}"
        return
    there = folder(root)
    different = {path for path in there.keys() | wanted.keys() if there.get(path) != wanted.get(path)}
    told = {item["object"].removeprefix("current/") for item in world.read("drift", name)["items"]
            if item["object"].removeprefix("current/") in wanted.keys() | there.keys()}
    if different != told:
        yield f"{name} runs {digest}, and differs from it in {sorted(different)}; of drift {sorted(told)} are told"


def agreement(world, name):
    """Where nothing is owed, held or kept out, production is what the branch says."""
    status = world.status(name)
    if status.get("holds") or status.get("owed") or "release" not in status:
        return
    found = world.git("-C", world.remote, "rev-parse", "--verify", "--quiet", f"main:environments/{name}", check=False)
    branch = found.stdout.strip() or None
    if status["release"]["digest"] == branch:
        return
    newest = world.read("releases", name)["releases"][0]
    # A release of nothing at all is refused: what ran goes on.
    if branch is None and newest.get("refusal"):
        return
    # Rule 9 keeps out what brings back what was rolled back, be it by a field alone.
    is_blocked = newest.get("quarantined") or status.get("blocked", {}).get("revision") == newest["revision"]
    # What somebody changed by hand stops a deployment that would go over it, until it is settled.
    if not is_blocked and not world.read("drift", name)["items"]:
        yield f"{name} runs {status['release']['digest']}, and the branch has {branch}: nothing says why"


def story(world, name):
    """Every beginning has its end, numbers rise, and automation never deploys what is in quarantine."""
    events = world.events(name)
    ids = [event["id"] for event in events]
    if len(set(ids)) != len(ids):
        yield f"{name}: an event is there twice"
    for kind in ("deployment", "rollback"):
        started = [event["payload"][kind] for event in events if event["kind"] == f"{kind}.started"]
        finished = [event["payload"][kind] for event in events if event["kind"] == f"{kind}.finished"]
        if sorted(started) != sorted(finished):
            yield f"{name}: {kind}s began: {set(started) - set(finished)}, ended: {set(finished) - set(started)}"
    numbers = [event["payload"]["number"] for event in events if event["kind"] == "release"]
    if numbers != sorted(set(numbers)):
        yield f"{name}: releases are numbered {numbers}"
    yield from _quarantine(name, events)


def _quarantine(name, events):
    barred = set()
    for event in events:
        payload = event["payload"]
        if event["kind"] == "quarantine":
            barred.add(payload["digest"])
        elif event["kind"] == "quarantine.lifted":
            barred.discard(payload["digest"])
        elif event["kind"] == "deployment.started" and payload["trigger"] == "revision":
            if payload["release"]["digest"] in barred:
                yield f"{name}: automation deployed {payload['release']['digest']}, which is in quarantine"


def record(world, name, before):
    """The journal still leads to what it held before."""
    head = world.git("-C", REPOSITORY, "rev-parse", "--verify", "--quiet", JOURNAL + name, check=False).stdout.strip()
    if before and not head:
        yield f"{name}: the journal is gone"
    elif before and world.git("-C", REPOSITORY, "merge-base", "--is-ancestor", before, head, check=False).returncode:
        yield f"{name}: the journal at {head} doesn't lead to {before} any more"


def head(world, name):
    return world.git("-C", REPOSITORY, "rev-parse", "--verify", "--quiet", JOURNAL + name, check=False).stdout.strip()


def repositories(world):
    """Git finds no fault in either repository, and the remote has the journals that we have."""
    for path in (REPOSITORY, world.remote):
        done = world.git("-C", path, "fsck", "--full", "--strict", "--no-dangling", check=False)
        found = [line for line in done.stdout.splitlines() if not line.startswith("notice: ")]
        if done.returncode != 0 or found:
            yield f"git fsck of {path}: {done.stdout.strip()}"


def published(world, name):
    theirs = world.git("-C", world.remote, "rev-parse", "--verify", "--quiet", JOURNAL + name, check=False).stdout
    if theirs.strip() != head(world, name):
        yield f"{name}: the remote's journal is at {theirs.strip()}, ours at {head(world, name)}"


def index(world, name):
    """An index that is made anew says the same."""
    before = world.events(name)
    world.run("index", "rebuild")
    if world.events(name) != before:
        yield f"{name}: the journal reads differently after `index rebuild`"


def requests(world, name):
    """What stands open on the host of code is what a revert waits in, and no branch is left behind."""
    if not world.host:
        return
    ours = f"mooring/revert-{name}-"
    owed = {item["pullRequest"]["number"] for item in world.status(name).get("owed", []) if "pullRequest" in item}
    known = [request for request in world.host.requests if request["branch"].startswith(ours)]
    standing = {request["number"] for request in known if request["state"] == "open"}
    if len(standing) > 1 or not standing <= owed:
        yield f"{name}: pull requests {sorted(standing)} stand open, and {sorted(owed)} are waited for"
    branches = world.git("-C", world.remote, "for-each-ref", "--format=%(refname:short)", f"refs/heads/{ours}*").split()
    waiting = {request["branch"] for request in known if request["number"] in owed}
    # A branch that was pushed for nothing is left where a kill came before its pull request.
    left = {request["branch"] for request in known} & set(branches) - waiting
    if left:
        yield f"{name}: the branches {sorted(left)} are left, and nothing waits for them"


def tree(world, digest):
    """Path: content of a release, as Git has it in the state directory."""
    files = {}
    for line in world.git("-C", REPOSITORY, "ls-tree", "-r", "-z", digest).split("\0"):
        if line:
            mode, _, rest = line.split(" ", 2)
            blob, path = rest.split("\t")
            files[path] = (mode, world.git("-C", REPOSITORY, "cat-file", "blob", blob))
    return files


def folder(path):
    files = {}
    for place, folders, names in os.walk(path):
        folders[:] = [name for name in folders if name != ".mooring"]
        for name in names:
            file = os.path.join(place, name)
            mode = "100755" if os.stat(file).st_mode & stat.S_IXUSR else "100644"
            with open(file, encoding="utf-8") as content:
                files[os.path.relpath(file, path)] = (mode, content.read())
    return files
