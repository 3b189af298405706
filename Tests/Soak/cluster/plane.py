"""A running control plane, asked with its administrator's token."""
import http.client
import json
import os
import ssl
import threading
import urllib.parse


class Plane:
    def __init__(self, folder):
        def read(name):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                return file.read().strip()
        self.kubeconfig = os.path.join(folder, "kubeconfig")
        self._place, self._token = urllib.parse.urlparse(read("server")).netloc, read("token")
        self._context = ssl.create_default_context(cafile=os.path.join(folder, "ca.crt"))
        self._connection = self._connect()

    def _connect(self, timeout=60):
        return http.client.HTTPSConnection(self._place, context=self._context, timeout=timeout)

    def ask(self, method, path, body=None, kind="application/json"):
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status == 404:
            return None
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]}")
        return json.loads(text)

    def items(self, path):
        return self.ask("GET", path)["items"]

    def watch(self, path, version, seen):
        """Calls `seen` with each event, in a thread, until what is returned is called."""
        connection = self._connect(timeout=600)
        headers = {"Authorization": f"Bearer {self._token}"}
        connection.request("GET", f"{path}?watch=1&resourceVersion={version}", headers=headers)
        answer = connection.getresponse()

        def follow():
            try:
                for line in answer:
                    seen(json.loads(line))
            except (OSError, ValueError, AttributeError, http.client.HTTPException):
                return  # It was closed.
        threading.Thread(target=follow, daemon=True).start()
        return lambda: connection.sock and connection.sock.shutdown(2)
