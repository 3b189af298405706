import Documents
import Testing

/// The fields without fields below them, as history addresses them.
@Suite struct FieldLeafTests {
  private func leaves(_ text: String) throws -> [FieldLeaf] {
    try Document.parse(Array(text.utf8), as: .yaml).first?.root.leaves() ?? []
  }

  @Test func everyLeafHasItsPathAndItsValueAsItIsWritten() throws {
    let found = try leaves(
      "a: { b: 1, \"x.y\": \"8080\" }\nlist: [1, two]\nempty: {}\nnone: []\nnull: ~\nnamed:\n  - { name: n, value: v }\n"
    )
    #expect(
      found.map { "\($0.path)=\($0.value)" } == [
        "a.b=1", "a[\"x.y\"]=\"8080\"", "list[0]=1", "list[1]=two", "empty={}", "none=[]", "null=null",
        "named[name=n].name=n", "named[name=n].value=v",
      ])
    #expect(found.last?.label == "n")
  }

  @Test func elementsWithoutAnIdentityOfTheirOwnStandUnderTheirPlaces() throws {
    let twins = try leaves("e:\n  - { name: a, value: 1 }\n  - { name: a, value: 2 }\n")
    #expect(twins.map(\.path) == ["e[0].name", "e[0].value", "e[1].name", "e[1].value"])
    #expect(twins.last?.label == "a")
    let ports = try leaves("ports:\n  - { containerPort: 53 }\n  - { containerPort: 53, protocol: UDP }\n")
    #expect(ports.first?.path == "ports[containerPort,protocol=53,TCP].containerPort")
  }

  @Test func pathsReadBackAndLeadToTheirValues() throws {
    let text = "a:\n  - { id: \"x y\", v: { \"k[1]\": 2 } }\n"
    let document = try #require(try Document.parse(Array(text.utf8), as: .yaml).first)
    for leaf in document.root.leaves() {
      let path = try FieldPath(parsing: leaf.path)
      #expect(path.description == leaf.path)
      #expect(document[path]?.scalar?.display == leaf.value)
    }
  }
}
