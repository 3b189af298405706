import Git
import MooringTestSupport
import Testing

@Suite struct MailmapTests {
  static let text = """
    # people
    Ada Lovelace <ada@example.com>
    Ada Lovelace <ada@example.com> <countess@example.org>
    <grace@example.com> <hopper@navy.example>
    Grace Hopper <grace@example.com> Amazing <shared@example.com>
      Root   <root@example.com>   Somebody   <SHARED@example.com>
    Late <late@example.com> <ada2@example.com>
    <later@example.com> <ada2@example.com>
    nonsense
    Empty <>
    Named <named@example.com> <>
    """

  @Test("names and addresses are resolved as git check-mailmap does")
  func resolve() throws {
    let fixture = try GitFixture()
    let commit = try fixture.commit(files: [".mailmap": Self.text])
    let mailmap = try fixture.open().mailmap(at: commit)
    let people = [
      ("ada", "ada@example.com"), ("x", "ADA@EXAMPLE.COM"), ("C", "countess@example.org"),
      ("G", "hopper@navy.example"), ("amazing", "shared@example.com"), ("Somebody", "Shared@Example.com"),
      ("Other", "shared@example.com"), ("z", "ada2@example.com"), ("n", "nobody@example.com"), ("e", ""),
    ]
    for (name, email) in people {
      let given = Signature(name: name, email: email, seconds: 42, offsetMinutes: 60)
      let resolved = mailmap.resolve(given)
      #expect(try "\(resolved.name) <\(resolved.email)>" == fixture.git("check-mailmap", "\(name) <\(email)>"))
      #expect(resolved.seconds == 42 && resolved.offsetMinutes == 60)
    }
  }

  @Test("without a mailmap people are who they say they are")
  func none() throws {
    let fixture = try GitFixture()
    let commit = try fixture.commit(files: ["a": "1"])
    let ada = Signature(name: "ada", email: "ada@example.com", seconds: 1)
    #expect(try fixture.open().mailmap(at: commit).resolve(ada) == ada)
    #expect(try fixture.open().mailmap(at: nil).resolve(ada) == ada)
  }
}
