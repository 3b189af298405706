"""What must hold after a stop, and after the restart that follows it. Each check yields what is wrong."""
import hashlib
import os
import pwd
import stat

JOURNALS = "refs/mooring/journal/"
JOURNAL = f"{JOURNALS}production"
STATE = "state/repositories/config.git"


def production(world, allowed):
    """`current` names a whole release that is known, or nothing only where that is allowed: in every environment."""
    for root in ("app", *(f"app/{name}" for name in world.siblings())):
        yield from _root(world, root, allowed)


def _root(world, root, allowed):
    live = world.live(root)
    if live not in allowed:
        yield f"{root} runs {live}, and should run one of {allowed}"
    elif world.in_place:
        yield from _in_place(world, allowed, live)
    elif live is not None:
        wanted, there = _release(world, live), _folder(world.place(root, "releases", live))
        if there != wanted:
            yield f"{root}'s release {live} is not whole: {_difference(there, wanted)}"


def _in_place(world, allowed, live):
    """Every file is that of a release that is allowed; all of them of one where there is one only. Others' stay."""
    there = _folder(world.place("app"))
    ours = {path: file for path, file in there.items() if not path.startswith(".mooring/")}
    if "site/theirs" not in ours:
        yield "somebody else's file is gone"
    ours.pop("site/theirs", None)
    releases = [_release(world, digest) if digest else {} for digest in allowed]
    for release in releases:
        release.pop(".mooring-attributes", None)
    if len(allowed) == 1 and ours != releases[0]:
        yield f"production's release {live} is not whole: {_difference(ours, releases[0])}"
    for path, file in ours.items():
        if not os.path.basename(path).startswith(".mooring-") and "/.mooring-" not in "/" + path:
            if file not in [release.get(path) for release in releases]:
                yield f"{path} is neither the old file nor the new one"
    # A file that both releases have is there at any moment.
    for path in set.intersection(*[set(release) for release in releases]) - set(ours):
        yield f"{path} is missing"


def _release(world, digest):
    """Path: (mode, blob) of a release, as Git has it in the colleague's clone."""
    files = {}
    for line in world.git("-C", "work", "ls-tree", "-r", "-z", digest).split("\0"):
        if line:
            mode, _, rest = line.split(" ", 2)
            blob, path = rest.split("\t")
            files[path] = (mode, blob)
    return files


def _folder(path):
    files = {}
    for folder, _, names in os.walk(path):
        for name in names:
            file = os.path.join(folder, name)
            if os.path.islink(file):
                continue
            mode = "100755" if os.stat(file).st_mode & stat.S_IXUSR else "100644"
            with open(file, "rb") as content:
                data = content.read()
            blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            files[os.path.relpath(file, path)] = (mode, blob)
    return files


def _difference(there, wanted):
    names = sorted(name for name in there.keys() | wanted.keys() if there.get(name) != wanted.get(name))
    return ", ".join(names)


def leftovers(world):
    """Nothing half made stays at the target."""
    for folder, folders, names in os.walk(world.place("app")):
        yield from (f"{folder}/{name} was left" for name in folders + names
                    if name.startswith((".mooring-", "intent", "check-")) or name.endswith((".new", "-next.json")))
    roots = ("app", *(f"app/{name}" for name in world.siblings()))
    for folder in (*roots, *(f"{root}/releases" for root in roots)):
        if os.path.isdir(world.place(folder)):
            for name in os.listdir(world.place(folder)):
                if name.startswith((".incoming", ".retired", ".current-new")):
                    yield f"{folder}/{name} was left"


def repositories(world):
    """Git finds no fault in either repository."""
    for path in (STATE, "remote.git"):
        done = world.git("-C", path, "fsck", "--full", "--strict", "--no-dangling", check=False)
        found = [line for line in done.stdout.splitlines() if not line.startswith("notice: ")]
        if done.returncode != 0 or found:
            yield f"git fsck of {path}: {done.stdout.strip()}"


def locks(world):
    """Nobody is kept out of a repository by what was stopped. An unfinished pack's own lock keeps nobody out."""
    for path in (STATE, "remote.git"):
        for folder, _, names in os.walk(world.place(path)):
            yield from (f"{folder}/{name} was left" for name in names
                        if name.endswith(".lock") and not name.startswith("pack_git2_"))


def recorded(world):
    """The commits of the journal that the program has moved its reference to: those were durable before it did."""
    if not os.path.isdir(world.place(STATE)):
        return []
    done = world.git("-C", STATE, "rev-list", "--first-parent", "--reverse", JOURNAL, check=False)
    return done.stdout.split() if done.returncode == 0 else []


def journal(world, events, before, printed):
    """Nothing that was recorded before the stop is gone, and every beginning has its end."""
    if recorded(world)[:len(before)] != before:
        yield "the journal does not begin with what it held before the stop"
    ids = [event["id"] for event in events]
    if len(set(ids)) != len(ids):
        yield "an event is there twice"
    story = world.git("-C", STATE, "log", "--first-parent", "--format=%s", JOURNAL).splitlines()
    for line in printed:
        if line in story:
            story.remove(line)
        else:
            yield f"the program said \"{line}\", and the journal doesn't"
    yield from _pairs(events)
    numbers = [event["payload"]["number"] for event in events if event["kind"] == "release"]
    if numbers != sorted(set(numbers)):
        yield f"releases are numbered {numbers}"


def _pairs(events):
    for kind, key in (("deployment", "deployment"), ("rollback", "rollback"), ("drill", "drill")):
        started = [event["payload"][key] for event in events if event["kind"] == f"{kind}.started"]
        finished = [event["payload"][key] for event in events if event["kind"] == f"{kind}.finished"]
        if sorted(started) != sorted(finished):
            yield f"{kind}s began: {started}, ended: {finished}"


def index(world, events):
    """An index that is made anew says the same."""
    world.succeed("index", "rebuild")
    if world.events() != events:
        yield "the journal reads differently after `index rebuild`"


def published(world):
    """The remote's journals are ours."""
    for name in ("production", *world.siblings()):
        ours = world.git("-C", STATE, "rev-parse", JOURNALS + name).strip()
        theirs = world.git("-C", "remote.git", "rev-parse", JOURNALS + name, check=False).stdout.strip()
        if ours != theirs:
            yield f"the remote's journal of {name} is at {theirs}, ours at {ours}"


def branch(world, digest):
    """The remote's branch has the inputs of this release."""
    tree = world.git("-C", "remote.git", "rev-parse", "main:environments/production").strip()
    if tree != digest:
        yield f"the branch's inputs are {tree}, and should be {digest}"


def said(errors, output):
    """The events that the program said it had recorded."""
    mark = "environment=production [MooringCommands] "
    lines = [line.split(mark, 1)[1] for line in errors.splitlines() if " notice " in line and mark in line]
    operator = pwd.getpwuid(os.getuid()).pw_name
    lines += [line.replace("production: held:", f"held by {operator}:")
              for line in output.splitlines() if line.startswith("production: held:")]
    return lines
