"""What stands at a path, and how Mooring should tell of it."""
import grp
import os
import pwd
from dataclasses import dataclass

from documents import Document


@dataclass(frozen=True)
class Thing:
    """A file, a link, a folder or something else; two are equal when Mooring has to take them for the same."""
    kind: str
    content: bytes = b""
    mode: int = 0
    owner: tuple = (0, 0)

    def document(self, known):
        return known.get(self.content)


def sight(path):
    """What stands there now; None where nothing does."""
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    owner, mode = (status.st_uid, status.st_gid), status.st_mode & 0o7777
    if os.path.islink(path):
        return Thing("link", os.readlink(path).encode())
    if os.path.isdir(path):
        return Thing("folder", b"", mode, owner)
    if not os.path.isfile(path):
        return Thing("other", b"", mode, owner)
    with open(path, "rb") as file:
        return Thing("file", file.read(), mode, owner)


def account(owner):
    return f"{pwd.getpwuid(owner[0]).pw_name}:{grp.getgrgid(owner[1]).gr_name}"


class Expectation:
    """How the difference between what should be there and what is has to be told; `known` maps bytes to documents."""

    def __init__(self, wanted, found, known: dict[bytes, Document]):
        self.wanted, self.found, self.known = wanted, found, known

    def is_met(self, told):
        """Whether a difference, as an event has it, says exactly this."""
        fields = {(field.get("document"), field["field"], field.get("old"), field.get("new"), field["isSecret"])
                  for field in told["fields"]}
        if told["more"] or len(fields) != len(told["fields"]):
            return False
        kind, expected, is_valued = self.expected()
        if (told["kind"], fields, told["changesValues"]) != (kind, expected, is_valued):
            return False
        return self._lines_are_right(told["lines"])

    def expected(self):
        wanted, found = self.wanted, self.found
        if wanted is None:
            size = f", {len(found.content)} bytes" if found.kind == "file" else ""
            owner = f", of {account(found.owner)}" if found.kind != "link" else ""
            return "added", {(None, "kind", None, found.kind + size + owner, False)}, True
        if found is None:
            return "removed", set(), True
        if wanted.kind != found.kind:
            return "changed", {(None, "kind", wanted.kind, found.kind, False)}, True
        fields = self._attributes()
        if wanted.content == found.content:
            return "changed", fields, True
        if wanted.kind == "link":
            return "changed", {(None, "target", wanted.content.decode(), found.content.decode(), False)}, True
        old, new = self.known[wanted.content], self.known[found.content]
        if old.kind == "text":
            return "changed", fields, True
        if old.kind == "binary":
            sizes = [f"{len(thing.content)} bytes" for thing in (wanted, found)]
            return "changed", fields | {(None, "content", *sizes, False)}, True
        values = old.fields(new)
        return "changed", fields | values, bool(values or fields)

    def _attributes(self):
        fields = set()
        if self.wanted.mode != self.found.mode:
            fields.add((None, "mode", f"{self.wanted.mode:o}", f"{self.found.mode:o}", False))
        if self.wanted.owner != self.found.owner:
            fields.add((None, "owner", account(self.wanted.owner), account(self.found.owner), False))
        return fields

    def _lines_are_right(self, lines):
        wanted, found = self.wanted, self.found
        is_text = (wanted and found and wanted.kind == found.kind == "file" and wanted.content != found.content
                   and self.known[wanted.content].kind == "text")
        if not is_text:
            return not lines
        return _patched(wanted.content.decode().splitlines(), lines) == found.content.decode().splitlines()


def _patched(old, lines):
    """What a unified diff makes of a text; None where it doesn't fit."""
    new, place = [], 0
    for line in lines:
        if line.startswith("@@ -"):
            start, count = (line[4:].split(" ")[0].split(",") + ["1"])[:2]
            begin = int(start) - (1 if int(count) else 0)
            new += old[place:begin]
            place = begin
        elif line[0] == "+":
            new.append(line[1:])
        elif place >= len(old) or old[place] != line[1:]:
            return None
        else:
            new += [line[1:]] if line[0] == " " else []
            place += 1
    return new + old[place:]
