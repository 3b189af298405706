"""Changes that break one thing, each with a change of the same kind that is in order."""
from setup import API_FIELDS, LAYOUTS, LEFT, NEVER, READ, SERVICES, STORE, STORE_NOW, TABLES, api, definition, service


class Draw:
    """What a case is drawn from."""

    def __init__(self, random, world, base, images):
        self.random, self.world, self.base, self.images = random, world, base, images
        self.layout, self.table = random.choice(LAYOUTS), random.choice(TABLES)
        self.service, self.serial = random.choice(SERVICES), random.randrange(10 ** 9)
        self.relation = f"{self.table}_{self.layout.name}"

    def migration(self, up, down="SELECT 1;"):
        title = f"change_{self.serial}"
        return self.layout.files(2, title, up, down), self.layout.up(2, title)


def migrating(bad, good, down="SELECT 1;"):
    """Statements that break something, and ones that don't."""
    def draw(case):
        return case.migration(case.random.choice(bad)(case), down), case.migration(case.random.choice(good)(case))
    return draw


def declared(case, statement):
    return f"-- mooring: unused since {case.base}\n{statement}"


HARMLESS = [
    lambda case: f"ALTER TABLE {case.relation} ADD COLUMN extra_{case.serial} text;",
    lambda case: f"ALTER TABLE {case.relation} ADD COLUMN extra_{case.serial} text NOT NULL DEFAULT 'x';",
    lambda case: f"CREATE TABLE new_{case.serial} (id bigint PRIMARY KEY, name text NOT NULL);",
    lambda case: f"CREATE VIEW seen_{case.serial} AS SELECT id, {READ} FROM {case.relation};",
]


def image(bad, good):
    def draw(case):
        path = f"app/{case.service}.yaml"
        return tuple(({path: service(case.service, text(case))}, path) for text in (bad, good))
    return draw


def store(**values):
    """A field of an object, and one beside it that can be changed back."""
    def draw(case):
        path = "app/store.yaml"
        bad, good = (STORE.format(**(STORE_NOW | changed)) for changed in (values, {"replicas": 3}))
        return ({path: bad}, path), ({path: good}, path)
    return draw


def selector(case):
    path, image_name = f"app/{case.service}.yaml", case.images[case.service]
    return (({path: service(case.service, image_name, app=f"new-{case.serial}")}, path),
            ({path: service(case.service, image_name, replicas=case.random.randrange(3, 9))}, path))


def claim_removed(case):
    path = "app/store.yaml"
    objects = STORE.format(**STORE_NOW).split("---\n")
    kept = STORE.format(**(STORE_NOW | {"replicas": 2}))
    return ({path: "---\n".join([objects[0], objects[2]])}, path), ({path: kept}, path)


def text(path, bad, good):
    def draw(case):
        return ({path: case.random.choice(bad)}, path), ({path: case.random.choice(good)}, path)
    return draw


def key_renamed(case):
    path = "app/settings.yaml"
    old, new = case.random.choice(
        [("pool_size: 32", f"connections_{case.serial}: 32"), ("region: north", f"zone_{case.serial}: north")])
    content = case.world.read(path)
    both = content + new + "\n"
    waits = content.replace(old, f"# mooring: unused since {case.base}\n{new}")
    return ({path: content.replace(old, new)}, path), ({path: case.random.choice([both, waits])}, path)


def mixed(case):
    if case.random.random() < 0.5:
        files, _ = case.migration(HARMLESS[0](case))
        files[f"app/{case.service}.yaml"] = service(case.service, f"registry.example/{case.service}:{case.serial}-3f9c2d1")
        return (files, None), case.migration(HARMLESS[0](case))
    every = {f"app/{name}.yaml": service(name, case.images[name], replicas=7) for name in SERVICES}
    some = dict(case.random.sample(sorted(every.items()), 3))
    return (every, None), (some, None)


def down_missing(case):
    return case.migration(HARMLESS[0](case), None), case.migration(HARMLESS[0](case))


def edited(case):
    path = case.layout.up(1, "start")
    content = case.world.read(path)
    if case.layout.name == "rails":
        bad = content.replace("CREATE TABLE", f"CREATE TABLE edited_{case.serial} (id int);\nCREATE TABLE", 1)
    else:
        bad = content + f"CREATE TABLE edited_{case.serial} (id int);\n"
    return ({path: bad}, path), case.migration(HARMLESS[0](case))


def rendered_image(case):
    return ({"chart/tag": "latest\n"}, "service.yaml"), ({"chart/tag": f"{case.serial}-3f9c2d2\n"}, None)


def rendered_selector(case):
    return ({"chart/app": "store\n"}, "service.yaml"), ({"chart/tag": f"{case.serial}-3f9c2d2\n"}, None)


def unresolved(case):
    return ({"chart/service.tmpl": None}, None), ({"chart/tag": f"{case.serial}-3f9c2d3\n"}, None)


LATEST = lambda case: f"registry.example/{case.service}" + case.random.choice(["", ":latest"])
MUTABLE = lambda case: f"registry.example/{case.service}:{case.random.randrange(9)}.{case.random.randrange(99)}"
FIXED = lambda case: f"registry.example/{case.service}" + case.random.choice(
    [f"@sha256:{case.serial:064x}", f":{case.random.randrange(99)}-3f9c2d1"])
V1_V2 = (("v1", True, True), ("v2", True, False))

# What is broken, by the rule that has to find it: alone, where it says nothing else.
CHANGES = [
    ("image-latest", image(LATEST, FIXED)),
    ("image-mutable", image(MUTABLE, FIXED)),
    ("field-immutable", selector),
    ("field-immutable", store(service="stores")),
    ("field-immutable", store(storage="2Gi")),
    ("field-immutable", store(storage_class="slow")),
    ("field-immutable", store(limit=20)),
    ("data-destroyed", claim_removed),
    ("column-dropped", migrating(
        [lambda case: f"ALTER TABLE {case.relation} DROP COLUMN {case.random.choice([READ, NEVER])};"],
        [lambda case: f"ALTER TABLE {case.relation} DROP COLUMN {LEFT};",
         lambda case: declared(case, f"ALTER TABLE {case.relation} DROP COLUMN {NEVER};")])),
    ("table-dropped", migrating(
        [lambda case: f"DROP TABLE {case.relation};"],
        [lambda case: declared(case, f"DROP TABLE legacy_{case.layout.name};")])),
    ("table-renamed", migrating([lambda case: f"ALTER TABLE {case.relation} RENAME TO moved_{case.serial};"], HARMLESS)),
    ("column-renamed", migrating(
        [lambda case: f"ALTER TABLE {case.relation} RENAME COLUMN {READ} TO text_{case.serial};"], HARMLESS)),
    ("type-narrowed", migrating(
        [lambda case: f"ALTER TABLE {case.relation} ALTER COLUMN {READ} TYPE varchar({case.random.randrange(5, 150)});",
         lambda case: f"ALTER TABLE {case.relation} ALTER COLUMN id TYPE integer;"],
        [lambda case: f"ALTER TABLE {case.relation} ALTER COLUMN {READ} TYPE text;"])),
    ("value-required", migrating(
        [lambda case: f"ALTER TABLE {case.relation} ADD COLUMN need_{case.serial} text NOT NULL;",
         lambda case: f"ALTER TABLE {case.relation} ALTER COLUMN {READ} SET NOT NULL;"], HARMLESS)),
    ("constraint-validated", migrating(
        [lambda case: f"ALTER TABLE {case.relation} ADD CONSTRAINT c_{case.serial} CHECK (length({READ}) < 9);"],
        [lambda case: f"ALTER TABLE {case.relation} ADD CONSTRAINT c_{case.serial} "
                      f"CHECK (length({READ}) < 9) NOT VALID;"])),
    ("index-blocking", migrating(
        [lambda case: f"CREATE INDEX i_{case.serial} ON {case.relation} ({READ});"],
        [lambda case: f"CREATE INDEX CONCURRENTLY i_{case.serial} ON {case.relation} ({READ});"])),
    ("data-destroyed", migrating(
        [lambda case: f"DELETE FROM {case.relation} WHERE status = 'old';", lambda case: f"TRUNCATE {case.relation};"],
        [lambda case: f"UPDATE {case.relation} SET {NEVER} = '' WHERE {NEVER} IS NULL;"])),
    ("object-removed", migrating([lambda case: f"DROP FUNCTION cents_{case.layout.name}(numeric);"], HARMLESS)),
    ("sql-unreadable", migrating(
        [lambda case: "ALTER TABEL x;", lambda case: f"DO $$ BEGIN EXECUTE 'DROP TABLE {case.relation}'; END $$;"],
        HARMLESS)),
    ("down-migration-missing", down_missing),
    ("migration-edited", edited),
    ("api-removed", text(
        "app/openapi.yaml", [api(fields=API_FIELDS[:1]), api(paths=())], [api(fields=(*API_FIELDS, "gift"))])),
    ("api-narrowed", text("app/openapi.yaml", [api(kind="string")], [api(kind="number"), api(paths=("/health", "/new"))])),
    ("api-requires", text("app/openapi.yaml", [api(required="id, size")], [api(required="")])),
    ("api-removed", text(
        "app/definition.yaml", [definition(fields=("size",))], [definition(fields=("size", "colour", "gift"))])),
    ("version-removed", text(
        "app/definition.yaml", [definition((("v1", True, True), ("v2", False, False))), definition(V1_V2[:1])],
        [definition((*V1_V2, ("v3", True, False)))])),
    ("storage-version-changed", text(
        "app/definition.yaml", [definition((("v1", True, False), ("v2", True, True)))],
        [definition((*V1_V2, ("v3", False, False)))])),
    ("key-renamed", key_renamed),
    ("mixed-change", mixed),
    ("image-latest", rendered_image),
    ("field-immutable", rendered_selector),
    ("inputs-unresolved", unresolved),
]
