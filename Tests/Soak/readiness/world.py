"""A remote, a clone, a state directory and hosts; everything below one folder, and nothing in it that names the folder, so
that a copy of it is a world of its own."""
import json
import os
import shutil
import subprocess
import time

CONFIGURATION = """\
repositories:
  config: {{ url: remote.git, branch: main, poll: 300ms }}
registries: {{ "{host}": {{ allowHTTP: true }} }}
readiness:
  retain: 2
  every: 1h
  code: [code]
  backup: {{ file: stamp, within: 1h }}
  mixed: {{ services: 3 }}
environments:
  production:
    repository: config
    path: [app, shared]
    target: {{ host: {{ root: production }} }}
    drills: true
  neighbour:
    repository: config
    path: [other, shared]
    target: {{ host: {{ root: neighbour }} }}
    sync: {{ automatic: false }}
  rendered:
    repository: config
    path: chart
    render: {{ command: [/bin/sh, chart/render, "{{output}}"] }}
    target: {{ host: {{ root: rendered }} }}
    sync: {{ automatic: false }}
journal: {{ push: false }}
"""
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@x",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@x",
}


class World:
    def __init__(self, path, mooring):
        self.path, self.mooring = path, mooring

    @classmethod
    def make(cls, path, mooring, host):
        os.makedirs(path)
        world = cls(path, mooring)
        with open(world.place("mooring.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(host=host))
        world.git("init", "--quiet", "--initial-branch=main", "work", here=True)
        world.git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git", here=True)
        world.git("remote", "add", "origin", "../remote.git")
        return world

    def copy(self, path):
        shutil.rmtree(path, ignore_errors=True)
        subprocess.run(["cp", "--archive", self.path, path], check=True)
        # Roots and their targets are named by their places, which the configuration says relative to itself.
        return World(path, self.mooring)

    def place(self, *names):
        return os.path.join(self.path, *names)

    def git(self, *arguments, here=False, statuses=(0,), **more):
        done = subprocess.run(
            ["git", *arguments], cwd=self.path if here else self.place("work"), env=ENVIRONMENT, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        if done.returncode not in statuses:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip()

    def head(self):
        return self.git("rev-parse", "HEAD")

    def read(self, path):
        with open(self.place("work", path), encoding="utf-8") as file:
            return file.read()

    def commit(self, files, message="Change", push=False):
        """Files by path; None removes one."""
        for path, content in files.items():
            place = self.place("work", path)
            if content is None:
                os.remove(place)
                continue
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w", encoding="utf-8") as file:
                file.write(content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        if push:
            self.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
        return self.head()

    def stamp(self, seconds_ago):
        """When the last backup was made."""
        with open(self.place("stamp"), "w", encoding="utf-8") as file:
            file.write(time.strftime("%Y-%m-%dT%H:%M:%SZ\n", time.gmtime(time.time() - seconds_ago)))

    # The program

    def arguments(self, *words, state=True):
        places = ["--config", self.place("mooring.yaml")] + (["--state", self.place("state")] if state else [])
        return [self.mooring, *words, *places]

    def run(self, *words, statuses=(0,), state=True):
        done = subprocess.run(
            self.arguments(*words, state=state), cwd=self.path if state else self.place("work"), env=ENVIRONMENT,
            text=True, check=False, timeout=120, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode not in statuses:
            raise RuntimeError(f"mooring {' '.join(words)} ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done

    def watch_until(self, holds, limit=60):
        """Runs the watcher until something holds."""
        with open(self.place("said"), "ab") as said:
            watcher = subprocess.Popen(
                self.arguments("run"), cwd=self.path, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        try:
            deadline = time.monotonic() + limit
            while not holds():
                if time.monotonic() > deadline or watcher.poll() is not None:
                    with open(self.place("said"), encoding="utf-8") as said:
                        raise RuntimeError(f"the watcher didn't do it: {said.read()[-3000:]}")
                time.sleep(0.1)
        finally:
            watcher.terminate()
            watcher.wait(30)

    def events(self, kind):
        answer = json.loads(self.run("log", "production", "--output", "json", "--limit", "0").stdout)
        return [event for event in answer["events"] if event["kind"] == kind]

    # What it finds

    def check(self, base, head):
        """The findings of each environment, and the exit code."""
        done = self.run("check", "--base", base, head, "--output", "json", statuses=(0, 2), state=False)
        answer = json.loads(done.stdout)
        return [dict(finding, environment=each["environment"]) for each in answer["environments"]
                for finding in each["report"]["findings"]], done.returncode

    def readiness(self):
        done = self.run("readiness", "production", "--output", "json", statuses=(0, 2))
        answer = json.loads(done.stdout)
        findings = [dict(finding, release=target["release"]) for target in answer["targets"]
                    for finding in target["report"]["findings"]]
        return findings + answer["general"]["findings"], done.returncode, answer
