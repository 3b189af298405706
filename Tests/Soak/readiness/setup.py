"""The healthy setup: services, migrations in four layouts, interfaces, a chart, and code that reads what it needs."""
SERVICES = ("web", "api", "cart", "mail")
# Of each table: what is read now, what v1 was the last to read, what v2 was, and what nobody ever read.
TABLES = ("orders", "customers", "parcels")
READ, LEFT, LATE, NEVER = "note", "remark", "memo", "hint"
COLUMNS = (f"id bigint PRIMARY KEY, {READ} varchar(200), {LEFT} varchar(200), {LATE} text, {NEVER} varchar(200), "
           "status text NOT NULL DEFAULT 'new'")


def service(name, image, replicas=2, app=None):
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{ name: {name} }}
spec:
  replicas: {replicas}
  selector:
    matchLabels: {{ app: {app or name} }}
  template:
    metadata:
      labels: {{ app: {app or name} }}
    spec:
      containers:
        - name: {name}
          image: {image}
"""


STORE = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {{ name: store }}
spec:
  replicas: {replicas}
  serviceName: {service}
  selector:
    matchLabels: {{ app: store }}
  volumeClaimTemplates:
    - metadata: {{ name: data }}
      spec: {{ resources: {{ requests: {{ storage: {storage} }} }} }}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{ name: files }}
spec: {{ accessModes: [ReadWriteOnce], storageClassName: {storage_class}, resources: {{ requests: {{ storage: 1Gi }} }} }}
---
apiVersion: v1
kind: ConfigMap
metadata: {{ name: limits }}
immutable: true
data: {{ limit: "{limit}" }}
"""
STORE_NOW = {"replicas": 1, "service": "store", "storage": "1Gi", "storage_class": "fast", "limit": 10}

API = """\
openapi: 3.0.3
info: {{ title: shop, version: "1" }}
paths:
  /orders:
    get: {{ responses: {{ "200": {{ description: all }} }} }}
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [{required}]
              properties:
                id: {{ type: {type} }}
{fields}      responses: {{ "201": {{ description: made }} }}
{paths}"""
API_FIELDS = ("size", "colour")


def api(required="id", kind="integer", fields=API_FIELDS, paths=("/health",)):
    fields = "".join(f"                {name}: {{ type: string }}\n" for name in fields)
    paths = "".join(f"  {path}:\n    get: {{ responses: {{ \"200\": {{ description: ok }} }} }}\n" for path in paths)
    return API.format(required=required, type=kind, fields=fields, paths=paths)


def definition(versions=(("v1", True, True), ("v2", True, False)), fields=("size", "colour")):
    text = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: carts.shop.example }
spec:
  group: shop.example
  scope: Namespaced
  names: { plural: carts, kind: Cart }
  versions:
"""
    properties = ", ".join(f"{name}: {{ type: string }}" for name in fields)
    for name, served, storage in versions:
        text += (f"    - {{ name: {name}, served: {str(served).lower()}, storage: {str(storage).lower()}, schema: "
                 f"{{ openAPIV3Schema: {{ type: object, properties: {{ {properties} }} }} }} }}\n")
    return text


RENDER = """\
#!/bin/sh
sed "s|@tag@|$(cat chart/tag)|; s|@app@|$(cat chart/app)|" chart/service.tmpl >"$1/service.yaml"
"""


class Layout:
    """How a tool wants its migrations: the files of one, by path, and which of them is at fault."""

    def __init__(self, name):
        self.name, self.folder = name, f"app/{name}/migrations"

    def files(self, number, title, up, down="SELECT 1;"):
        folder, stem = self.folder, f"{number:06}_{title}"
        if self.name == "flyway":
            files = {f"{folder}/V{number}__{title}.sql": up, f"{folder}/U{number}__{title}.sql": down}
        elif self.name == "golang":
            files = {f"{folder}/{stem}.up.sql": up, f"{folder}/{stem}.down.sql": down}
        elif self.name == "rails":
            sections = f"-- migrate:up\n{up}" + ("" if down is None else f"\n-- migrate:down\n{down}")
            files = {f"{folder}/{stem}.sql": sections}
        else:
            files = {f"{folder}/{stem}.sql": up, f"{folder}/down/{stem}.sql": down}
        return {path: text + "\n" for path, text in files.items() if text is not None}

    def up(self, number, title):
        return next(iter(self.files(number, title, "")))


LAYOUTS = tuple(Layout(name) for name in ("flyway", "golang", "rails", "plain"))


def code(columns):
    """An application that reads these columns of every table."""
    lines = [f"db.query('SELECT {', '.join(columns)} FROM {table}_{layout.name}')\n"
             for layout in LAYOUTS for table in TABLES]
    return "".join(lines) + "pool = settings['pool_size']\n"


def base_files(images):
    files = {f"app/{name}.yaml": service(name, image) for name, image in images.items()}
    files["app/store.yaml"] = STORE.format(**STORE_NOW)
    files["app/openapi.yaml"] = api()
    files["app/definition.yaml"] = definition()
    files["app/settings.yaml"] = "pool_size: 32\nretries: 3\nregion: north\n"
    files["shared/common.yaml"] = "logLevel: info\n"
    files["other/own.yaml"] = "name: other\n"
    files["chart/render"] = RENDER
    files["chart/tag"] = "1-3f9c2d1\n"
    files["chart/app"] = "shop\n"
    files["chart/service.tmpl"] = service("shop", "registry.example/shop:@tag@", app="@app@")
    for layout in LAYOUTS:
        tables = "".join(f"CREATE TABLE {table}_{layout.name} ({COLUMNS});\n" for table in TABLES)
        legacy = f"CREATE TABLE legacy_{layout.name} (id bigint PRIMARY KEY, {LEFT} text);\n"
        function = (f"CREATE FUNCTION cents_{layout.name}(numeric) RETURNS bigint "
                    "LANGUAGE sql AS 'SELECT ($1 * 100)::bigint';")
        files |= layout.files(1, "start", tables + legacy + function)
    return files
