// swift-tools-version: 6.2

import PackageDescription

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
  name: "mooring",
  products: [.executable(name: "mooring", targets: ["mooring"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .systemLibrary(name: "CLibgit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
    .systemLibrary(name: "CLibyaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CPgQuery", providers: [.apt(["libpg-query-dev"])]),

    .target(name: "CLinux"),
    .target(name: "BlockingWork"),

    .target(name: "Git", dependencies: ["CLibgit2", "CLinux"]),
    .target(
      name: "GitRemotes",
      dependencies: [
        "Git", "Processes", "BlockingWork", asyncHTTPClient, crypto, nioCore, nioPosix, nioHTTP1, nioSSL,
      ]),
    .target(name: "Documents", dependencies: ["CLibyaml"]),
    .target(name: "Processes", dependencies: ["CLinux", subprocess, systemPackage]),
    .target(
      name: "Kubernetes",
      dependencies: ["Documents", "Processes", asyncHTTPClient, nioCore, nioPosix, nioHTTP1, nioSSL]),
    .target(name: "Migrations", dependencies: ["CPgQuery", "Documents"]),
    .target(name: "MooringModel", dependencies: ["Documents"]),
    .target(
      name: "Registries",
      dependencies: ["Documents", "GitRemotes", asyncHTTPClient, crypto, nioCore, nioHTTP1, nioSSL]),
    .target(name: "Readiness", dependencies: ["Documents", "Migrations", "MooringModel"]),
    .target(name: "MooringJournal", dependencies: ["MooringModel", "Git", "BlockingWork", "CLinux", grdb]),
    .target(
      name: "Mooring",
      dependencies: [
        "MooringModel", "MooringJournal", "Git", "GitRemotes", "Documents", "Processes", "BlockingWork", "CLinux",
        "Migrations", "Readiness", "Registries", asyncHTTPClient, crypto, nioCore, nioPosix, nioHTTP1, nioSSL, logging,
      ]),
    .target(name: "HostTarget", dependencies: ["MooringModel", "Processes", "BlockingWork", "CLinux"]),
    .target(
      name: "KubernetesTarget", dependencies: ["Kubernetes", "MooringModel", "Documents", "BlockingWork"]),
    .target(
      name: "MooringServer",
      dependencies: [
        "Mooring", "MooringModel", hummingbird, hummingbirdCore, hummingbirdTLS, httpTypes, crypto, logging, nioCore,
        nioSSL,
      ]),
    .target(
      name: "MooringCommands",
      dependencies: [
        "Mooring", "MooringModel", "MooringJournal", "Git", "GitRemotes", "Documents", "CLinux", "Readiness",
        "Registries", argumentParser, logging,
      ]),
    .executableTarget(
      name: "mooring",
      dependencies: ["MooringCommands", "MooringServer", "HostTarget", "KubernetesTarget", "Mooring", "MooringModel"],
      // Nobody loads the program as a library: 57,000 names for it made each start 0.9 ms longer.
      linkerSettings: [.unsafeFlags(["-Xlinker", "--no-export-dynamic"])]),

    .executableTarget(
      name: "DocumentsBench", dependencies: ["Documents", "CLibyaml"], path: "Benchmarks/DocumentsBench"),
    .executableTarget(
      name: "KubernetesBench", dependencies: ["Kubernetes", "Documents"], path: "Benchmarks/KubernetesBench"),
    .executableTarget(
      name: "JournalBench", dependencies: ["MooringJournal", "MooringModel", "Git"], path: "Benchmarks/JournalBench"),

    .executableTarget(
      name: "MooringFuzz",
      dependencies: ["Documents", "Kubernetes", "Git", "GitRemotes", "MooringModel", "MooringJournal", "Mooring"],
      path: "Tests/Fuzz"),

    .target(
      name: "MooringTestSupport",
      dependencies: ["Git", "MooringModel", "Processes", crypto],
      path: "Tests/MooringTestSupport"),
    .testTarget(name: "GitTests", dependencies: ["Git", "MooringTestSupport"]),
    .testTarget(name: "GitRemotesTests", dependencies: ["GitRemotes", "Git", "Processes", "MooringTestSupport"]),
    .target(name: "DocumentsTestSupport", dependencies: ["Documents"], path: "Tests/DocumentsTestSupport"),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents", "DocumentsTestSupport"]),
    .testTarget(name: "ProcessesTests", dependencies: ["Processes"]),
    .testTarget(
      name: "KubernetesTests",
      dependencies: [
        "Kubernetes", "Documents", "Processes", "MooringTestSupport", nioCore, nioPosix, nioHTTP1, nioSSL,
      ]),
    .testTarget(
      name: "MigrationsTests", dependencies: ["Migrations", "Processes"], exclude: ["Labelled"]),
    .testTarget(name: "RegistriesTests", dependencies: ["Registries", "Processes", "MooringTestSupport"]),
    .testTarget(
      name: "ReadinessTests", dependencies: ["Readiness", "Migrations", "MooringModel", "Documents"]),
    .testTarget(name: "MooringModelTests", dependencies: ["MooringModel"]),
    .testTarget(
      name: "MooringJournalTests", dependencies: ["MooringJournal", "MooringModel", "Git", "MooringTestSupport", grdb]),
    .testTarget(
      name: "MooringTests",
      dependencies: [
        "Mooring", "MooringModel", "MooringJournal", "Git", "GitRemotes", "Documents", "Processes", "HostTarget",
        "Readiness", "Registries", "DocumentsTestSupport", "MooringTestSupport", grdb,
      ]),
    .testTarget(
      name: "HostTargetTests",
      dependencies: ["HostTarget", "MooringModel", "Processes", "CLinux", "MooringTestSupport"]),
    .testTarget(
      name: "MooringServerTests",
      dependencies: ["MooringServer", "Mooring", "MooringModel", "Processes", "MooringTestSupport", logging, nioCore]),
    .testTarget(
      name: "KubernetesTargetTests",
      dependencies: [
        "KubernetesTarget", "Kubernetes", "MooringModel", "Documents", "Processes", "MooringTestSupport",
      ]),
    .testTarget(name: "EndToEndTests", dependencies: ["mooring", "Processes", "MooringTestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)

let strict = Context.environment["MOORING_STRICT"] == "1"

for target in package.targets where target.type != .system {
  var settings = target.swiftSettings ?? []
  settings.append(.enableUpcomingFeature("ExistentialAny"))
  settings.append(.enableUpcomingFeature("MemberImportVisibility"))
  settings.append(.enableUpcomingFeature("InternalImportsByDefault"))
  if strict { settings.append(.treatAllWarnings(as: .error)) }
  target.swiftSettings = settings
}
