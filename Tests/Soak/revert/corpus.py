#!/usr/bin/env python3
"""A seeded corpus of reverts, and the judge of what became of them.

usage: corpus.py make FOLDER COUNT [SEED]    files before a bad commit, after it, and after a later commit beside it
       corpus.py judge FOLDER                what merging them should have given, by PyYAML, json, tomllib and our own env

Each case is a file in a real repository of three commits; which of them `git revert` can't do is asked of Git itself.
Cases are `before/N.EXT`, `bad/N.EXT`, `later/N.EXT`, and `git/N.EXT` where Git had no conflict. Who merges writes
`merged/N.EXT`, or nothing where it sees a conflict.
"""
import json
import pathlib
import random
import re
import subprocess
import sys
import tomllib

import yaml

WORDS = "replicas image level timeout retries region owner tier quota burst window mode shard cache queue limit".split()
NAMES = "web api worker proxy metrics batch mailer search".split()
NOTES = ["agreed with ops", "see the runbook", "was too low", "don't touch", "é, temporary", "until spring"]


# MARK: Files as lists of entries: [key, value, comment above, comment beside]

class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one(self, chance):
        return self.random.random() < chance

    def scalar(self, strings_only=False):
        pick = self.random.choice
        text = pick([pick(NAMES) + "-" + str(self.random.randrange(90)), "v1.%d" % self.random.randrange(30), "http://%s:80/x" % pick(NAMES)])
        if strings_only:
            return text
        return pick([text, text, self.random.randrange(1, 9000), self.random.randrange(1, 90), self.one(0.5)])

    def notes(self):
        above = self.random.choice(NOTES) if self.one(0.3) else None
        beside = self.random.choice(NOTES) if self.one(0.3) else None
        return above, beside

    def entries(self, depth, count, strings_only=False, keys=None):
        keys = keys or self.random.sample(WORDS, count)
        return [[key, self.value(depth, strings_only), *self.notes()] for key in keys]

    def value(self, depth, strings_only=False):
        kind = self.random.randrange(8) if depth > 0 and not strings_only else 9
        if kind in (0, 1):
            return self.entries(depth - 1, self.random.randrange(2, 5))
        if kind == 2:
            return {"names": self.random.sample(NAMES, self.random.randrange(2, 5))}
        if kind == 3:
            return {"flow": self.random.sample(NAMES, self.random.randrange(2, 5))}
        if kind in (4, 5):
            names = self.random.sample(NAMES, self.random.randrange(2, 4))
            return {"items": [[["name", name, None, None]] + self.entries(0, self.random.randrange(1, 3)) for name in names]}
        return self.scalar(strings_only)

    # MARK: Changes

    def places(self, entries, path=()):
        """Every list of entries, with its path."""
        found = [(path, entries)]
        for entry in entries:
            if isinstance(entry[1], list):
                found += self.places(entry[1], path + (entry[0],))
            elif isinstance(entry[1], dict) and "items" in entry[1]:
                for item in entry[1]["items"]:
                    found.append((path + (entry[0], item[0][1]), item))
        return found

    def change(self, entries, near, flat):
        """Changes something, if it can near the place where something was changed before. Returns where."""
        places = self.places(entries)
        path, place = self.random.choice(places)
        if near is not None and self.one(0.85):
            close = [one for one in places if one[0] == near[0]]
            path, place = self.random.choice(close or places)
        number = self.random.randrange(len(place))
        if near is not None and path == near[0] and self.one(0.8):
            number = min(max(near[1] + self.random.choice([-1, 0, 1, 1, -1]), 0), len(place) - 1)
        entry = place[number]
        isName = entry[0] == "name" and number == 0
        what = self.random.random()
        if what < 0.12 and len(place) > 2 and not isName:
            place.pop(number)
        elif what < 0.3:
            known = {one[0] for one in place}
            key = self.random.choice([word for word in WORDS if word not in known])
            place.insert(number + 1, [key, self.scalar(flat), *self.notes()])
        elif what < 0.36:
            entry[3 if self.one(0.5) else 2] = self.random.choice(NOTES)
        elif isName:
            pass
        elif isinstance(entry[1], dict) and "items" in entry[1]:
            self.change_items(entry[1]["items"])
        elif isinstance(entry[1], dict):
            self.change_names(next(iter(entry[1].values())))
        elif isinstance(entry[1], list):
            inner = self.random.choice(entry[1])
            if not isinstance(inner[1], (list, dict)):
                inner[1] = self.scalar(flat)
        else:
            entry[1] = self.scalar(flat)
            if self.one(0.25):
                entry[3] = self.random.choice(NOTES)
        return path, number

    def change_items(self, items):
        unused = [name for name in NAMES if name not in [item[0][1] for item in items]]
        if self.one(0.4) and len(items) > 1:
            items.pop(self.random.randrange(len(items)))
        else:
            items.insert(self.random.randrange(len(items) + 1), [["name", self.random.choice(unused), None, None]] + self.entries(0, 1))

    def change_names(self, names):
        unused = [name for name in NAMES if name not in names]
        if self.one(0.4) and len(names) > 1:
            names.pop(self.random.randrange(len(names)))
        elif unused:
            names.insert(self.random.randrange(len(names) + 1), self.random.choice(unused))


# MARK: Texts

def quoted(value, style):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return {"plain": value, "single": "'%s'" % value, "double": json.dumps(value, ensure_ascii=False)}[style]


def notes_of(entry, indent, mark="# "):
    above = [indent + mark + entry[2]] if entry[2] else []
    return above, "  " + mark + entry[3] if entry[3] else ""


def yaml_lines(entries, indent, style):
    lines = []
    for entry in entries:
        above, beside = notes_of(entry, indent)
        key, value = entry[0], entry[1]
        lines += above
        if isinstance(value, list):
            lines += ["%s%s:%s" % (indent, key, beside)] + yaml_lines(value, indent + "  ", style)
        elif isinstance(value, dict) and "names" in value:
            lines += ["%s%s:%s" % (indent, key, beside)] + ["%s  - %s" % (indent, quoted(name, style)) for name in value["names"]]
        elif isinstance(value, dict) and "flow" in value:
            lines.append("%s%s: [%s]%s" % (indent, key, ", ".join(quoted(name, style) for name in value["flow"]), beside))
        elif isinstance(value, dict):
            lines.append("%s%s:%s" % (indent, key, beside))
            for item in value["items"]:
                inner = yaml_lines([[one[0], one[1], None, one[3]] for one in item], indent + "  ", style)
                lines += ["%s- %s" % (indent, inner[0].lstrip())] + inner[1:]
        else:
            lines.append("%s%s: %s%s" % (indent, key, quoted(value, style), beside))
    return lines


def plain(value):
    if isinstance(value, list):
        return {entry[0]: plain(entry[1]) for entry in value}
    if isinstance(value, dict):
        if "items" in value:
            return [plain(item) for item in value["items"]]
        return next(iter(value.values()))
    return value


def toml_lines(entries, style):
    lines, tables = [], []
    for entry in entries:
        value = entry[1]
        if isinstance(value, list) or isinstance(value, dict) and "items" in value:
            tables.append(entry)
            continue
        above, beside = notes_of(entry, "")
        if isinstance(value, dict):
            text = "[%s]" % ", ".join(quoted(name, style) for name in next(iter(value.values())))
        else:
            text = quoted(value, style)
        lines += above + ["%s = %s%s" % (entry[0], text, beside)]
    for entry in tables:
        above, beside = notes_of(entry, "")
        if isinstance(entry[1], list):
            lines += [""] + above + ["[%s]%s" % (entry[0], beside)] + toml_lines(entry[1], style)
        else:
            for item in entry[1]["items"]:
                lines += [""] + above + ["[[%s]]%s" % (entry[0], beside)] + toml_lines(item, style)
    return lines


def text_of(format, entries, style, head):
    if format == "json":
        return json.dumps(plain(entries), indent=2, ensure_ascii=False) + "\n"
    if format == "env":
        lines = []
        for entry in entries:
            above, beside = notes_of(entry, "")
            lines += above + ["%s=%s%s" % (entry[0].upper(), quoted(entry[1], style), beside)]
    elif format == "toml":
        lines = toml_lines(entries, "single" if style == "plain" else style)
    else:
        lines = yaml_lines(entries, "", style)
    return "\n".join(["# " + head] + lines) + "\n"


def copy(value):
    return json.loads(json.dumps(value))


def case(number, seed):
    maker = Maker("%s/%d" % (seed, number))
    format = ["yaml", "yaml", "json", "toml", "env"][number % 5]
    depth = {"yaml": 2, "json": 2, "toml": 1, "env": 0}[format]
    style = maker.random.choice(["plain", "single", "double"])
    before = maker.entries(depth, maker.random.randrange(4, 9), strings_only=format == "env")
    bad = copy(before)
    near = None
    for _ in range(maker.random.choice([1, 1, 1, 2, 3])):
        near = maker.change(bad, near, format == "env")
    later = copy(bad)
    for _ in range(maker.random.choice([1, 1, 2, 2, 3])):
        maker.change(later, near, format == "env")
    head = "case %d, %s" % (number, maker.random.choice(NOTES))
    name = "%04d.%s" % (number, format)
    return name, [text_of(format, version, style, head) for version in (before, bad, later)]


# MARK: Git

def git(folder, *arguments, check=True):
    identity = ["-c", "user.name=corpus", "-c", "user.email=corpus@example.com", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=check, capture_output=True, text=True).stdout


def make(folder, count, seed):
    repository = folder / "repository"
    repository.mkdir(parents=True)
    git(repository, "init", "--quiet", "--initial-branch", "main")
    cases = []
    number = 0
    while len(cases) < count:
        name, texts = case(number, seed)
        number += 1
        if texts[0] != texts[1] and texts[1] != texts[2]:
            cases.append((name, texts))
    for index, stage in enumerate(["before", "bad", "later"]):
        (folder / stage).mkdir()
        for name, texts in cases:
            (folder / stage / name).write_text(texts[index])
            (repository / name).write_text(texts[index])
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--message", stage)
    git(repository, "revert", "--no-commit", "HEAD~1", check=False)
    stopped = set(git(repository, "diff", "--name-only", "--diff-filter=U").split())
    (folder / "git").mkdir()
    (folder / "merged").mkdir()
    for name, _ in cases:
        if name not in stopped:
            (folder / "git" / name).write_text((repository / name).read_text())


# MARK: The judge: what the fields say

ENV = re.compile(r"""^([A-Z_]+)=('[^']*'|"(?:\\.|[^"\\])*"|[^#\n]*?)(?:\s+#.*)?$""")


def read_env(text):
    result = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        key, value = ENV.match(line).groups()
        assert key not in result, "a key twice"
        if value[:1] == '"':
            value = json.loads(value)
        elif value[:1] == "'":
            value = value[1:-1]
        result[key] = value
    return result


class Strict(yaml.SafeLoader):
    pass


def strict_mapping(loader, node):
    keys = [loader.construct_object(key) for key, _ in node.value]
    assert len(keys) == len(set(keys)), "a key twice"
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


Strict.add_constructor("tag:yaml.org,2002:map", strict_mapping)


def strict_pairs(pairs):
    assert len(pairs) == len({key for key, _ in pairs}), "a key twice"
    return dict(pairs)


READERS = {
    "yaml": lambda text: yaml.load(text, Loader=Strict),
    "json": lambda text: json.loads(text, object_pairs_hook=strict_pairs),
    "toml": tomllib.loads,
    "env": read_env,
}


def is_keyed(value):
    return isinstance(value, list) and value and all(isinstance(item, dict) and "name" in item for item in value)


def children(value):
    """What a value consists of, by name; None for what is one piece."""
    if isinstance(value, dict):
        return dict(value)
    if is_keyed(value):
        return {item["name"]: item for item in value}
    if isinstance(value, list) and all(isinstance(item, str) for item in value) and len(value) == len(set(value)):
        return {item: True for item in value}
    return None


def same_kind(old, new):
    return isinstance(old, dict) and isinstance(new, dict) or isinstance(old, list) and isinstance(new, list)


def leaf(value):
    return json.dumps(value, sort_keys=True)


def changes(old, new, path=()):
    """What makes `new` of `old`: (path, new value as JSON, or None where it is gone)."""
    if leaf(old) == leaf(new):
        return {}
    olds, news = children(old), children(new)
    if not same_kind(old, new) or olds is None or news is None:
        return {path: leaf(new)}
    result = {}
    for key in [*olds, *(key for key in news if key not in olds)]:
        if key not in news:
            result[path + (key,)] = None
        elif key not in olds:
            result[path + (key,)] = leaf(news[key])
        else:
            result.update(changes(olds[key], news[key], path + (key,)))
    return result


def is_within(a, b):
    return a[:len(b)] == b


def conflict(ours, theirs):
    for one, value in ours.items():
        for other, wanted in theirs.items():
            if one == other and value == wanted:
                continue
            if is_within(one, other) or is_within(other, one):
                return True
    return False


def normal(value):
    """A value with lists of names, and of named items, in an order of their own."""
    if isinstance(value, dict):
        return {key: normal(inner) for key, inner in value.items()}
    parts = children(value)
    if isinstance(value, list) and parts is not None:
        return {"list": {key: normal(inner) for key, inner in parts.items()}}
    return value


def apply(value, edits, path=()):
    """A normal value after edits of the fields below a path."""
    if path in edits:
        return normal(json.loads(edits[path]))
    below = [edit for edit in edits if is_within(edit, path)]
    if not below:
        return value
    isList = set(value) == {"list"} if isinstance(value, dict) else False
    table = dict(value["list"] if isList else value)
    for key in dict.fromkeys(edit[len(path)] for edit in below):
        place = path + (key,)
        if place in edits and edits[place] is None:
            table.pop(key, None)
        elif place in edits:
            table[key] = True if isList and edits[place] == "true" else normal(json.loads(edits[place]))
        else:
            table[key] = apply(table[key], edits, place)
    return {"list": table} if isList else table


def kept_in_order(value, merged):
    """Whether what stands in both versions of a list of names stands in the same order."""
    if isinstance(value, dict) and isinstance(merged, dict):
        return all(kept_in_order(inner, merged[key]) for key, inner in value.items() if key in merged)
    if isinstance(value, list) and isinstance(merged, list):
        names = [list(children(one) or []) for one in (value, merged)]
        return [name for name in names[0] if name in names[1]] == [name for name in names[1] if name in names[0]]
    return True


def touched_lines(old, new):
    """Lines of the old text that a commit took away, as a multiset."""
    gone = {}
    for line in old:
        gone[line] = gone.get(line, 0) + 1
    for line in new:
        gone[line] = gone.get(line, 0) - 1
    return {line for line, count in gone.items() if count > 0}


def lost_lines(later, merged, allowed, keys):
    """Lines of ours that are gone although neither the bad commit made them nor a reverted field stands in them."""
    named = re.compile(r"(?<![\w-])(%s)(?![\w-])" % "|".join(re.escape(str(key)) for key in sorted(keys)), re.I)
    ours = [(line.rstrip(","), not (line in allowed or named.search(line))) for line in later]
    theirs = [line.rstrip(",") for line in merged]
    # The most lines that can be found again in their order: best[i][j] for ours from i and theirs from j.
    best = [[0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i in range(len(ours) - 1, -1, -1):
        line, must = ours[i]
        row, below = best[i], best[i + 1]
        for j in range(len(theirs) - 1, -1, -1):
            row[j] = max(below[j], row[j + 1])
            if line == theirs[j]:
                row[j] = max(row[j], below[j + 1] + (1000 if must else 1))
    i = j = 0
    lost = []
    while i < len(ours):
        if j < len(theirs) and ours[i][0] == theirs[j] and best[i][j] > max(best[i + 1][j], best[i][j + 1]):
            i, j = i + 1, j + 1
        elif j < len(theirs) and best[i][j + 1] == best[i][j]:
            j += 1
        else:
            if ours[i][1]:
                lost.append(ours[i][0])
            i += 1
    return lost


def judge(folder):
    figures = dict(cases=0, stopped=0, independent=0, resolved=0, conflicts=0, refused=0, wrong=0, lost=0, git_wrong=0)
    faults = []
    for path in sorted((folder / "later").iterdir()):
        name, format = path.name, path.suffix[1:]
        texts = [(folder / stage / name).read_text() for stage in ("before", "bad", "later")]
        before, bad, later = (READERS[format](text) for text in texts)
        reverting, since = changes(bad, before), changes(bad, later)
        isConflict = conflict(since, reverting)
        stopped = not (folder / "git" / name).exists()
        merged_path = folder / "merged" / name
        figures["cases"] += 1
        figures["stopped"] += stopped
        figures["conflicts"] += isConflict
        if not isConflict and stopped:
            figures["independent"] += 1
        wanted = None if isConflict else apply(normal(later), reverting)
        if not stopped and (isConflict or normal(READERS[format]((folder / "git" / name).read_text())) != wanted):
            figures["git_wrong"] += 1
        if not merged_path.exists():
            if not isConflict:
                figures["refused"] += 1
                faults.append((name, "refused", reverting))
            continue
        text = merged_path.read_text()
        try:
            merged = READERS[format](text)
        except Exception as error:
            figures["wrong"] += 1
            faults.append((name, "unreadable", repr(error)))
            continue
        if isConflict:
            figures["wrong"] += 1
            faults.append((name, "merged a conflict", (reverting, since)))
            continue
        if normal(merged) != wanted or not kept_in_order(later, merged):
            figures["wrong"] += 1
            faults.append((name, "wrong", (wanted, merged)))
            continue
        if stopped:
            figures["resolved"] += 1
        allowed = touched_lines(texts[1].splitlines(), texts[0].splitlines())
        keys = {part for edit in reverting for part in edit}
        lost = lost_lines(texts[2].splitlines(), text.splitlines(), allowed, keys)
        if lost:
            figures["lost"] += 1
            faults.append((name, "lost lines", lost))
    print(json.dumps(figures))
    for fault in faults[:20]:
        print(*fault, file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) >= 4 and sys.argv[1] == "make":
        make(pathlib.Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else "1")
    elif len(sys.argv) == 3 and sys.argv[1] == "judge":
        judge(pathlib.Path(sys.argv[2]))
    else:
        sys.exit(__doc__)
