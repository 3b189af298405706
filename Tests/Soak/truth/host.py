"""One environment's root, what is changed there by hand, and the memory of every state that each path has been in."""
import itertools
import os
import shutil
import subprocess

from documents import Document
from objects import Thing, sight

# Somebody is in the middle of writing: whatever was told of that moment is right.
TORN = Thing("torn")


class Host:
    """What Mooring left at each path (`baseline`), and all that has been there since it was last agreed (`states`)."""

    def __init__(self, name, root, prefix, modes, random, known):
        self.name, self.root, self.prefix, self.modes = name, root, prefix, modes
        self.random, self.known = random, known
        self.baseline, self.states, self.hands = {}, {}, {os.getpid()}
        self.count, self.serial = 0, itertools.count(1000)

    def place(self, path):
        return os.path.join(self.root, self.prefix, path)

    def take_over(self, files):
        """Mooring has deployed these files: path to bytes."""
        self.baseline, self.states = {}, {}
        for path, content in files.items():
            self.baseline[path] = Thing("file", content, self.modes[0])
            while path := os.path.dirname(path):
                self.baseline[path] = Thing("folder", b"", self.modes[1])
        for folder in ["", *(path for path, thing in self.baseline.items() if thing.kind == "folder")]:
            for name in os.listdir(self.place(folder)):
                if (path := os.path.join(folder, name)) not in self.baseline and name != ".mooring":
                    self.note(path)

    def is_agreed(self):
        """Whether everything is as Mooring left it: as it has to be after a deployment."""
        return all(sight(self.place(path)) == thing for path, thing in self.baseline.items())

    def now(self, path):
        return self.states[path][-1] if path in self.states else self.baseline.get(path)

    def note(self, path, thing=...):
        """Remembers what is at a path after something was done there."""
        states = self.states.setdefault(path, [self.baseline.get(path)])
        thing = sight(self.place(path)) if thing is ... else thing
        if states[-1] != thing:
            states.append(thing)

    def is_told(self, path):
        """Whether Mooring says anything of this path: of what it put there, and of strangers in folders of its own."""
        if path in self.baseline:
            return True
        folder, name = os.path.split(path)
        if name.endswith(("~", ".swp")):
            return False
        return folder in self.baseline if folder else bool(self.prefix)

    # Ways of writing

    def write(self, path, content):
        """Makes a file of this content in one of the ways in which editors and programs do."""
        place, way = self.place(path), self.random.randrange(4)
        there = self.now(path)
        if there is None or there.kind != "file":
            self.remove(path)
            way = way % 2
        if way == 0:
            folder, name = os.path.split(place)
            temporary = f"{folder}/.{name}.swp"
            with open(temporary, "wb") as file:
                file.write(content)
            if there and there.kind == "file":
                os.chown(temporary, *there.owner)
                os.chmod(temporary, there.mode)
            os.rename(temporary, place)
        elif way == 3:
            self.note(path, TORN)
            self.call("cp", "/dev/stdin", place, input=content)
        else:
            self.note(path, TORN)
            with open(place, "wb") as file:
                file.write(content)
        self.note(path)

    def call(self, *words, input=b""):
        """A program of its own, as a person would use one."""
        with subprocess.Popen(words, stdin=subprocess.PIPE) as child:
            self.hands.add(child.pid)
            child.communicate(input)

    def remove(self, path):
        there = self.now(path)
        if there is None:
            return
        if there.kind == "folder" and path not in self.baseline:
            shutil.rmtree(self.place(path))
        elif there.kind == "folder":
            for inner in sorted(os.listdir(self.place(path))):
                self.remove(f"{path}/{inner}")
            os.rmdir(self.place(path))
        else:
            os.unlink(self.place(path))
        self.note(path)

    def put_back(self, path):
        """Undoes everything at a path, and at the folders that lead to it."""
        wanted = self.baseline.get(path)
        folder = os.path.dirname(path)
        if folder in self.baseline and self.now(folder) is None:
            self.put_back(folder)
        there = self.now(path)
        if wanted is None or (there and there.kind != wanted.kind):
            self.remove(path)
        if wanted is None:
            return
        if wanted.kind == "folder":
            if self.now(path) is None:
                os.mkdir(self.place(path))
                self.note(path)
        elif (there := self.now(path)) is None or there.content != wanted.content:
            self.write(path, wanted.content)
        there = self.now(path)
        if there.owner != wanted.owner:
            os.chown(self.place(path), *wanted.owner)
            self.note(path)
        if there.mode != wanted.mode:
            os.chmod(self.place(path), wanted.mode)
            self.note(path)

    # Changes

    def change(self, path):
        """One change by hand."""
        self.count += 1
        there = self.now(path)
        folder = os.path.dirname(path)
        if there is None or (folder in self.baseline and self.now(folder) is None):
            return self.put_back(path)
        self.random.choice(WAYS[there.kind])(self, path)

    def edit(self, path):
        old = self.known[self.now(path).content]
        new = old.edited(self.random, self.serial)
        self.learn(new)
        self.write(path, new.bytes())

    def learn(self, document):
        self.known[document.bytes()] = document

    def touch(self, path):
        """Written as it is."""
        self.write(path, self.now(path).content)

    def edit_and_undo(self, path):
        there = self.now(path)
        self.edit(path)
        self.write(path, there.content)
        self.restore_mode(path, there)

    def restore_mode(self, path, there):
        # It takes the set-group-id bit along.
        os.chown(self.place(path), *there.owner)
        self.note(path)
        os.chmod(self.place(path), there.mode)
        self.note(path)

    def edit_mode(self, path):
        is_folder = self.now(path).kind == "folder"
        modes = (0o700, 0o750, 0o775, 0o711) if is_folder else (0o600, 0o640, 0o755, 0o664, 0o2755)
        os.chmod(self.place(path), self.random.choice([mode for mode in modes if mode != self.now(path).mode]))
        self.note(path)

    def edit_owner(self, path):
        if os.geteuid() != 0:
            return self.edit_mode(path)
        owners = {(0, 0), (1, 1), (0, 2), (33, 33)} - {self.now(path).owner}
        os.chown(self.place(path), *self.random.choice(sorted(owners)))
        self.note(path)

    def relink(self, path):
        self.remove(path)
        os.symlink(f"target-{next(self.serial)}", self.place(path))
        self.note(path)

    def make_pipe(self, path):
        self.remove(path)
        os.mkfifo(self.place(path), 0o644)
        self.note(path)

    def rename(self, path):
        new = f"{path}.old-{next(self.serial)}"
        os.rename(self.place(path), self.place(new))
        self.note(path)
        self.note(new)

    def link(self, path):
        """A second name for the same file, and then only that."""
        new = f"{path}.hard-{next(self.serial)}"
        os.link(self.place(path), self.place(new))
        self.note(new)
        os.unlink(self.place(path))
        self.note(path)

    def back_up(self, path):
        """A copy as editors leave them, which is nobody's business."""
        shutil.copy(self.place(path), self.place(path) + "~")
        self.note(path + "~")

    def add(self, path):
        new = f"{path}/new-{next(self.serial)}"
        if self.random.random() < 0.3:
            os.mkdir(self.place(new))
            self.note(new)
            with open(self.place(f"{new}/inner"), "wb") as file:
                file.write(b"x")
            return
        document = Document(self.random.choice(("yaml", "text", "binary")), self.random, self.serial)
        self.learn(document)
        self.write(new, document.bytes())

    def move(self, path):
        """Away with everything in it, and a moment later it may be back."""
        new = f"{path}-moved-{next(self.serial)}"
        inner = [name for name in self.everything() if name.startswith(path + "/")]
        os.rename(self.place(path), self.place(new))
        for name in (path, new, *inner):
            self.note(name)
        if self.random.random() < 0.5:
            os.rename(self.place(new), self.place(path))
            for name in (path, new, *inner):
                self.note(name)

    def everything(self):
        return sorted(self.baseline.keys() | self.states.keys())


WAYS = {
    "file": (
        *[Host.edit] * 10, *[Host.put_back] * 5, *[Host.edit_and_undo] * 3, Host.touch, *[Host.edit_mode] * 2,
        *[Host.edit_owner] * 2, Host.remove, Host.remove, Host.relink, Host.make_pipe, Host.rename, Host.link,
        Host.back_up),
    "folder": (
        *[Host.edit_mode] * 4, *[Host.edit_owner] * 2, *[Host.add] * 8, *[Host.put_back] * 3, Host.remove, Host.move),
    "link": (Host.relink, Host.put_back),
    "other": (Host.put_back, Host.edit_mode),
}
