"""What history should say, by PyYAML and Git's own programs: every first-parent commit is replayed, whole.

It shares nothing with Mooring but the rules that docs/history.md states.
"""

import json
import re
import subprocess

import yaml

BARE = re.compile(r"^[^\x00-\x20\x7f-\U0010ffff\[\]\"=\\.:,]+$")
BARE_IN_BRACKETS = re.compile(r"^[^\x00-\x20\x7f-\U0010ffff\[\]\"=\\]+$")
LIST_KEYS = {
    "ports": [["name"], ["containerPort"], ["containerPort", "protocol"], ["port"], ["port", "protocol"]],
    "volumeMounts": [["mountPath"]],
}
GENERAL_KEYS = [["name"], ["key"], ["id"]]
UNREADABLE = object()


def text(value):
    """A scalar as it stands in a path."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def identity(element, fields):
    parts = []
    for field in fields:
        if field in element:
            value = element[field]
            if isinstance(value, (dict, list)) or value is None:
                return None
            parts.append(text(value))
        elif field == "protocol" and len(fields) > 1:
            parts.append("TCP")
        else:
            return None
    return ",".join(parts)


def list_key(name, elements):
    if not all(isinstance(element, dict) for element in elements):
        return None
    for fields in LIST_KEYS.get(name, []) + GENERAL_KEYS:
        found = [identity(element, fields) for element in elements]
        if None not in found and len(set(found)) == len(found):
            return fields
    return None


def spelled(part):
    return part if BARE_IN_BRACKETS.match(part) else json.dumps(part)


def leaves(node, path="", name=None, found=None):
    """Every field without fields of its own: path → value."""
    found = {} if found is None else found
    if isinstance(node, dict) and node:
        for key, value in node.items():
            key = text(key)
            step = ("." if path else "") + key if BARE.match(key) else "[" + json.dumps(key) + "]"
            leaves(value, path + step, key, found)
    elif isinstance(node, list) and node:
        fields = list_key(name, node)
        for place, element in enumerate(node):
            if fields:
                step = "[%s=%s]" % (spelled(",".join(fields)), spelled(identity(element, fields)))
            else:
                step = "[%d]" % place
            leaves(element, path + step, None, found)
    else:
        found[path] = node
    return found


def name_of(document):
    if not isinstance(document, dict):
        return None
    version, kind, metadata = document.get("apiVersion"), document.get("kind"), document.get("metadata")
    if not (isinstance(version, str) and isinstance(kind, str) and isinstance(metadata, dict) and metadata.get("name")):
        return None
    group = version.split("/")[0] if "/" in version else ""
    own = "." not in group or group.endswith(".k8s.io")
    parts = [kind.lower() + ("" if own else "." + group), metadata.get("namespace"), text(metadata["name"])]
    return "/".join(part for part in parts if part)


def objects(document):
    name = name_of(document)
    if name:
        return [(name, document)]
    if isinstance(document, dict) and str(document.get("kind", "")).endswith("List"):
        return [found for item in document.get("items") or [] for found in objects(item)]
    return []


class Content:
    """A file's content as history reads it."""

    def __init__(self, data):
        self.lines = [line for line in data.split(b"\n") if line]
        self.objects = {}
        self.fields = {}
        try:
            documents = list(yaml.safe_load_all(data.decode()))
        except (yaml.YAMLError, UnicodeDecodeError):
            self.fields = UNREADABLE
            return
        seen = set()
        for number, document in enumerate(documents):
            if document is None:
                continue
            found = objects(document)
            for name, one in found:
                own = name if name not in seen else "%s#%d" % (name, number + 1)
                seen.add(name)
                self.objects.setdefault(name, leaves(one))
                for path, value in leaves(one).items():
                    self.fields[(own, path)] = value
            if not found:
                own = None if number == 0 else "#%d" % (number + 1)
                for path, value in leaves(document).items():
                    self.fields[(own, path)] = value


class Repository:
    def __init__(self, path, folder):
        self.path, self.folder = path, folder
        self.contents, self.trees, self.parents_of = {}, {}, {}

    def git(self, *arguments):
        return subprocess.run(["git", "-C", self.path, *arguments], check=True, capture_output=True).stdout

    def line(self):
        return self.git("rev-list", "--first-parent", "--reverse", "main").decode().split()

    def parents(self, commit):
        if commit not in self.parents_of:
            self.parents_of[commit] = self.git("rev-list", "--parents", "-n", "1", commit).decode().split()[1:]
        return self.parents_of[commit]

    def tree(self, commit):
        """Path → blob below the folder."""
        if commit not in self.trees:
            listed = self.git("ls-tree", "-r", "-z", commit, "--", self.folder + "/").split(b"\0")
            rows = (row.split(b"\t", 1) for row in listed if row)
            self.trees[commit] = {path.decode(): meta.split()[2].decode() for meta, path in rows}
        return self.trees[commit]

    def content(self, blob):
        if blob not in self.contents:
            self.contents[blob] = Content(self.git("cat-file", "blob", blob))
        return self.contents[blob]


def same(one, other):
    return type(one) is type(other) and one == other


def changed(old, new):
    """Key → (kind, old, new) of two tables of fields."""
    found = {}
    for key, value in new.items():
        if key not in old:
            found[key] = ("added", None, value)
        elif not same(old[key], value):
            found[key] = ("changed", old[key], value)
    for key, value in old.items():
        if key not in new:
            found[key] = ("removed", value, None)
    return found


class Subject:
    """A file or a resource: its table at any commit, and what each commit of the line did to it."""

    def __init__(self, repository, resource=None):
        self.repository, self.resource = repository, resource
        self.entries = []  # commit, {key: (kind, old, new, writer)}, problem
        self.table = {}
        self.removed = True

    def table_at(self, commit, paths):
        tree = self.repository.tree(commit)
        for path in paths:
            if path not in tree:
                continue
            content = self.repository.content(tree[path])
            if content.fields is UNREADABLE:
                continue
            if self.resource is None:
                return content.fields
            if self.resource in content.objects:
                return {(None, key): value for key, value in content.objects[self.resource].items()}
        return None

    def writer(self, commit, key, new, paths):
        """Who wrote a value that a merge brought: from parent to first parent that has it."""
        at = commit
        while True:
            for parent in self.repository.parents(at):
                table = self.table_at(parent, paths) or {}
                if (key in table) == (new is not Subject.GONE) and (key not in table or same(table[key], new)):
                    at = parent
                    break
            else:
                return None if at == commit else at

    GONE = object()

    def becomes(self, commit, table, paths):
        if table is UNREADABLE:
            self.entries.append((commit, {}, True))
            return
        values = changed(self.table, table)
        isMerge = len(self.repository.parents(commit)) > 1
        told = {}
        for key, (kind, old, new) in values.items():
            wanted = Subject.GONE if kind == "removed" else new
            told[key] = (kind, old, new, self.writer(commit, key, wanted, paths) if isMerge else None)
        self.table = table
        if told:
            self.entries.append((commit, told, False))

    def blame(self):
        """Key → (value, the commit that wrote it, the commit of the line)."""
        setters = {}
        for commit, values, _ in self.entries:
            for key, (kind, _, new, writer) in values.items():
                if kind == "removed":
                    setters.pop(key, None)
                else:
                    setters[key] = (new, writer or commit, commit)
        return setters


def similarity(one, other):
    counts = {}
    for line in other.lines:
        counts[line] = counts.get(line, 0) + 1
    common = 0
    for line in one.lines:
        if counts.get(line, 0) > 0:
            counts[line] -= 1
            common += 1
    total = len(one.lines) + len(other.lines)
    return 2 * common / total if total else 0


def renamed(repository, path, blob, before, after):
    gone = sorted(other for other in before if other not in after)
    for other in gone:
        if before[other] == blob:
            return other
    best, nearest = 0, None
    for other in gone:
        found = similarity(repository.content(blob), repository.content(before[other]))
        if found >= 0.5 and found > best:
            best, nearest = found, other
    return nearest


def resources(repository):
    """Every resource that ever was, replayed."""
    found, held, standing, before = {}, {}, {}, {}
    for commit in repository.line():
        tree = repository.tree(commit)
        touched = set()
        for path in sorted(set(before) | set(tree)):
            if before.get(path) == tree.get(path) or not path.endswith((".yaml", ".yml", ".json")):
                continue
            touched |= set(held.get(path, {}))
            if path not in tree:
                held.pop(path, None)
            else:
                content = repository.content(tree[path])
                if content.fields is UNREADABLE:
                    held[path] = {name: UNREADABLE for name in held.get(path, {})}
                else:
                    held[path] = content.objects
            touched |= set(held.get(path, {}))
        for name in touched:
            subject = found.setdefault(name, Subject(repository, name))
            path = next((path for path in sorted(held, key=str.encode) if name in held[path]), None)
            was = standing.get(name)
            table = {} if path is None else held[path][name]
            now = (path, tree.get(path) if table is UNREADABLE else None)
            if table is UNREADABLE:
                if was != now:
                    subject.becomes(commit, UNREADABLE, [])
            else:
                paths = [each for each in (path or (was and was[0]), was and was[0]) if each]
                subject.becomes(commit, {(None, key): value for key, value in table.items()}, paths)
            standing[name] = now if path else (was and was[0], None)
        before = tree
    return found


def file_history(repository, path, line=None):
    """The history of a file, through its renames."""
    line = repository.line() if line is None else line
    trees = [{}] + [repository.tree(commit) for commit in line]
    for place in range(len(line) - 1, -1, -1):
        before, after = trees[place], trees[place + 1]
        if path in after and path not in before:
            source = renamed(repository, path, after[path], before, after)
            if source:
                subject = file_history(repository, source, line[:place])
                replay(repository, subject, path, line, place, source)
                return subject
    subject = Subject(repository)
    replay(repository, subject, path, line, 0, None)
    return subject


def replay(repository, subject, path, line, start, source):
    before = repository.tree(line[start - 1]) if start else {}
    last = source or path
    for place in range(start, len(line)):
        tree = repository.tree(line[place])
        old = before.get(source) if place == start and source else before.get(path)
        if tree.get(path) != old or (place == start and source):
            if path in tree:
                content = repository.content(tree[path])
                subject.becomes(line[place], content.fields, [path, last])
            else:
                subject.becomes(line[place], {}, [path, last])
            last = path
        before = tree
