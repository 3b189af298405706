"""A remote, a state directory, a watcher that may be killed at any moment, and a root in each layout."""
import json
import os
import signal
import subprocess
import time

CONFIGURATION = """\
repositories:
  config: {{ url: remote.git, branch: main, poll: 300ms }}
environments:
  switched:
    repository: config
    path: app
    target: {{ host: {{ root: {path}/switched, layout: switch, keep: 2 }} }}
    drift: {{ settle: {settle} }}
  placed:
    repository: config
    path: app
    target: {{ host: {{ root: {path}/placed, layout: inPlace }} }}
    drift: {{ settle: {settle} }}
journal: {{ push: false }}
"""
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@x",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@x",
}
# Without it the kernel doesn't say who changed something.
WITHOUT_AUTHORS = ["setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]


class World:
    def __init__(self, path, mooring, settle="50ms", authors=True):
        self.path, self.mooring, self.watcher, self.heard = path, mooring, None, 0
        self.before = [] if authors else WITHOUT_AUTHORS
        with open(self.place("mooring.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(path=path, settle=settle))
        self.git("init", "--quiet", "--initial-branch=main", "work")
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")

    def place(self, *names):
        return os.path.join(self.path, *names)

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.path, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)

    def commit(self, files):
        for path, content in files.items():
            path = self.place("work", "app", path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content)
        self.git("-C", "work", "add", "--all")
        self.git("-C", "work", "commit", "--quiet", "--message", "Change")
        self.git("-C", "work", "push", "--quiet", "../remote.git", "HEAD:refs/heads/main")

    # The program

    def arguments(self, *words):
        places = ["--config", self.place("mooring.yaml"), "--state", self.place("state")]
        return [*self.before, self.mooring, *words, *places]

    def run(self, *words, statuses=(0,)):
        done = subprocess.run(
            self.arguments(*words), cwd=self.path, env=ENVIRONMENT, text=True, check=False, timeout=120,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode not in statuses:
            raise RuntimeError(f"mooring {' '.join(words)} ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done.stdout

    def events(self, environment, limit):
        """Oldest first."""
        answer = json.loads(self.run("log", environment, "--output", "json", "--limit", str(limit)))
        return answer["events"][::-1]

    def drift(self, environment):
        return json.loads(self.run("drift", environment, "--output", "json", statuses=(0, 2)))["items"]

    # The watcher

    def watch(self):
        """Starts it, and waits for nothing."""
        if self.watcher is None:
            with open(self.place("said"), "ab") as said:
                self.watcher = subprocess.Popen(
                    self.arguments("run"), cwd=self.path, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=said,
                    stderr=said)

    def stop(self, number=signal.SIGTERM):
        if self.watcher is not None:
            self.watcher.send_signal(number)
            self.watcher.wait(30)
            self.watcher = None

    def hears(self):
        """Whether the watcher has said something since it was asked last."""
        if self.watcher is not None and self.watcher.poll() is not None:
            raise RuntimeError(f"the watcher ended with {self.watcher.returncode}")
        size = os.path.getsize(self.place("said"))
        size, self.heard = self.heard, size
        return size != self.heard

    def until(self, holds, limit=30):
        """Waits until something holds; asks when the watcher says something, and otherwise twice a second."""
        deadline, asked = time.monotonic() + limit, 0.0
        while True:
            if self.hears() or time.monotonic() - asked > 0.5:
                asked = time.monotonic()
                if holds():
                    return True
                if asked > deadline:
                    return False
            time.sleep(0.01)
