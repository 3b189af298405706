"""Configuration files whose fields are known, and random edits of them by value, by comment and by form.

What an edit does to fields is known from how the file was made, not from reading it. `fields` says it in the words of
Mooring's events.
"""
import copy
import json

WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron")
GROUPS = ("worker", "cache", "web", "limits")
KEYS = ("size", "host", "level", "path", "debug", "retries", "api_token")
KINDS = ("yaml", "json", "toml", "env", "ini", "kube", "text", "binary")
SUFFIXES = {"kube": ".yaml", "text": ".txt", "binary": ".bin"}
SECRET = "s3cr3t"


class Document:
    """Groups of keys with values and comments; of a text lines, of a binary bytes."""

    def __init__(self, kind, random, serial):
        self.kind, self.notes, self.style = kind, 0, 0
        if kind == "text":
            self.lines = [f"line {number} {random.choice(WORDS)}" for number in range(random.randint(3, 12))]
        elif kind == "binary":
            self.data = bytes([0]) + random.randbytes(next(serial))
        else:
            self.parts = [self._groups(random, serial) for _ in range(2 if kind == "kube" else 1)]

    def _groups(self, random, serial):
        return {group: {key: self._value(key, random, serial) for key in random.sample(KEYS, random.randint(3, 5))}
                for group in random.sample(GROUPS, 2)}

    def _value(self, key, random, serial):
        if key == "api_token":
            return f"{SECRET}-{next(serial)}"
        word = f"{random.choice(WORDS)}-{next(serial)}"
        if self.kind in ("env", "ini"):
            return random.choice((word, str(next(serial))))
        listed = [f"{random.choice(WORDS)}-{next(serial)}" for _ in range(3)]
        return random.choice((word, f"{word} and more", next(serial), next(serial), random.random() < 0.5, listed))

    # Edits

    def edited(self, random, serial):
        """Another document, after one random edit; at least the bytes differ."""
        new = copy.deepcopy(self)
        if new.kind == "binary":
            # A length that no other one has, so that each is told apart by its length.
            new.data = bytes([0]) + random.randbytes(next(serial))
        elif new.kind == "text":
            new._edit_lines(random, serial)
        elif random.random() < 0.2:
            new.notes, new.style = next(serial), 1 - new.style
        else:
            new._edit_field(random, serial)
        return new

    def _edit_lines(self, random, serial):
        place = random.randrange(len(self.lines))
        how = random.random()
        if how < 0.3 and len(self.lines) > 2:
            del self.lines[place]
        elif how < 0.6:
            self.lines.insert(place, f"added {next(serial)}")
        else:
            self.lines[place] = f"changed {next(serial)}"

    def _edit_field(self, random, serial):
        group = random.choice(list(random.choice(self.parts).values()))
        key = random.choice(list(group))
        how = random.random()
        free = [key for key in KEYS if key not in group]
        if how < 0.15 and len(group) > 2:
            del group[key]
        elif how < 0.3 and free:
            new = random.choice(free)
            group[new] = self._value(new, random, serial)
        elif isinstance(group[key], list):
            self._edit_list(group[key], random, serial)
        elif isinstance(group[key], bool):
            group[key] = not group[key]
        else:
            old = group[key]
            while group[key] == old or isinstance(group[key], list):
                group[key] = self._value(key, random, serial)

    @staticmethod
    def _edit_list(values, random, serial):
        if random.random() < 0.3 and len(values) > 1:
            values.pop()
        elif random.random() < 0.5:
            values.append(f"more-{next(serial)}")
        else:
            values[random.randrange(len(values))] = f"other-{next(serial)}"

    # Bytes

    def bytes(self):
        if self.kind == "binary":
            return self.data
        if self.kind == "text":
            return "".join(line + "\n" for line in self.lines).encode()
        return getattr(self, "_" + self.kind)().encode()

    def _note(self, mark="#"):
        return f" {mark} note {self.notes}" if self.notes else ""

    def _yaml(self, part=0, indent=""):
        lines = [f"# head {self.notes}"]
        for group, keys in self.parts[part].items():
            lines.append(f"{indent}{group}:{self._note()}")
            for key, value in keys.items():
                if isinstance(value, list) and self.style == 0:
                    lines += [f"{indent}  {key}:"] + [f"{indent}    - {element}" for element in value]
                elif isinstance(value, list):
                    lines.append(f"{indent}  {key}: [{', '.join(value)}]")
                else:
                    quote = '"' if self.style and isinstance(value, str) else ""
                    lines.append(f"{indent}  {key}: {quote}{_plain(value)}{quote}{self._note()}")
        return "\n".join(lines) + "\n"

    def _kube(self):
        heads = [f"apiVersion: v1\nkind: {name.split('/')[0]}\nmetadata:\n  name: {name.split('/')[1]}\nspec:\n"
                 for name in NAMES]
        return "---\n".join(head + self._yaml(part, "  ") for part, head in enumerate(heads))

    def _json(self):
        return json.dumps(self.parts[0], indent=2 + 2 * self.style) + "\n" * (1 + self.notes % 7)

    def _toml(self):
        lines = [f"# head {self.notes}"]
        for group, keys in self.parts[0].items():
            lines += ["", f"[{group}]{self._note()}"]
            lines += [f"{key}{' ' * self.style} = {json.dumps(value)}{self._note()}" for key, value in keys.items()]
        return "\n".join(lines) + "\n"

    def _env(self):
        lines = [f"# head {self.notes}"]
        for group, keys in self.parts[0].items():
            quote = '"' if self.style else ""
            lines += [f"{group}_{key}={quote}{value}{quote}".replace(f"{group}_{key}", f"{group}_{key}".upper())
                      for key, value in keys.items()]
        return "\n".join(lines) + "\n"

    def _ini(self):
        lines = [f"; head {self.notes}"]
        for group, keys in self.parts[0].items():
            lines += [f"[{group}]"] + [f"{key}{' ' * self.style}= {value}" for key, value in keys.items()]
        return "\n".join(lines) + "\n"

    # Differences

    def fields(self, new):
        """The fields that differ, as a set of (document, field, old, new, is secret)."""
        found = set()
        for part, (old_groups, new_groups) in enumerate(zip(self.parts, new.parts)):
            for group, old in old_groups.items():
                for key in old.keys() | new_groups[group].keys():
                    found |= self._differing(part, group, key, old.get(key), new_groups[group].get(key))
        return found

    def _differing(self, part, group, key, old, new):
        path = f"{group}_{key}".upper() if self.kind == "env" else f"{group}.{key}"
        name = None
        if self.kind == "kube":
            path, name = f"spec.{path}", NAMES[part]
        if isinstance(old, list) and isinstance(new, list):
            # Elements keep their places, and every value is new.
            pairs = ((place, old[place:place + 1], new[place:place + 1]) for place in range(max(len(old), len(new))))
            return {(name, f"{path}[{place}]", _first(a), _first(b), False) for place, a, b in pairs if a != b}
        if old == new and type(old) is type(new):
            return set()
        if key == "api_token":
            return {(name, path, None, None, True)}
        return {(name, path, None if old is None else _shown(old), None if new is None else _shown(new), False)}


NAMES = ("ConfigMap/web", "Deployment/web")


def _plain(value):
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _first(values):
    return values[0] if values else None


def _shown(value):
    """A value as people are shown it: a text that reads as a number is quoted."""
    if isinstance(value, list):
        return "[" + ", ".join(value) + "]"
    if isinstance(value, str) and value.isdigit():
        return f'"{value}"'
    return _plain(value)
