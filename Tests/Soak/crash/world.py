"""The small world that every scenario happens in: a remote, a state directory, and a host that is production.

    <world>/remote.git    the remote, made by git
    <world>/state         Mooring's state directory
    <world>/app           the target's root
    <world>/mooring.yaml  <world>/work (a colleague's clone)

Everything that must survive is below the first three; all paths in it are relative, so that a world can be copied.
"""
import json
import os
import shutil
import subprocess

import disk

INPUTS = "environments/production"
CONFIGURATION = """\
repositories:
  config: { url: remote.git, branch: main, poll: 1s, timeout: 30s }
environments:
  production:
    repository: config
    path: environments/production
    render: plain
    drills: true
    target: { host: { root: app, layout: switch, keep: 2, persistent: [uploads] } }
    gates:
      - command: { run: [/bin/sh, -c, 'test ! -e "$1/bad"', gate, "{root}"], within: 1ms, timeout: 20s }
"""
# More environments with the same inputs, whose events are appended together with production's.
SIBLING = """\
  {name}:
    repository: config
    path: environments/production
    target: {{ host: {{ root: app/{name}, layout: switch, keep: 2 }} }}
"""
SIBLINGS = tuple(f"sibling-{number}" for number in range(1, 6))
IN_PLACE = CONFIGURATION.replace("layout: switch, keep: 2, persistent: [uploads]", "layout: inPlace")
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@x",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@x",
}
# What the colleague commits, in order.
COMMITS = {
    1: {"app.conf": "workers = 1\n", "site/index.html": "<p>one</p>\n"},
    2: {"app.conf": "workers = 2\n", "site/shop.html": "<p>two</p>\n"},
    3: {"app.conf": "workers = 3\n", "site/index.html": "<p>three</p>\n"},
    "next": {"app.conf": "workers = 4\n"},
    "bad": {"app.conf": "workers = 0\n", "bad": "the gate looks for this\n"},
}


# The same for the layout in which a file may take the place of a folder, and a folder that of a file.
KINDS = {
    1: {"app.conf": "workers = 1\n", "site/index.html": "<p>one</p>\n", "a": "a file\n", "b/c/d": "deep\n",
        ".mooring-attributes": "app.conf mode=0640\n"},
    2: {"a": None, "b/c/d": None, "app.conf": "workers = 2\n", "site/shop.html": "<p>two</p>\n", "a/x/y": "now deep\n",
        "b": "now a file\n", "new/folder/file": "new\n", ".mooring-attributes": "site/*.html mode=0600\n"},
    "next": {"app.conf": "workers = 4\n"},
    "bad": {"app.conf": "workers = 0\n", "bad": "the gate looks for this\n"},
}


class World:
    def __init__(self, path, mooring, in_place=False):
        self.path, self.mooring, self.in_place = path, mooring, in_place

    def make(self):
        os.makedirs(self.path)
        with open(self.place("mooring.yaml"), "w", encoding="utf-8") as file:
            file.write(IN_PLACE if self.in_place else CONFIGURATION)
        if self.in_place:
            # Somebody else's file, which has to stay whatever happens.
            os.makedirs(self.place("app", "site"))
            with open(self.place("app", "site", "theirs"), "w", encoding="utf-8") as file:
                file.write("theirs\n")
        self.git("init", "--quiet", "--initial-branch=main", "work")
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")

    def add_siblings(self):
        """From now on there are six environments: more than have their references synced one by one."""
        os.makedirs(self.place("app"), exist_ok=True)
        with open(self.place("mooring.yaml"), "a", encoding="utf-8") as file:
            file.writelines(SIBLING.format(name=name) for name in SIBLINGS)

    def siblings(self):
        """The environments besides production."""
        with open(self.place("mooring.yaml"), encoding="utf-8") as file:
            return SIBLINGS if SIBLINGS[0] in file.read() else ()

    def place(self, *names):
        return os.path.join(self.path, *names)

    def copy(self, path):
        """A copy of this world elsewhere, in place of what is there."""
        if os.path.exists(path):
            disk.remove(path)
        shutil.copytree(self.path, path, symlinks=True)
        return World(path, self.mooring, self.in_place)

    def commit(self, name):
        """The colleague pulls, commits and pushes; returns the digest of the release that it is."""
        if os.listdir(self.place("remote.git", "refs", "heads")):
            self.git("-C", "work", "fetch", "--quiet", "../remote.git", "main")
            self.git("-C", "work", "reset", "--quiet", "--hard", "FETCH_HEAD")
        for file, text in (KINDS if self.in_place else COMMITS)[name].items():
            path = self.place("work", INPUTS, file)
            if text is None:
                os.unlink(path)
                while not os.listdir(path := os.path.dirname(path)):
                    os.rmdir(path)
                continue
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
        self.git("-C", "work", "add", "--all")
        self.git("-C", "work", "commit", "--quiet", "--message", f"Change {name}")
        self.git("-C", "work", "push", "--quiet", "../remote.git", "HEAD:refs/heads/main")
        return self.git("-C", "work", "rev-parse", f"HEAD:{INPUTS}").strip()

    def git(self, *arguments, check=True):
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, env=ENVIRONMENT, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if check and done.returncode != 0:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stdout}")
        return done.stdout if check else done

    def arguments(self, *words):
        return [self.mooring, *words, "--config", self.place("mooring.yaml"), "--state", self.place("state")]

    def run(self, *words):
        """Runs the program to its end."""
        return subprocess.run(
            self.arguments(*words), cwd=self.path, env=ENVIRONMENT, text=True, check=False, timeout=120,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def succeed(self, *words, status=0):
        done = self.run(*words)
        if done.returncode != status:
            raise RuntimeError(f"mooring {' '.join(words)} ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done.stdout

    def events(self):
        """The journal as the program tells it, oldest first."""
        answer = json.loads(self.succeed("log", "production", "--output", "json", "--limit", "0", "--reverse"))
        return answer["events"]

    def live(self, root="app"):
        """The digest that a root says it runs; None where it runs nothing."""
        if self.in_place:
            try:
                with open(self.place("app", ".mooring", "production", "inventory.json"), encoding="utf-8") as file:
                    return json.load(file)["release"]
            except FileNotFoundError:
                return None
        try:
            target = os.readlink(self.place(root, "current"))
        except FileNotFoundError:
            return None
        folder, _, digest = target.partition("/")
        return digest if folder == "releases" else target
