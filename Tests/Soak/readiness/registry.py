"""Debian's docker-registry on this machine, and the little of its protocol that a test pushes and deletes by."""
import hashlib
import http.client
import json
import os
import socket
import subprocess
import time

KIND = "application/vnd.docker.distribution.manifest.v2+json"
CONFIGURATION = """\
version: 0.1
storage: {{ filesystem: {{ rootdirectory: {path}/registry }}, delete: {{ enabled: true }} }}
http: {{ addr: "127.0.0.1:{port}" }}
log: {{ level: error }}
"""


class Registry:
    def __init__(self, path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        with open(os.path.join(path, "registry.yml"), "w", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(path=path, port=self.port))
        with open(os.path.join(path, "registry.log"), "wb") as said:
            self.process = subprocess.Popen(
                ["docker-registry", "serve", file.name], stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        deadline = time.monotonic() + 20
        while True:
            try:
                self.ask("GET", "/v2/")
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def ask(self, method, path, body=None, headers=None, statuses=(200, 201, 202)):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status not in statuses:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return answer

    def push(self, path, tag, content):
        """Puts a small image there, told from others by its content; returns its manifest and digest."""
        blob = json.dumps({"content": content}).encode()
        digest = "sha256:" + hashlib.sha256(blob).hexdigest()
        place = self.ask("POST", f"/v2/{path}/blobs/uploads/").getheader("location").split(self.host)[-1]
        self.ask("PUT", f"{place}&digest={digest}", blob, {"content-type": "application/octet-stream"})
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": KIND, "layers": [],
            "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": len(blob),
                       "digest": digest}}).encode()
        self.put(path, tag, manifest)
        return manifest, "sha256:" + hashlib.sha256(manifest).hexdigest()

    def put(self, path, reference, manifest):
        self.ask("PUT", f"/v2/{path}/manifests/{reference}", manifest, {"content-type": KIND})

    def delete(self, path, digest):
        self.ask("DELETE", f"/v2/{path}/manifests/{digest}")
