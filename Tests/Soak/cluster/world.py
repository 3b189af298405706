"""A remote, a state directory, a namespace in which others have objects too, and commands that are killed."""
import os
import signal
import subprocess
import threading

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@x",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@x",
}
CONFIGURATION = """\
repositories:
  config: {{ url: remote.git, branch: main, poll: 300ms }}
environments:
  production:
    repository: config
    path: app
    target: {{ kubernetes: {{ kubeconfig: {kubeconfig}, namespace: {namespace}, check: false, prune: {{ share: 100% }} }} }}
    drift: {{ ignore: [configmap/shop/notes, configmap/shop/mooring-production.theirs] }}
journal: {{ push: true }}
"""
OWNER = "mooring.dev/environment"
KEPT = "mooring.dev/inventory"


class World:
    namespace = "shop"

    def __init__(self, path, mooring, plane):
        self.path, self.mooring, self.plane = path, mooring, plane
        with open(self.place("mooring.yaml"), "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(kubeconfig=plane.kubeconfig, namespace=self.namespace))
        self.git("init", "--quiet", "--initial-branch=main", "work")
        self.git("init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
        os.makedirs(self.place("work", "app"))
        namespaces = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
                      for name in (self.namespace, "elsewhere")]
        for one in namespaces:
            plane.ask("POST", "/api/v1/namespaces", one)

    def place(self, *names):
        return os.path.join(self.path, *names)

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.path, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)

    def commit(self, objects):
        """Makes these, by name, all that the branch has."""
        folder = self.place("work", "app")
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
        for name, value in objects.items():
            text = (f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{ name: {name} }}\n"
                    f"data: {{ value: \"{value}\", constant: same }}\n")
            with open(os.path.join(folder, name + ".yaml"), "w", encoding="utf-8") as file:
                file.write(text)
        self.git("-C", "work", "add", "--all")
        self.git("-C", "work", "commit", "--quiet", "--allow-empty", "--message", "Change")
        # A killed push may have left its lock, which nobody holds any more.
        self.git("-C", "work", "push", "--quiet", "../remote.git", "HEAD:refs/heads/main")

    # The program

    def run(self, *words, kill=None):
        """Runs a command. With `kill`, seconds or a number of changes in the namespace, it is killed then, and everything
        that it started with it; returns its status, `None` where it was killed, and what it said."""
        arguments = [self.mooring, *words, "--config", self.place("mooring.yaml"), "--state", self.place("state")]
        stop = threading.Event()
        seen = [0]

        def count(_):
            seen[0] += 1
            if isinstance(kill, int) and seen[0] >= kill:
                stop.set()
        leave = None
        if isinstance(kill, int):
            version = self.plane.ask("GET", self.maps())["metadata"]["resourceVersion"]
            leave = self.plane.watch(self.maps(), version, count)
        process = subprocess.Popen(arguments, cwd=self.path, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        if isinstance(kill, float):
            timer = threading.Timer(kill, stop.set)
            timer.start()
        if kill is not None:
            while process.poll() is None and not stop.wait(0.001):
                pass
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        said = process.communicate(timeout=120)[0]
        if leave:
            leave()
        return (None if process.returncode == -signal.SIGKILL else process.returncode), said

    # What is there

    def maps(self, name=None, namespace=None):
        path = f"/api/v1/namespaces/{namespace or self.namespace}/configmaps"
        return f"{path}/{name}" if name else path

    def make(self, name, value, namespace=None, labels=None):
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": labels or {}},
                "data": {"value": value}}
        return self.plane.ask("POST", self.maps(namespace=namespace), body)

    def live(self):
        """Values of the objects that carry our label."""
        objects = self.plane.items(f"{self.maps()}?labelSelector={OWNER}%3Dproduction")
        return {one["metadata"]["name"]: one["data"] for one in objects}

    def inventory(self):
        """The names that it has, and the ConfigMap itself."""
        first = self.plane.ask("GET", self.maps("mooring-production"))
        if first is None:
            return set(), None
        texts = [first["data"]["objects"]]
        for part in first["data"].get("parts", "").split():
            texts.append(self.plane.ask("GET", self.maps(part))["data"]["objects"])
        return {line.split()[2].partition("/")[2] for text in texts for line in text.splitlines()}, first
