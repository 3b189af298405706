/// Reads cases, one a line as `format hex-of-source`, and prints for each the tree that Python's own parsers see.
///
/// Scalars are `type:hex-of-text`, lists `[a,b]`, mappings `{hex-of-key=value,...}` with sorted keys; a refused case is
/// `!`. YAML scalars have only their text and, after an @, their byte range, since PyYAML's types are YAML 1.1's.
let oracleScript = #"""
  import datetime
  import json
  import sys
  import tomllib

  import yaml


  def hexed(text):
      return text.encode("utf-8").hex()


  class Number(str):
      pass


  class Integer(Number):
      pass


  class Float(Number):
      pass


  def render(value):
      if value is None:
          return "n:"
      if value is True:
          return "b:" + hexed("true")
      if value is False:
          return "b:" + hexed("false")
      if isinstance(value, Integer):
          return "i:" + hexed(value)
      if isinstance(value, Float):
          return "f:" + hexed(value)
      if isinstance(value, str):
          return "s:" + hexed(value)
      if isinstance(value, int):
          return "i:" + hexed(str(value))
      if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
          return "d:"
      if isinstance(value, list):
          return "[" + ",".join(render(v) for v in value) + "]"
      return "{" + ",".join(sorted(hexed(k) + "=" + render(v) for k, v in value.items())) + "}"


  def unique(pairs):
      result = dict(pairs)
      if len(result) != len(pairs):
          raise ValueError("duplicate key")
      return result


  def refuse(_):
      raise ValueError("constant")


  def read_json(text):
      value = json.loads(
          text, object_pairs_hook=unique, parse_int=Integer, parse_float=Float, parse_constant=refuse)
      return render(value)


  def read_toml(text):
      return render(tomllib.loads(text, parse_float=Float))


  def read_yaml(text):
      def visit(node):
          if isinstance(node, yaml.ScalarNode):
              start = len(text[: node.start_mark.index].encode("utf-8"))
              end = len(text[: node.end_mark.index].encode("utf-8"))
              return "%s@%d-%d" % (hexed(node.value), start, end)
          if isinstance(node, yaml.SequenceNode):
              return "[" + ",".join(visit(v) for v in node.value) + "]"
          return "{" + ",".join(sorted(hexed(k.value) + "=" + visit(v) for k, v in node.value)) + "}"

      return ";".join(visit(node) for node in yaml.compose_all(text, Loader=yaml.SafeLoader))


  READERS = {"json": read_json, "toml": read_toml, "yaml": read_yaml}

  for line in sys.stdin:
      name, source = line.rstrip("\n").split(" ")
      try:
          print(READERS[name](bytes.fromhex(source).decode("utf-8")))
      except Exception:  # Every refusal is an answer.
          print("!")
  """#
