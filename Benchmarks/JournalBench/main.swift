// Prints how long it takes until a thousand environments have appended three events each, all at once, and durably.
//
// usage: JournalBench FOLDER [ENVIRONMENTS [EVENTS]]
//        JournalBench story FOLDER EVENTS
//
// The journals stay in FOLDER/repositories/bench.git, for others to look at. With `story` it makes one environment's journal
// as production writes it, packed, in a state directory that the program can open.

import Foundation

let arguments = CommandLine.arguments.dropFirst()
guard let folder = arguments.first else {
  FileHandle.standardError.write(Data("usage: JournalBench FOLDER [ENVIRONMENTS [EVENTS]]\n".utf8))
  exit(64)
}
if folder == "story", arguments.count == 3, let events = Int(CommandLine.arguments[3]) {
  let bench = AuditBench(folder: CommandLine.arguments[2], events: events)
  try await bench.run()
  print("\(try bench.pack()) objects packed")
  exit(0)
}
let numbers = arguments.dropFirst().compactMap { Int($0) }
let bench = JournalBench(
  folder: folder, environments: numbers.first ?? 1_000, events: numbers.dropFirst().first ?? 3)
let milliseconds = try await bench.run()
print("\(milliseconds) ms")
let found = try await bench.count()
guard found == bench.environments * bench.events else {
  FileHandle.standardError.write(Data("\(found) events are there of \(bench.environments * bench.events)\n".utf8))
  exit(1)
}
print("\(found) events")
