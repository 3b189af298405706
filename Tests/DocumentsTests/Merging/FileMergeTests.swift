import Documents
import Testing

@Suite("Three versions of a file, merged by field") struct FileMergeTests {
  static let resolved = [
    MergeExample(
      "lines that touch", .yaml, base: "a: 2 # one\nb: 1 # two\n", ours: "a: 2 # one\nb: 5 # two\n",
      theirs: "a: 1 # one\nb: 1 # two\n", merged: "a: 1 # one\nb: 5 # two\n"),
    MergeExample(
      "fields of one line", .yaml, base: "r: {cpu: 2, mem: 1} # c\n", ours: "r: {cpu: 2, mem: 4} # c\n",
      theirs: "r: {cpu: 1, mem: 1} # c\n", merged: "r: {cpu: 1, mem: 4} # c\n"),
    MergeExample(
      "a comment beside it was changed since", .yaml, base: "a: 2 # old\n", ours: "a: 2 # new\n",
      theirs: "a: 1 # old\n",
      merged: "a: 1 # new\n"),
    MergeExample(
      "a comment goes back with its field", .yaml, base: "a: 2 # much\nb: 1\n", ours: "a: 2 # much\nb: 3\n",
      theirs: "a: 1 # little\nb: 1\n", merged: "a: 1 # little\nb: 3\n"),
    MergeExample(
      "an entry comes back where another one was added", .yaml, base: "m:\n  a: 1\n", ours: "m:\n  a: 1\n  c: 3\n",
      theirs: "m:\n  a: 1\n  # why\n  b: 2\n", merged: "m:\n  a: 1\n  # why\n  b: 2\n  c: 3\n"),
    MergeExample(
      "an added entry goes, its changed neighbour stays", .yaml, base: "a: 1\nb: 2\n", ours: "a: 5\nb: 2\n",
      theirs: "a: 1\n", merged: "a: 5\n"),
    MergeExample(
      "elements by their name", .yaml,
      base: "containers:\n- name: web\n  image: w:2\n- name: log\n  image: l:1\n",
      ours: "containers:\n- name: log\n  image: l:7\n- name: web\n  image: w:2\n",
      theirs: "containers:\n- name: web\n  image: w:1\n- name: log\n  image: l:1\n",
      merged: "containers:\n- name: log\n  image: l:7\n- name: web\n  image: w:1\n"),
    MergeExample(
      "ports by their numbers", .yaml,
      base: "ports: [{containerPort: 80}, {containerPort: 90}]\n",
      ours: "ports: [{containerPort: 80, name: web}, {containerPort: 90}]\n",
      theirs: "ports: [{containerPort: 80}]\n", merged: "ports: [{containerPort: 80, name: web}]\n"),
    MergeExample(
      "names of a list", .yaml, base: "hosts: [a, b]\n", ours: "hosts: [a, b, d]\n", theirs: "hosts: [a, b, c]\n",
      merged: "hosts: [a, b, c, d]\n"),
    MergeExample(
      "a name that both sides added, each at its place", .yaml, base: "hosts:\n- a\n- b\n",
      ours: "hosts:\n- c\n- a\n- b\n",
      theirs: "hosts:\n- a\n- c\n- b\n", merged: "hosts:\n- c\n- a\n- b\n"),
    MergeExample(
      "arguments that stand apart", .yaml, base: "args: [--port, 81, --v, 1]\n", ours: "args: [--port, 81, --v, 2]\n",
      theirs: "args: [--port, 80, --v, 1]\n", merged: "args: [--port, 80, --v, 2]\n"),
    MergeExample(
      "a file within a field", .yaml, base: "f: |\n  one\n  two\n  three\nb: 1\n",
      ours: "f: |\n  one\n  two\n  3\nb: 2\n",
      theirs: "f: |\n  1\n  two\n  three\nb: 1\n", merged: "f: |\n  1\n  two\n  3\nb: 2\n"),
    MergeExample(
      "documents by their names", .yaml,
      base: "kind: A\nmetadata: {name: x}\nv: 2\n---\nkind: B\nmetadata: {name: y}\nv: 1\n",
      ours: "kind: B\nmetadata: {name: y}\nv: 7\n---\nkind: A\nmetadata: {name: x}\nv: 2\nw: 1\n",
      theirs: "kind: A\nmetadata: {name: x}\nv: 1\n---\nkind: B\nmetadata: {name: y}\nv: 1\n",
      merged: "kind: B\nmetadata: {name: y}\nv: 7\n---\nkind: A\nmetadata: {name: x}\nv: 1\nw: 1\n"),
    MergeExample(
      "a document comes back", .yaml, base: "kind: A\nmetadata: {name: x}\nv: 1\n",
      ours: "kind: A\nmetadata: {name: x}\nv: 2\n",
      theirs: "kind: A\nmetadata: {name: x}\nv: 1\n---\n# back\nkind: B\nmetadata: {name: y}\n",
      merged: "kind: A\nmetadata: {name: x}\nv: 2\n---\n# back\nkind: B\nmetadata: {name: y}\n"),
    MergeExample(
      "a document that was added goes", .yaml,
      base: "kind: B\nmetadata: {name: y}\n---\nkind: A\nmetadata: {name: x}\nv: 1\n",
      ours: "kind: B\nmetadata: {name: y}\n---\nkind: A\nmetadata: {name: x}\nv: 2\n",
      theirs: "kind: A\nmetadata: {name: x}\nv: 1\n", merged: "kind: A\nmetadata: {name: x}\nv: 2\n"),
    MergeExample(
      "JSON in one line", .json, base: "{\"a\": 2, \"b\": 1}\n", ours: "{\"a\": 2, \"b\": 5}\n",
      theirs: "{\"a\": 1, \"b\": 1}\n", merged: "{\"a\": 1, \"b\": 5}\n"),
    MergeExample(
      "the last member of an object", .json, base: "{\n  \"a\": 1\n}\n", ours: "{\n  \"a\": 1,\n  \"c\": 3\n}\n",
      theirs: "{\n  \"a\": 1,\n  \"b\": 2\n}\n", merged: "{\n  \"a\": 1,\n  \"c\": 3,\n  \"b\": 2\n}\n"),
    MergeExample(
      "TOML", .toml, base: "[s]\na = 2 # c\nb = 1\n", ours: "[s]\na = 2 # c\nb = 9\n",
      theirs: "[s]\na = 1 # c\nb = 1\n",
      merged: "[s]\na = 1 # c\nb = 9\n"),
    MergeExample(
      "env", .env, base: "A=2\nB=1 # c\n", ours: "A=2\nB=9 # c\n", theirs: "A=1\nB=1 # c\n", merged: "A=1\nB=9 # c\n"),
    MergeExample(
      "properties", .properties, base: "a=2\nb=1\n", ours: "a=2\nb=9\n", theirs: "a=1\nb=1\n", merged: "a=1\nb=9\n"),
    MergeExample(
      "INI", .ini, base: "[s]\na = 2\nb = 1\n", ours: "[s]\na = 2\nb = 9\n", theirs: "[s]\na = 1\nb = 1\n",
      merged: "[s]\na = 1\nb = 9\n"),
  ]

  @Test("independent fields are merged, and everything else stays as it is", arguments: resolved)
  func resolves(example: MergeExample) { example.check() }

  static let undecided = [
    MergeExample(
      "the same field", .yaml, base: "a: 2\nb: 1\n", ours: "a: 3\nb: 1\n", theirs: "a: 1\nb: 1\n", conflicts: "a"),
    MergeExample("removed, and changed", .env, base: "A=2\n", ours: "A=3\n", theirs: "B=1\n", conflicts: "A"),
    MergeExample(
      "a mapping removed, and changed within", .yaml, base: "m: {a: 1}\nx: 1\n", ours: "m: {a: 1, b: 2}\nx: 1\n",
      theirs: "x: 1\n", conflicts: "m"),
    MergeExample(
      "a mapping made on both sides", .yaml, base: "x: 1\n", ours: "x: 1\nprobe: {exec: a}\n",
      theirs: "x: 1\nprobe: {http: b}\n", conflicts: "probe"),
    MergeExample(
      "an argument", .yaml, base: "args: [--port, 81]\n", ours: "args: [--port, 82]\n", theirs: "args: [--port, 80]\n",
      conflicts: "args[1]"),
    MergeExample(
      "an element of its name", .yaml, base: "env: [{name: A, value: 2}]\n", ours: "env: [{name: A, value: 3}]\n",
      theirs: "env: [{name: A, value: 1}]\n", conflicts: "env[name=A].value"),
    MergeExample(
      "a list that was changed as a whole", .yaml, base: "l: [a, b]\n", ours: "l: [c]\n", theirs: "l: [a, d, e]\n",
      conflicts: "l"),
    MergeExample(
      "two orders", .yaml, base: "l: [{name: a}, {name: b}, {name: c}]\n",
      ours: "l: [{name: b}, {name: a}, {name: c}]\n",
      theirs: "l: [{name: a}, {name: c}, {name: b}]\n", conflicts: "l"),
    MergeExample(
      "a type", .yaml, base: "port: 80\n", ours: "port: \"80\"\n", theirs: "port: 81\n", conflicts: "port"),
  ]

  @Test("what both sides changed is a conflict, named by its field", arguments: undecided)
  func conflicts(example: MergeExample) { example.check() }

  @Test("a decision takes one side's value, and nothing else changes") func decisions() {
    let merge = MergeExample(
      "", .yaml, base: "a: 2 # c\nb: 2\nc: 2\n", ours: "a: 3 # c\nb: 3\nc: 2\n", theirs: "a: 1 # c\nb: 1\nc: 1\n",
      conflicts: "a", "b"
    ).merge
    let outcome = merge.outcome { $0.path.description == "a" ? .theirs : .ours }
    #expect(outcome == .merged(Array("a: 1 # c\nb: 3\nc: 1\n".utf8)))
  }

  @Test("a merge of lines that met no conflict is looked at all the same") func textsThatLie() {
    let example = MergeExample(
      "", .yaml, base: "a:\n  x: 1\n  y: 1\nb:\n  x: 1\n  y: 1\n", ours: "b:\n  x: 1\n  y: 1\n",
      theirs: "a:\n  x: 1\n  y: 1\nb:\n  x: 1\n  y: 2\n", merged: "")
    let lie = Array("b:\n  x: 2\n  y: 1\n".utf8)
    #expect(example.merge.outcome(text: lie) == .merged(Array("b:\n  x: 1\n  y: 2\n".utf8)))
    let doubled = Array("b:\n  x: 1\n  y: 1\n  y: 2\n".utf8)
    #expect(example.merge.outcome(text: doubled) == .merged(Array("b:\n  x: 1\n  y: 2\n".utf8)))
    let sound = Array("# kept\nb:\n  x: 1\n  y: 2\n".utf8)
    #expect(example.merge.outcome(text: sound) == .merged(sound), "what has the right fields is taken as it is")
  }

  @Test("a file that can't be read by field is left to its lines, unless they break what could be read")
  func unreadable() {
    let template = FileMerge(
      base: Array("a: {{ b }}\nc: 1\n".utf8), ours: Array("a: {{ b }}\nc: 2\n".utf8),
      theirs: Array("a: {{ d }}\nc: 1\n".utf8), format: .yaml)
    let text = Array("a: {{ d }}\nc: 2\n".utf8)
    #expect(template.outcome(text: text) == .merged(text))
    guard case .impossible(let reason) = template.outcome() else {
      Issue.record("nothing can be merged without fields or lines")
      return
    }
    #expect(reason.contains("can't be read as yaml"))
    let broken = FileMerge(
      base: Array("a: [".utf8), ours: Array("a: 1\nb: 2\n".utf8), theirs: Array("a: 1\n".utf8), format: .yaml)
    guard case .impossible = broken.outcome(text: Array("a: 1\na: 2\n".utf8)) else {
      Issue.record("a key twice must not come out")
      return
    }
  }

  @Test("only the object and the field that are asked for go back") func selections() {
    func outcome(_ document: String?, _ field: FieldPath) -> String? {
      let object = { (name: String, a: Int, b: Int) in "kind: D\nmetadata: {name: \(name)}\nspec: {a: \(a), b: \(b)}\n"
      }
      let merge = FileMerge(
        base: Array((object("x", 2, 2) + "---\n" + object("y", 2, 2)).utf8),
        ours: Array((object("x", 2, 2) + "---\n" + object("y", 2, 2)).utf8),
        theirs: Array((object("x", 1, 1) + "---\n" + object("y", 1, 1)).utf8), format: .yaml,
        selection: MergeSelection(document: document, field: field))
      guard case .merged(let bytes) = merge.outcome() else { return nil }
      return String(decoding: bytes, as: UTF8.self).replacing("kind: D\nmetadata: ", with: "").replacing(
        "\n", with: " ")
    }
    let a = FieldPath(keys: "spec", "a")
    #expect(outcome("D/x", .root) == "{name: x} spec: {a: 1, b: 1} --- {name: y} spec: {a: 2, b: 2} ")
    #expect(outcome("D/y", a) == "{name: x} spec: {a: 2, b: 2} --- {name: y} spec: {a: 1, b: 2} ")
    #expect(outcome(nil, a) == "{name: x} spec: {a: 1, b: 2} --- {name: y} spec: {a: 1, b: 2} ")
    #expect(outcome("E/x", a) == "{name: x} spec: {a: 2, b: 2} --- {name: y} spec: {a: 2, b: 2} ")
  }

  @Test("a field that went with its parent comes back with it") func selectedBelowWhatIsGone() {
    let merge = FileMerge(
      base: Array("x: 1\n".utf8), ours: Array("x: 2\n".utf8), theirs: Array("x: 1\nm:\n  a: 1\n  b: 2\n".utf8),
      format: .yaml, selection: MergeSelection(field: FieldPath(keys: "m", "a")))
    #expect(merge.outcome() == .merged(Array("x: 2\nm:\n  a: 1\n".utf8)))
  }
}
