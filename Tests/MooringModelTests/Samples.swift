import MooringModel

/// An object id made of one repeated byte.
func content(_ byte: Int) -> ContentID {
  guard let id = ContentID(bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: byte), count: 20)) else {
    preconditionFailure("20 bytes are an object id")
  }
  return id
}

func identifier(_ text: String) -> Identifier {
  guard let identifier = Identifier(text) else { preconditionFailure("\(text) is no identifier") }
  return identifier
}

let morning = Timestamp(milliseconds: 1_767_225_600_000)  // 2026-01-01T00:00:00.000Z
let definition = Definition(renderer: "plain", version: 1, paths: ["environments/production"])
let ann = Initiator(kind: .person, name: "ann", door: .command)
let bo = Initiator(kind: .person, name: "bo", door: .command)

/// The revision of `vN` is `0N` repeated, its digest `1N` (in hexadecimal, N below 16).
func revision(_ number: Int) -> Revision { content(number) }
func digest(_ number: Int) -> ReleaseDigest { content(0x10 + number) }

/// `vN` as a deployment names it.
func v(_ number: Int) -> ReleaseReference {
  ReleaseReference(number: ReleaseNumber(number), revision: revision(number), digest: digest(number))
}

/// What production runs while the revert to `vN` is owed: commit `CN`.
func pending(_ number: Int) -> ReleaseReference {
  ReleaseReference(
    number: nil, revision: content(0xC0 + number), digest: digest(number), restores: ReleaseNumber(number))
}

/// `vN` as the journal has it; with the digest of another release where one is named.
func release(_ number: Int, digestOf other: Int? = nil, revision: Revision? = nil) -> Release {
  Release(
    number: ReleaseNumber(number), revision: revision ?? content(number), inputs: [content(0x40 + number)],
    definition: definition, digest: digest(other ?? number), summary: "change \(number)", author: "Bo Berg",
    committed: morning)
}

func deploymentPlan(from old: ReleaseDigest?, to new: ReleaseDigest) -> Plan {
  plan(Observation(deployed: old), to: new, changes: [], keeping: [])
}
