"""Makes a repository with merges, renames, moves, reverts and broken files, the same for each seed."""

import os
import random
import subprocess

import yaml


class Author:
    """Writes commits in a clone, as many people do at once."""

    def __init__(self, path, seed):
        self.path, self.random = path, random.Random(seed)
        self.clock = 1_700_000_000
        self.serial = 0
        os.makedirs(path)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments, check=True):
        self.clock += self.random.choice([60, 3600, 60, -600])
        who = self.random.choice(["Ann", "Bo", "Cy", "Di"])
        environment = {
            "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": who, "GIT_AUTHOR_EMAIL": who.lower() + "@example.com",
            "GIT_COMMITTER_NAME": who, "GIT_COMMITTER_EMAIL": who.lower() + "@example.com",
            "GIT_AUTHOR_DATE": "@%d +0000" % self.clock, "GIT_COMMITTER_DATE": "@%d +0000" % self.clock,
        }
        return subprocess.run(["git", "-C", self.path, *arguments], check=check, capture_output=True, env=environment)

    # Files

    def files(self):
        found = []
        for folder, _, names in os.walk(self.path + "/app"):
            found += [os.path.relpath(folder + "/" + name, self.path) for name in names]
        return sorted(found)

    def read(self, file):
        with open(self.path + "/" + file, encoding="utf-8") as opened:
            return opened.read()

    def write(self, file, text):
        os.makedirs(os.path.dirname(self.path + "/" + file), exist_ok=True)
        with open(self.path + "/" + file, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)

    def documents(self, file):
        try:
            return [document for document in yaml.safe_load_all(self.read(file)) if document is not None]
        except yaml.YAMLError:
            return None

    def dump(self, file, documents):
        self.write(file, yaml.safe_dump_all(documents, sort_keys=False))

    def fresh(self, prefix):
        self.serial += 1
        return "%s-%d" % (prefix, self.serial)

    def deployment(self):
        name = self.fresh("web")
        containers = [
            {
                "name": container, "image": "shop/%s:%d" % (container, self.random.randrange(9)),
                "env": [{"name": "LEVEL", "value": "info"}, {"name": "SIZE", "value": str(self.random.randrange(99))}],
                "ports": [{"containerPort": 8080}, {"containerPort": 9090, "protocol": "UDP"}],
            }
            for container in self.random.sample(["app", "proxy", "log"], self.random.randrange(1, 4))
        ]
        metadata = {"name": name, "labels": {"app.kubernetes.io/name": name, "tier": "front"}}
        if self.random.random() < 0.7:
            metadata["namespace"] = "shop"
        return {
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
            "spec": {"replicas": self.random.randrange(1, 9), "args": ["a", "b"], "template": {"spec": {"containers": containers}}},
        }

    def settings(self):
        return {"pool": {"size": self.random.randrange(99), "on": True}, "hosts": ["a", "b", "c"], "rate": 1.5, "none": None, "empty": {}}

    # Changes

    def change_values(self, file):
        documents = self.documents(file)
        if not documents:
            return
        for _ in range(self.random.randrange(1, 4)):
            self.change(self.random.choice(documents))
        self.dump(file, documents)

    def change(self, node):
        """Changes, adds or removes something at a random place."""
        while True:
            if isinstance(node, dict):
                keys = [key for key in node if key not in ("apiVersion", "kind", "name", "namespace")]
                if not keys or self.random.random() < 0.1:
                    node[self.fresh("more")] = self.random.choice([1, "text", True, [1, 2], {"a": {"b": 2}}])
                    return
                key = self.random.choice(keys)
                if isinstance(node[key], (dict, list)) and node[key]:
                    node = node[key]
                    continue
                if self.random.random() < 0.15 and key != "metadata":
                    del node[key]
                else:
                    node[key] = self.random.choice([self.random.randrange(1000), "v%d" % self.random.randrange(99), "8080", 2.5, False])
                return
            if self.random.random() < 0.2:
                node.append(self.random.randrange(9) if not isinstance(node[0], dict) else {"name": self.fresh("n"), "value": "x"})
                return
            if self.random.random() < 0.15 and len(node) > 1:
                node.pop(self.random.randrange(len(node)))
                return
            place = self.random.randrange(len(node))
            if isinstance(node[place], (dict, list)) and node[place]:
                node = node[place]
                continue
            node[place] = self.random.randrange(1000)
            return

    def step(self):
        files = self.files()
        kind = self.random.random()
        if not files or kind < 0.12:
            shape = self.random.random()
            name = "app/%s/%s.yaml" % (self.random.choice(["a", "b"]), self.fresh("f"))
            if shape < 0.5:
                self.dump(name, [self.deployment() for _ in range(self.random.randrange(1, 4))])
            elif shape < 0.7:
                self.dump(name, [{"apiVersion": "v1", "kind": "List", "items": [self.deployment(), self.deployment()]}])
            else:
                self.dump(name, [self.settings()])
            return
        file = self.random.choice(files)
        if kind < 0.18:
            os.remove(self.path + "/" + file)
        elif kind < 0.28:
            target = "app/%s/%s.yaml" % (self.random.choice(["a", "b", "c"]), self.fresh("moved"))
            os.makedirs(os.path.dirname(self.path + "/" + target), exist_ok=True)
            os.rename(self.path + "/" + file, self.path + "/" + target)
            if self.random.random() < 0.5:
                self.change_values(target)
        elif kind < 0.36:
            self.move_object(file, self.random.choice(files))
        elif kind < 0.41:
            self.write(file, self.read(file) + "broken: [\n")
        elif kind < 0.44:
            self.write(file, self.read(file).replace("\n", "\r\n"))
        elif kind < 0.47:
            self.write(file, "# a comment\n" + self.read(file))
        elif self.documents(file) is None:
            self.write(file, self.read(file).replace("broken: [\n", ""))
        else:
            self.change_values(file)

    def move_object(self, file, target):
        documents, others = self.documents(file), self.documents(target)
        if file == target or not documents or others is None or len(documents) < 2:
            return
        if any("kind" not in document for document in documents + others):
            return
        others.append(documents.pop(self.random.randrange(len(documents))))
        self.dump(file, documents)
        self.dump(target, others)

    # Commits

    def commit(self, message):
        self.git("add", "--all", ".")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)

    def run(self, count):
        for number in range(count):
            kind = self.random.random()
            if number > 8 and kind < 0.22:
                self.merge(number, 1 if kind > 0.06 else 2)
            elif number > 4 and kind < 0.28:
                back = "HEAD~%d" % self.random.randrange(1, 4)
                if self.git("revert", "--no-edit", "-m", "1", back, check=False).returncode and \
                        self.git("revert", "--no-edit", back, check=False).returncode:
                    self.git("revert", "--abort", check=False)
                    self.git("reset", "--quiet", "--hard")
            else:
                for _ in range(self.random.randrange(1, 4)):
                    self.step()
                self.commit("Change %d" % number)

    def merge(self, number, sides):
        names = []
        base = "HEAD~%d" % self.random.randrange(0, 4)
        for side in range(sides):
            names.append("side-%d-%d" % (number, side))
            self.git("checkout", "--quiet", "-b", names[-1], base)
            for place in range(self.random.randrange(1, 4)):
                self.step()
                self.commit("Side %d %d" % (number, place))
                if self.random.random() < 0.2:  # Takes the branch in, so that lines cross.
                    self.join(["main"])
        self.git("checkout", "--quiet", "main")
        self.join(names)

    def join(self, names):
        how = self.random.choice([["-X", "ours"], ["-X", "theirs"], []]) if len(names) == 1 else []
        merged = self.git("merge", "--quiet", "--no-ff", "-m", "Merge " + " ".join(names), *how, *names, check=False)
        if merged.returncode:
            self.git("merge", "--abort", check=False)
            self.git("reset", "--quiet", "--hard")
            self.git("clean", "-fdq")
