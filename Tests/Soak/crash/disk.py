"""What a disk holds after the power failed, when only what was made durable is sure to be there.

The traced program runs on a real file system; beside it we keep, for each inode, its content when it was last synced,
and for each folder, its names when it was last synced. That is what POSIX promises and no more:

- `fsync` and `fdatasync` of a file keep its content, and not its name;
- `fsync` of a folder keeps its names, and not what the files behind them hold;
- `syncfs` and `sync` keep everything.

After the stop the folder is rebuilt in one of three ways. Real file systems lie between them:

- `lost`: names and contents as they were last synced, nothing else. A new file with a synced name and no synced content
  is empty. Harsher than ext4, whose `fsync` of a new file keeps its name too.
- `names`: every name that there was, and contents as they were last synced: a metadata journal that was committed just
  before, and data that wasn't written yet.
- `mixed`: for each folder either, and for each file its synced content, its latest, or, of what was written since, a
  beginning or as many zeros; drawn from a seed.

Inodes are told apart by number; each is held open, so that no number is given out twice.
"""
import hashlib
import os
import shutil
import stat

WAYS = ("lost", "names", "mixed")


class _Tree:
    """Contents and names by inode number."""

    def __init__(self):
        self.files, self.links, self.folders = {}, {}, {}


class Disk:
    def __init__(self, root):
        self.root, self.tree, self.held = root, _Tree(), {}
        self.top = os.lstat(root).st_ino
        self._sync_all()

    def close(self):
        for descriptor in self.held.values():
            os.close(descriptor)
        self.held = {}

    def before_sync(self, call, thread):
        """Notes what a call that is about to happen makes durable."""
        if call.name in ("sync", "syncfs"):
            self._sync_all()
            return
        path = f"/proc/{thread}/fd/{call.descriptor}"
        if stat.S_ISDIR(os.stat(path).st_mode):
            self._sync_folder(path)
        else:
            self._sync_file(path)

    def rebuild(self, way, random, root, place):
        """Writes what the disk holds, where the folder has been moved to `root` meanwhile, to another place."""
        now = _Tree()
        _read(root, now)
        _Rebuilding(self.tree, now, way, random).write(self.top, place)

    def _sync_all(self):
        tree = _Tree()
        _read(self.root, tree, self._hold)
        # What has no name any more is gone for good; what another thread renames while we read has one, though we met
        # neither.
        for kind in ("files", "links", "folders"):
            met, known = getattr(tree, kind), getattr(self.tree, kind)
            met.update({number: known[number] for number in known.keys() - met.keys() if self._is_named(number)})
        self.tree = tree

    def _is_named(self, number):
        return os.fstat(self.held[number]).st_nlink > 0

    def _sync_file(self, path):
        status = self._hold(path, follow=True)
        try:
            with open(path, "rb") as file:
                self.tree.files[status.st_ino] = (stat.S_IMODE(status.st_mode), file.read())
        except FileNotFoundError:
            pass

    def _sync_folder(self, path):
        status = self._hold(path, follow=True)
        names = {}
        for name in os.listdir(path):
            below = os.path.join(path, name)
            try:
                entry = self._hold(below)
                self._first_seen(below, entry)
            except FileNotFoundError:
                continue
            names[name] = entry.st_ino
        self.tree.folders[status.st_ino] = (stat.S_IMODE(status.st_mode), names)

    def _first_seen(self, path, status):
        mode, number = stat.S_IMODE(status.st_mode), status.st_ino
        if stat.S_ISLNK(status.st_mode):
            self.tree.links.setdefault(number, os.readlink(path))
        elif stat.S_ISDIR(status.st_mode):
            self.tree.folders.setdefault(number, (mode, {}))
        else:
            self.tree.files.setdefault(number, (mode, b""))

    def _hold(self, path, follow=False):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
        status = os.fstat(descriptor)
        if status.st_ino in self.held:
            os.close(descriptor)
        else:
            self.held[status.st_ino] = descriptor
        return status


def _read(path, tree, hold=lambda path: os.lstat(path)):
    """Reads everything there is below a path. What vanishes meanwhile is left out."""
    status = hold(path)
    mode, number = stat.S_IMODE(status.st_mode), status.st_ino
    if stat.S_ISLNK(status.st_mode):
        tree.links[number] = os.readlink(path)
    elif stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            tree.files[number] = (mode, file.read())
    elif stat.S_ISDIR(status.st_mode):
        names = {}
        for name in sorted(os.listdir(path)):
            try:
                names[name] = _read(os.path.join(path, name), tree, hold)
            except FileNotFoundError:
                continue
        tree.folders[number] = (mode, names)
    return number


class _Rebuilding:
    def __init__(self, durable, now, way, random):
        self.durable, self.now, self.way, self.random = durable, now, way, random

    def write(self, number, path):
        link = self.durable.links.get(number, self.now.links.get(number))
        if link is not None:
            os.symlink(link, path)
        elif number in self.durable.folders or number in self.now.folders:
            self._write_folder(number, path)
        elif number in self.durable.files or number in self.now.files:
            mode, content = self._content(number)
            with open(path, "wb") as file:
                file.write(content)
            os.chmod(path, mode)

    def _write_folder(self, number, path):
        durable, now = self.durable.folders.get(number), self.now.folders.get(number)
        if self.way == "lost":
            chosen = durable or (now[0], {})
        elif self.way == "names":
            chosen = now or durable
        else:
            chosen = self.random.choice([durable or (now[0], {}), now or durable])
        os.mkdir(path, 0o700)
        for name, below in sorted(chosen[1].items()):
            self.write(below, os.path.join(path, name))
        os.chmod(path, chosen[0])

    def _content(self, number):
        now = self.now.files.get(number)
        durable = self.durable.files.get(number) or (now[0], b"")
        if self.way != "mixed" or now is None or now == durable:
            return durable
        mode, content = now
        # What was synced and not written again stays.
        same = len(os.path.commonprefix([durable[1], content]))
        written = content[same:]
        beginning = self.random.randrange(len(written) + 1)
        torn = written[:beginning] + durable[1][same + beginning:len(content)]
        return self.random.choice([durable, now, (mode, content[:same] + torn), (mode, content[:same] + bytes(len(written)))])


def fingerprint(path):
    """The same for folders with the same names, modes and contents."""
    tree, seen = _Tree(), hashlib.sha256()
    numbers = {_read(path, tree): ""}
    while numbers:
        number, name = numbers.popitem()
        mode, names = tree.folders.get(number, (0, {}))
        numbers.update({below: f"{name}/{entry}" for entry, below in names.items()})
        kept = tree.files.get(number) or tree.links.get(number) or (mode, sorted(names))
        seen.update(repr((name, kept)).encode())
    return seen.digest()


def remove(path):
    """Removes a folder, read-only ones in it too."""
    for folder, _, _ in os.walk(path):
        os.chmod(folder, 0o700)
    shutil.rmtree(path)
