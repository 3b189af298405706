"""A remote that goes away and refuses, colleagues, operators, a watcher that is killed, and a host in each layout.

The remote is a folder on this machine, or is reached by HTTP: there its hooks run, and a host of code takes pull requests.

    <world>/remote.git    the remote, made by git; <world>/gone.git while it can't be reached
    <world>/work          a colleague's clone
    <world>/state         Mooring's state directory
    <world>/switched      the root of environment `switched`, <world>/placed that of `placed`
"""
import json
import os
import signal
import shutil
import subprocess

from hosts import PROVIDERS, CodeHost, Server

CONFIGURATION = """\
repositories:
  config: {{ url: '{url}', branch: main, poll: 200ms, timeout: 10s{access} }}
environments:
  switched:
    repository: config
    path: environments/switched
    target: {{ host: {{ root: {path}/switched, layout: switch, keep: 3 }} }}
    gates: [ {{ command: {{ run: [/bin/sh, -c, '! grep -qs "^workers: 0" "$1/app.yaml"', gate, "{{root}}"], within: 1ms, timeout: 20s }} }} ]
    drift: {{ settle: 20ms }}
    rollback: {{ push: {switched} }}
  placed:
    repository: config
    path: environments/placed
    target: {{ host: {{ root: {path}/placed, layout: inPlace }} }}
    gates: [ {{ command: {{ run: [/bin/sh, -c, '! grep -qs "^workers: 0" "$1/app.yaml"', gate, "{{root}}"], within: 1ms, timeout: 20s }} }} ]
    drift: {{ settle: 20ms }}
    rollback: {{ push: {placed} }}
"""
ENVIRONMENTS = ("switched", "placed")
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@x",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@x",
}
# What a host of Git says of a branch that it protects; journals are pushed all the same.
REFUSAL = """#!/bin/sh
while read -r old new name; do
  [ "$name" != refs/heads/main ] || { echo "main is protected" >&2; exit 1; }
done
"""


class World:
    def __init__(self, path, mooring, seed):
        self.path, self.mooring, self.watcher = path, mooring, None
        self.git("init", "--quiet", "--initial-branch=main", "work")
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
        self.served = self.host = None
        url, access, ways = "remote.git", "", ("direct", "direct")
        # Two of three worlds have a host of code.
        if seed % 3:
            self.served = Server("HTTPServerScript", root=path, log="/dev/null")
            self.host = CodeHost(self.place("host"), PROVIDERS[seed % len(PROVIDERS)], self.place("remote.git"))
            url, access = f"http://127.0.0.1:{self.served.port}/git/remote.git", ", allowHTTP: true"
            ways = (self.host.configuration("always"), self.host.configuration("protected"))
        with open(self.place("mooring.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(path=path, url=url, access=access, switched=ways[0], placed=ways[1]))

    def end(self):
        for server in (self.served, self.host):
            if server:
                server.stop()

    def place(self, *names):
        return os.path.join(self.path, *names)

    # The remote

    @property
    def is_reachable(self):
        return not os.path.exists(self.place("gone.git"))

    @property
    def remote(self):
        return "remote.git" if self.is_reachable else "gone.git"

    def reach(self, is_reachable):
        if is_reachable != self.is_reachable:
            names = ("gone.git", "remote.git") if is_reachable else ("remote.git", "gone.git")
            # Whoever writes a reference while the folder goes away makes the folders that lead to it anew.
            if is_reachable and os.path.exists(self.place("remote.git")):
                shutil.rmtree(self.place("remote.git"))
            os.rename(self.place(names[0]), self.place(names[1]))

    def protect(self, is_protected):
        hook = self.place(self.remote, "hooks", "pre-receive")
        if is_protected:
            with open(hook, "w", encoding="utf-8") as file:
                file.write(REFUSAL)
            os.chmod(hook, 0o755)
        elif os.path.exists(hook):
            os.unlink(hook)

    def git(self, *arguments, check=True):
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, env=ENVIRONMENT, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if check and done.returncode != 0:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stdout}")
        return done.stdout if check else done

    def work(self, *arguments, check=True):
        """A colleague's git, in the clone."""
        return self.git("-C", "work", *arguments, check=check)

    # The program

    def arguments(self, *words):
        return [self.mooring, *words, "--config", self.place("mooring.yaml"), "--state", self.place("state")]

    def begin(self, *words):
        """Runs the program beside what comes next."""
        return subprocess.Popen(
            self.arguments(*words), cwd=self.path, env=ENVIRONMENT, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *words):
        running = self.begin(*words)
        output, errors = running.communicate(timeout=120)
        return running.returncode, output, errors

    def read(self, *words):
        """What a command says as JSON, whatever it found."""
        status, output, errors = self.run(*words, "--output", "json")
        if status not in (0, 2):
            raise RuntimeError(f"mooring {' '.join(words)} ended with {status}: {errors}{output}")
        return json.loads(output)

    def status(self, environment):
        return self.read("status", environment)["environments"][0]

    def events(self, environment):
        """Oldest first."""
        return self.read("log", environment, "--limit", "0", "--reverse")["events"]

    def watch(self):
        if self.watcher is None or self.watcher.poll() is not None:
            with open(self.place("said"), "ab") as said:
                self.watcher = subprocess.Popen(
                    self.arguments("run"), cwd=self.path, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=said,
                    stderr=said)

    def stop(self, number=signal.SIGTERM):
        if self.watcher is not None:
            self.watcher.send_signal(number)
            self.watcher.wait(60)
            self.watcher = None
