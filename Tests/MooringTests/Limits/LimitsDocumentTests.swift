import Documents
import FoundationEssentials
import Git
import HostTarget
import MooringModel
import Testing

@testable import Mooring
@testable import MooringJournal
@testable import Processes

/// `docs/limits.md` says what the code does.
@Suite("The list of limits") struct LimitsDocumentTests {
  private static let mebibyte = 1 << 20

  private static let limits: [(name: String, value: String)] = {
    let documents = Documents.Limits.standard
    let contents = ContentLimits()
    let confinement = Confinement(inputs: "/")
    return [
      ("a document's size", "\(documents.bytes / mebibyte) MiB"),
      ("a document's depth", "\(documents.depth) levels"),
      ("a document's nodes", "\(documents.nodes) nodes"),
      ("expansion of aliases", "\(documents.aliasExpansion) nodes"),
      ("documents in a stream", "\(documents.documents) documents"),
      ("a file that is merged by field", "\(FileRevert.largestRead / mebibyte) MiB"),
      ("commits undone at once", "\(RevertMaker.mostSpans)"),
      ("the configuration", "\(ConfigurationFile.maximumBytes / mebibyte) MiB"),
      ("a release's files", "\(contents.files) files"),
      ("a release's bytes", "\(contents.totalBytes / mebibyte) MiB"),
      ("a release's file", "\(contents.fileBytes / mebibyte) MiB"),
      ("a release's depth", "\(contents.depth) folders"),
      ("a rendering's memory", "`memory`, \(RenderingRun.memory / mebibyte) MiB"),
      ("a rendering's time", "`timeout`, \(RenderingRun.timeLimit.components.seconds) s"),
      ("a rendering's processes", "\(confinement.processes) processes"),
      ("what a rendering prints", "\(confinement.output / mebibyte) MiB"),
      ("what a rendering writes", "\(confinement.storage / mebibyte) MiB"),
      ("a rendering's files", "\(confinement.files) files"),
      ("objects of a rendering", "\(RenderedObjects.mostObjects) objects"),
      ("kustomizations that one leads to", "\(KustomizationCheck.mostFolders) folders"),
      ("what a renderer says when it fails", "\(RenderingComplaint.longest) characters"),
      ("renderings of an adoption", "\(RenderedAdoption.mostRenderings)"),
      ("a Git object", "\(Repository.largestObject / mebibyte) MiB"),
      ("a tree's entries", "\(Repository.mostEntries) entries"),
      ("the mailmap", "\(Mailmap.mostBytes / mebibyte) MiB"),
      ("an event", "\(JournalCommit.maximumEventBytes / mebibyte) MiB"),
      ("files that are compared with a quarantine", "\(QuarantineComparison.mostFiles) files"),
      ("events in a commit", "\(JournalCommit.mostEvents) events"),
      ("a record of the log", "\(LogRecord.maximumBytes / mebibyte) MiB"),
      ("a code host's answer", "\(CodeHostClient.answerBytes / mebibyte) MiB"),
      ("an HTTP gate's answer", "\(NetworkProbe.bodyBytes / mebibyte) MiB"),
      ("a program's output", "\(Program([], timeLimit: .zero).outputLimit) bytes"),
      ("a line of a transfer", "\(LineSplitter.lineLimit / mebibyte) MiB"),
      ("an answer of Prometheus", "\(PrometheusClient.answerBytes / mebibyte) MiB"),
      ("values of a signal", "\(VerdictPolicy.mostValues) values"),
      ("signals of an environment", "\(SignalReader.mostSignals) signals"),
      ("attempts of a gate that are remembered", "\(GateSamples.most) attempts"),
      ("what else changed, in a verdict", "\(VerdictGiven.mostChanges) changes"),
      ("environments at work", "\(Watcher.atOnce) at a time"),
      ("releases on a host", "\(HostTargetOptions(root: "/").keep) releases"),
    ]
  }()

  @Test("has each limit with the value that the code has", arguments: limits)
  func row(name: String, value: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let path = folder.appending(path: "../../../docs/limits.md").path
    let bytes = try #require(FileManager.default.contents(atPath: path))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("| \(name) | \(value) |"))
  }
}
