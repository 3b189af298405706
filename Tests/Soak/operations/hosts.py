"""A host of Git over HTTP, whose hooks run, and a host of code with pull requests: the very programs that the tests use."""
import json
import os
import subprocess

SUPPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "MooringTestSupport")
PROVIDERS = ("github", "gitlab", "gitea")
TOKEN = "t0ken-of-the-host"


def script(name):
    """The text between a Swift file's quotes, without the indentation that they take away."""
    with open(os.path.join(SUPPORT, name + ".swift"), encoding="utf-8") as file:
        lines = file.read().split('#"""\n')[1].split('"""#')[0].split("\n")
    indent = len(lines[-1])
    return "\n".join(line[indent:] for line in lines)


class Server:
    """Runs as long as its standard input is open: it ends with us, however that ends."""

    def __init__(self, name, **options):
        self.process = subprocess.Popen(
            ["python3", "-c", script(name), json.dumps(options)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        self.port = int(self.process.stdout.readline())

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


class CodeHost(Server):
    def __init__(self, folder, provider, repository):
        os.makedirs(folder)
        self.folder, self.provider = folder, provider
        with open(os.path.join(folder, "token"), "w", encoding="utf-8") as file:
            file.write(TOKEN + "\n")
        super().__init__("CodeHostServerScript", provider=provider, repository=repository, folder=folder, token=TOKEN)

    @property
    def requests(self):
        """All that were ever made, as they were when somebody asked last."""
        try:
            with open(os.path.join(self.folder, "reviews"), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return []

    def act(self, word):
        """What people do before the next question is answered."""
        with open(os.path.join(self.folder, "act.new"), "w", encoding="utf-8") as file:
            file.write(word)
        os.replace(os.path.join(self.folder, "act.new"), os.path.join(self.folder, "act"))

    def fail(self, answer):
        """Every question is answered by this; as it should be, where there is none."""
        path = os.path.join(self.folder, "fail")
        if answer:
            with open(path + ".new", "w", encoding="utf-8") as file:
                json.dump(answer, file)
            os.replace(path + ".new", path)
        elif os.path.exists(path):
            os.unlink(path)

    def configuration(self, when):
        return (f"{{ pullRequest: {{ provider: {self.provider}, api: 'http://127.0.0.1:{self.port}', project: o/n, when: {when}, "
                f"allowHTTP: true, timeout: 2s, tokenFile: {self.folder}/token }} }}")
