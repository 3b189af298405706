/// Reads edits, one a line as `format verb path before after value`, and prints for each whether Python's own parsers
/// see exactly that edit between the two files: `same`, or what they see.
///
/// Files, path (a JSON list of keys and positions) and value (JSON) are in hexadecimal. Env files have no parser in
/// Python's library; the one here knows the quotes as Docker Compose does.
let editOracleScript = #"""
  import configparser
  import json
  import re
  import sys
  import tomllib

  import yaml


  def read_ini(text):
      parser = configparser.ConfigParser(
          interpolation=None, allow_no_value=True, default_section="\0", empty_lines_in_values=False)
      parser.optionxform = str
      parser.read_string(text)
      return {name: dict(parser[name]) for name in parser.sections()}


  ENV = re.compile(
      r"""^(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=[ \t]*('[^']*'|"(?:\\.|[^"\\])*"|(?!#)[^\n]*?))?(?:[ \t]+#[^\n]*|[ \t\r]*)$""",
      re.M | re.S)
  ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$"}


  def read_env(text):
      result, place = {}, 0
      while place < len(text):
          rest = re.compile(r"[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)").match(text, place)
          if rest and rest.end() > place:
              place = rest.end()
              continue
          match = ENV.match(text, place)
          value = match.group(2)
          if value and value[0] == "'":
              value = value[1:-1]
          elif value and value[0] == '"':
              value = re.sub(r"\\(.)", lambda m: ESCAPES.get(m.group(1), m.group(0)), value[1:-1], flags=re.S)
          result[match.group(1)] = value
          place = match.end() + 1
      return result


  READERS = {
      "json": json.loads,
      "toml": tomllib.loads,
      "yaml": lambda text: list(yaml.safe_load_all(text)),
      "ini": read_ini,
      "env": read_env,
  }


  def strict(value):
      if isinstance(value, dict):
          return {key: strict(inner) for key, inner in value.items()}
      if isinstance(value, list):
          return [strict(inner) for inner in value]
      return (type(value).__name__, str(value))


  def apply(tree, verb, path, value):
      for part in path[:-1]:
          tree = tree[part]
      if verb == "remove":
          del tree[path[-1]]
      elif verb == "add" and isinstance(tree, list):
          tree.insert(path[-1], value)
      else:
          assert (path[-1] in tree if isinstance(tree, dict) else path[-1] < len(tree)) == (verb == "set")
          tree[path[-1]] = value


  def text(hexed):
      return bytes.fromhex(hexed).decode("utf-8")


  for line in sys.stdin:
      format, verb, path, before, after, value = line.rstrip("\n").split(" ")
      try:
          path = json.loads(text(path))
          old = READERS[format](text(before))
          apply(old, verb, ([0] if format == "yaml" else []) + path, json.loads(text(value)))
          new = READERS[format](text(after))
          print("same" if strict(old) == strict(new) else repr(new)[:2000].encode("ascii", "replace").decode())
      except Exception as error:
          print(repr(error)[:500].replace("\n", " "))
  """#
