import FoundationEssentials
import MooringModel
import Testing

@Suite("Values read from outside") struct ValueTests {
  @Test(
    "a relative path inside the root is taken as it is",
    arguments: [
      "a", "a/b.txt", "environments/production/app.yaml", ".gitignore", "a/.gitkeep", "...", "a b", "ä/ö", "-x", "a\\b",
      String(repeating: "x", count: 255),
    ])
  func aRelativePathInsideTheRootIs(text: String) throws {
    #expect(try RelativePath(text).string == text)
  }

  @Test(
    "a path that could leave the root is refused, and says why",
    arguments: [
      ("", "it is empty"), ("/etc/passwd", "it is absolute"), ("a//b", "it has an empty component"),
      ("a/", "it has an empty component"), (".", "it has a component \".\""), ("a/../b", "it has a component \"..\""),
      (".git/config", "it names .git"), ("a/.GiT/hooks/x", "it names .git"), ("a\0b", "it contains NUL"),
      (String(repeating: "x", count: 256), "a component is longer than 255 bytes"),
      (String(repeating: "x/", count: 2048) + "x", "it is longer than 4096 bytes"),
    ])
  func aPathThatCouldLeaveTheRoot(text: String, why: String) {
    #expect {
      try RelativePath(text)
    } throws: { error in
      (error as? Fault)?.code == .refusedContent && "\(error)".contains(why)
    }
  }

  @Test("paths sort by bytes and know what is inside of what") func pathsSortByBytesAndKnowWhat() throws {
    let paths = try ["a/b", "a-b", "a", "B", "ä"].map { try RelativePath($0) }
    #expect(paths.sorted().map(\.string) == ["B", "a", "a-b", "a/b", "ä"])
    #expect(paths[0].isInside(paths[2]))
    #expect(paths[2].isInside(paths[2]))
    #expect(!paths[1].isInside(paths[2]))
  }

  @Test(
    "an environment's name can be part of a reference and of a file's name",
    arguments: ["production", "eu-1.blue_2", "A", "0", String(repeating: "n", count: 63)])
  func anEnvironmentsNameCanBePartOf(text: String) throws {
    #expect(try EnvironmentName(text).string == text)
  }

  @Test(
    "a name that Git or a file system would take amiss is wrong usage",
    arguments: [
      "", ".hidden", "-x", "_x", "a/b", "a b", "ä", "a..b", "a.lock", "a.", "a~1", "a\0", "a\n",
      String(repeating: "n", count: 64),
    ])
  func aNameThatGitOrAFile(text: String) {
    #expect {
      try EnvironmentName(text)
    } throws: { ($0 as? Fault)?.code == .usage }
  }

  @Test(
    "a time whose offset leads out of the years that can be written is none",
    arguments: [
      ("0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"),
      ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999-01:00"),
    ])
  func aTimeOutsideTheYears(early: String, late: String) {
    #expect(Timestamp(parsing: early) == nil && Timestamp(parsing: late) == nil)
    for edge in ["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"] {
      #expect(Timestamp(parsing: edge)?.description == edge)
    }
  }

  @Test("an object id is exactly 40 digits or 20 bytes") func anObjectIdIsExactly40Digits() throws {
    let hex = "0123456789abcdef0123456789abcdef01234567"
    let id = try #require(ContentID(hex: hex))
    #expect(id.hex == hex)
    #expect(id.short == "01234567")
    #expect(id.bytes.count == 20)
    #expect(ContentID(bytes: id.bytes) == id)
    #expect(ContentID(hex: hex.uppercased()) == nil)
    #expect(ContentID(hex: hex.dropLast()) == nil)
    #expect(ContentID(hex: hex + "0") == nil)
    #expect(ContentID(hex: hex.dropLast() + "g") == nil)
    #expect(ContentID(bytes: id.bytes.dropLast()) == nil)
    #expect(ContentID(bytes: id.bytes + [0]) == nil)
  }

  @Test("object ids sort as their digits do") func objectIdsSortAsTheirDigitsDo() throws {
    var generator = SeededGenerator(seed: 7)
    let ids = (0..<200).compactMap { _ in
      ContentID(bytes: (0..<20).map { _ in UInt8.random(in: 0...3, using: &generator) })
    }
    #expect(ids.sorted().map(\.hex) == ids.map(\.hex).sorted())
  }

  @Test(
    "a time in RFC 3339 is read to the millisecond",
    arguments: [
      ("2026-01-01T00:00:00.000Z", 1_767_225_600_000), ("2026-01-01T00:00:00Z", 1_767_225_600_000),
      ("2026-01-01T02:30:00.250+02:30", 1_767_225_600_250), ("2025-12-31T19:00:00-05:00", 1_767_225_600_000),
      ("1970-01-01T00:00:00.001Z", 1), ("1969-12-31T23:59:59.999Z", -1), ("2024-02-29T12:00:00Z", 1_709_208_000_000),
    ])
  func aTimeInRFC3339IsRead(text: String, milliseconds: Int64) {
    #expect(Timestamp(parsing: text)?.milliseconds == milliseconds)
  }

  @Test(
    "what is no time in RFC 3339 is not read",
    arguments: ["", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01", "1767225600"])
  func whatIsNoTimeInRFC3339(text: String) {
    #expect(Timestamp(parsing: text) == nil)
  }

  @Test("every millisecond of a second survives being written and read") func everyMillisecondOfASecondSurvivesBeing() {
    for milliseconds in Int64(1_767_225_599_500)..<1_767_225_600_500 {
      let time = Timestamp(milliseconds: milliseconds)
      #expect(Timestamp(parsing: time.description) == time)
    }
  }

  @Test("identifiers of a later moment sort later, and are 26 characters of Crockford's base 32")
  func identifiersOfALaterMomentSortLater() {
    let early = Identifier(at: morning, random: (.max, .max))
    let late = Identifier(at: morning.advanced(by: .milliseconds(1)), random: (0, 0))
    #expect(early < late)
    // The specification's own example of a time.
    let known = Identifier(at: Timestamp(milliseconds: 1_469_918_176_385), random: (0, 0))
    #expect(known.string == "01ARYZ6S41" + String(repeating: "0", count: 16))
    #expect(Identifier(late.string) == late)
    #expect(late.short == "000000")
    #expect(Set((0..<1000).map { _ in Identifier(at: morning) }).count == 1000)
  }

  @Test(
    "what could not have been written as an identifier is not read as one",
    arguments: ["", "a b", "a/b", "a\n", "ä", String(repeating: "x", count: 65)])
  func whatCouldNotHaveBeenWrittenAs(text: String) {
    #expect(Identifier(text) == nil)
  }

  @Test(
    "a release's number is read with or without its v",
    arguments: [
      ("v41", 41), ("41", 41), ("v1", 1), ("v007", 7), ("v0", nil), ("v", nil), ("", nil), ("-1", nil), ("v-1", nil),
      ("+1", nil), ("v 1", nil), ("vv1", nil), ("V1", nil), ("１", nil), ("99999999999999999999", nil),
    ])
  func aReleasesNumberIsReadWithOr(text: String, number: Int?) {
    #expect(ReleaseNumber(parsing: text)?.value == number)
  }

  @Test("a fault says what happened, where, and what to do") func aFaultSaysWhatHappenedWhereAnd() {
    #expect(Fault(.limit, "too long", at: "a.yaml", remedy: "split it").description == "a.yaml: too long; split it")
    #expect(Fault(.limit, "too long").description == "too long")
  }
}
