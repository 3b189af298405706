"""What goes wrong by itself between a release and the day on which somebody wants it back."""
import json
import os
import shutil

from setup import LATE, LAYOUTS, LEFT, SERVICES, TABLES, service


class Standing:
    """A healthy production with releases v1 to v3, drilled, in a world that is copied for each case."""

    def __init__(self, world, registry, images, random):
        self.world, self.registry, self.images, self.random = world, registry, images, random

    def cases(self):
        return {
            "image-gone": self.image_deleted, "image-moved": self.tag_moved, "release-missing": self.tree_missing,
            "revert-conflicts": self.conflict, "column-dropped": self.dropped_too_early,
            "backup-missing": self.stale_backup, "never-rehearsed": self.never_rehearsed, "image-unknown": self.registry_unknown,
        }

    def healthy(self, world):
        findings, status, answer = world.readiness()
        assert (findings, status) == ([], 0), f"a healthy setup finds {findings}"
        assert answer["answer"].startswith("production: can roll back to v2 in about"), answer["answer"]

    # Each breaks one thing, and says where the rule should find it; what it did to others is undone by `mend`.

    def image_deleted(self, world):
        """One that only the releases to go back to name."""
        release, name, image = self.old_image()
        self.registry.delete(name, image["digest"])
        return lambda: self.registry.put(name, image["tag"], image["manifest"]), {release}

    def tag_moved(self, _):
        release, name, image = self.old_image(tagged=True)
        self.registry.push(name, image["tag"], f"other {self.random.random()}")
        return lambda: self.registry.put(name, image["tag"], image["manifest"]), {release}

    def old_image(self, tagged=False):
        release = self.random.choice(["v1", "v2"])
        names = [name for name in SERVICES if self.images[release][name]["tagged"] or not tagged]
        name = self.random.choice(names)
        return release, name, self.images[release][name]

    def tree_missing(self, world):
        """A file of an earlier release goes from the state directory's repository, as from a damaged disk."""
        release, name = self.random.choice(["v1", "v2"]), self.random.choice(SERVICES)
        git = ["--git-dir", world.place("state", "repositories", "config.git")]
        blob = world.git("rev-parse", f"{self.images[release]['revision']}:app/{name}.yaml")
        packs = os.path.join(git[1], "objects", "pack")
        for pack in [file for file in os.listdir(packs) if file.endswith(".pack")]:
            aside = world.place("aside.pack")
            shutil.move(os.path.join(packs, pack), aside)
            for file in os.listdir(packs):
                if file.startswith(pack.removesuffix("pack")):
                    os.remove(os.path.join(packs, file))
            with open(aside, "rb") as content:
                world.git(*git, "unpack-objects", "-q", stdin=content)
        os.remove(os.path.join(git[1], "objects", blob[:2], blob[2:]))
        return None, {release}

    def conflict(self, world):
        if self.random.random() < 0.5:
            return self.shared(world)
        return self.owed(world)

    def shared(self, world):
        """What another environment has too is part of what a revert would undo."""
        world.commit({"shared/common.yaml": f"logLevel: {self.random.choice(['warn', 'debug'])}\n"}, push=True)
        world.run("sync", "production")
        return None, {"v2", "v3"}

    def owed(self, world):
        """A rollback while the remote was away, and a branch that has gone on to where the revert doesn't apply."""
        name = self.random.choice(SERVICES)
        away = world.place("remote.away")
        os.rename(world.place("remote.git"), away)
        world.run("rollback", "production", "--reason", "bad", "--yes", statuses=(3,))
        os.rename(away, world.place("remote.git"))
        image = f"registry.example/{name}:{self.random.randrange(99)}-3f9c2d9"
        world.commit({f"app/{name}.yaml": service(name, image)}, push=True)
        world.run("sync", "production", statuses=(0, 1, 2, 3))
        return None, None

    def dropped_too_early(self, world):
        """The release before the one that drops it can do without; the one before that can't."""
        layout, table = self.random.choice(LAYOUTS), self.random.choice(TABLES)
        statement = (f"-- mooring: unused since {self.images['v3']['revision']}\n"
                     f"ALTER TABLE {table}_{layout.name} DROP COLUMN {LATE};")
        world.commit(layout.files(2, "drop", statement), push=True)
        world.run("sync", "production")
        return None, {"v2"}

    def stale_backup(self, world):
        layout, table = self.random.choice(LAYOUTS), self.random.choice(TABLES)
        statement = f"ALTER TABLE {table}_{layout.name} DROP COLUMN {LEFT};"
        world.stamp(self.random.randrange(3700, 10 ** 6))
        world.commit(layout.files(2, "drop", statement), push=True)
        refused = world.run("sync", "production", statuses=(1,))
        assert "waits for a backup" in refused.stderr, refused.stderr
        waiting = json.loads(world.run("status", "production", "--output", "json", statuses=(0, 2)).stdout)
        assert waiting["environments"][0]["waiting"]["on"] == "backup", waiting
        return None, {None}

    def never_rehearsed(self, world):
        """As it was before the first drill."""
        shutil.rmtree(world.path)
        shutil.copytree(self.world.path + "-undrilled", world.path, symlinks=True)
        return None, {None}

    def registry_unknown(self, world):
        """Nobody may ask it any more."""
        with open(world.place("mooring.yaml"), encoding="utf-8") as file:
            text = file.read()
        with open(world.place("mooring.yaml"), "w", encoding="utf-8") as file:
            file.write("\n".join(line for line in text.split("\n") if not line.startswith("registries:")))
        return None, {None}
