import FoundationEssentials
import Glibc
import MooringModel
import MooringTestSupport
import Processes
import Testing

@testable import HostTarget

extension WatchingTests {
  @Suite("Who changed a host", .serialized, .enabled(if: geteuid() == 0, "fanotify needs CAP_SYS_ADMIN"))
  struct WatchAuthorTests {
    /// A release whose files anybody may change, in a folder that anybody may enter.
    private func host() async throws -> (Host, folder: String) {
      let (host, contents) = (try Host(), try WatchTests.contents())
      try await host.deploy(contents)
      let folder = host.folder[host.release(contents)]
      shell("chmod 755 .", in: host.folder.path)
      shell("chmod -R a+rwX .", in: folder)
      return (host, folder)
    }

    /// What is told of the act of a program that stays until it is told to go, so that it is there to be looked at.
    private func change(
      _ command: (_ folder: String) -> String, of object: String = "app.conf", _ settings: WatchSettings = .strangers()
    ) async throws -> (change: LiveChange, folder: String) {
      let (host, folder) = try await host()
      let observer = WatchObserver(await host.layout.watch(LookRules(), settings))
      try #require(observer.means == .processes)
      let fifo = host.folder["go"]
      mkfifo(fifo, 0o666)
      chmod(fifo, 0o666)
      setenv("GO", fifo, 1)
      shell("{ \(command(folder)) } &", in: folder)
      let change = try await observer.wait(for: "current/\(object)")
      let go = open(fifo, O_WRONLY)
      close(go)
      return (change, folder)
    }

    /// Changes a file and waits, in one process, named `perl`: of the system, so that every user may run it.
    private func writer(_ arguments: String) -> String {
      "/usr/bin/perl -e 'open(F, \">>\", \"app.conf\"); print F \"x\"; close(F); open(G, \"<\", $ENV{GO})' -- "
        + arguments + ";"
    }

    @Test(
      "the user, the program and its process are the kernel's word")
    func user() async throws {
      let (change, _) = try await change { _ in "setpriv --reuid=65534 --clear-groups \(writer(""))" }
      let by = try #require(change.by)
      #expect(by.certainty == .certain && by.user == "nobody" && by.login == nil && !by.elevated)
      #expect(by.program == "perl" && by.executable == "/usr/bin/perl")
      #expect(by.process ?? 0 > 1 && by.at == change.at && !change.isOurs)
    }

    @Test(
      "the login user stays through a change of user")
    func login() async throws {
      let (change, _) = try await change { _ in
        "echo 1 > /proc/self/loginuid && exec setpriv --reuid=65534 --clear-groups \(writer(""))"
      }
      let by = try #require(change.by)
      #expect(by.login == "daemon" && by.user == "nobody" && by.certainty == .certain)
    }

    @Test("of arguments only paths below the root are told")
    func arguments() async throws {
      let (change, folder) = try await change { folder in
        writer(
          "--password=x secret s/a/b/ deep/../deep/other \(folder)/deep/er /etc/passwd ../../../outside app.conf -- x=y"
        )
      }
      #expect(change.by?.arguments == ["\(folder)/deep/other", "\(folder)/deep/er", "\(folder)/app.conf"])
    }

    @Test("of one process that changes two roots, each root is told its own paths")
    func twoRoots() async throws {
      let ((one, first), (two, second)) = (try await host(), try await host())
      let observers = [
        WatchObserver(await one.layout.watch(LookRules(), .strangers())),
        WatchObserver(await two.layout.watch(LookRules(), .strangers())),
      ]
      let paths = [first, second].map { $0 + "/app.conf" }
      let fifo = one.folder["go"]
      mkfifo(fifo, 0o666)
      shell("{ echo x; read go < \(fifo); } | tee -a \(paths[0]) \(paths[1]) >/dev/null &", in: first)
      for (observer, path) in zip(observers, paths) {
        let by = try #require(try await observer.wait(for: "current/app.conf").by)
        #expect(by.program == "tee" && by.arguments == [path])
      }
      close(open(fifo, O_WRONLY))
    }

    @Test("a script has its own name")
    func script() async throws {
      let (change, _) = try await change { _ in
        "printf 'echo x >> app.conf; read go < $GO' > ../../deploy.sh; exec bash ../../deploy.sh;"
      }
      #expect(change.by?.program == "deploy.sh")
      #expect(change.by?.executable?.hasSuffix("/bash") == true)
    }

    @Test("what runs below su is elevated")
    func elevated() async throws {
      let (change, _) = try await change { _ in
        "runuser -u daemon -- sh -c 'echo x >> app.conf; read go < $GO';"
      }
      #expect(change.by?.elevated == true && change.by?.user == "daemon")
    }

    /// What is told of the act of a program that is run as a deployment runs its programs, and that stays.
    private func changeOfOurs(_ script: String) async throws -> LiveChange {
      let (host, folder) = try await host()
      let observer = WatchObserver(await host.layout.watch(LookRules(), WatchSettings()))
      let program = Program(["sh", "-c", script], directory: folder, timeLimit: WatchObserver.patience)
      // Cancelled, and so ended, when this returns.
      async let _ = run(program)
      return try await observer.wait(for: "current/app.conf")
    }

    @Test("what Mooring started is ours")
    func ours() async throws {
      #expect(try await changeOfOurs("echo x >> app.conf; sleep 60").isOurs)
      #expect(try await changeOfOurs("sh -c 'echo x >> app.conf; sleep 60'; true").isOurs)
    }

    @Test("what Mooring started is ours where its parent has ended, too")
    func oursOrphaned() async throws {
      // The inner shell begins one and ends; that one waits until it is init's.
      let orphan = "while [ $(cut -d \" \" -f 4 /proc/$$/stat) = $PARENT ]; do :; done; echo x >> app.conf; sleep 60"
      #expect(try await changeOfOurs("sh -c 'PARENT=$$ sh -c \"$0\" &' '\(orphan)'; sleep 60").isOurs)
    }

    @Test("what this process does is ours, and told")
    func own() async throws {
      let (host, folder) = try await host()
      let observer = WatchObserver(await host.layout.watch(LookRules(), WatchSettings()))
      close(open("\(folder)/mine", O_CREAT | O_WRONLY, 0o644))
      #expect(try await observer.wait(for: "current/mine").isOurs)
    }

    @Test("how often sed is caught", .enabled(if: getenv("MOORING_MEASURE") != nil))
    func measure() async throws {
      let (host, folder) = try await host()
      let observer = WatchObserver(await host.layout.watch(LookRules(), .strangers()))
      for command in [
        "sed -i s/1/2/ app.conf", "/usr/bin/touch app.conf", "cp /etc/hostname app.conf", "echo x > app.conf",
      ] {
        let wanted = command.split(separator: " ")[0].split(separator: "/").last.map(String.init)
        var caught = 0
        var others: [String: Int] = [:]
        for round in 0..<1000 {
          shell(command, in: folder)
          // Each ends with a file of its own, so that nothing of it is counted with the next.
          shell(": > end\(round)", in: folder)
          try await observer.wait(for: "current/end\(round)")
          let changes = observer.seen.filter { $0.object?.string == "current/app.conf" }
          if changes.contains(where: { $0.by?.program == (wanted == "echo" ? "dash" : wanted) }) {
            caught += 1
          } else {
            let programs = Set(changes.map { $0.by?.program ?? "nobody" }).sorted().joined(separator: ", ")
            others[programs, default: 0] += 1
          }
          unlink("\(folder)/end\(round)")
          observer.forget()
        }
        print("MEASURED \(command): \(caught) of 1000, otherwise \(others)")
      }
    }
  }
}

extension WatchingTests {
  @Suite("Reading who a process is")
  struct AuthorTests {
    private func process(_ name: String, real: uid_t, effective: uid_t, login: uid_t? = nil) throws -> ProcessRecord {
      let status = "Name:\t\(name)\nUmask:\t0022\nPPid:\t7\nUid:\t\(real)\t\(effective)\t0\t0\nGid:\t0\n"
      var record = try #require(ProcessRecord(id: 8, status: Array(status.utf8)))
      record.login = login
      return record
    }

    @Test("the person behind sudo: audit's login user, an ancestor, what sudo says, in this order")
    func behindSudo() throws {
      var names = UserNames()
      let at = Timestamp(milliseconds: 0)
      let ancestors = [
        try process("sudo", real: 0, effective: 0), try process("bash", real: 1, effective: 1),
        try process("sshd", real: 0, effective: 0),
      ]
      let root = try process("sed", real: 0, effective: 0)
      let audited = Author(try process("sed", real: 0, effective: 0, login: 2), ancestors: ancestors, sudoUser: "eve")
      let byAncestor = Author(root, ancestors: ancestors, sudoUser: "eve")
      let bySudo = Author(root, ancestors: [ancestors[0]], sudoUser: "ann")
      #expect(audited.attribution(at: at, names: &names).login == "bin")
      #expect(byAncestor.attribution(at: at, names: &names).login == "daemon")
      #expect(byAncestor.attribution(at: at, names: &names).certainty == .certain)
      #expect(bySudo.attribution(at: at, names: &names).login == "ann")
      #expect(bySudo.attribution(at: at, names: &names).certainty == .likely)
      #expect(bySudo.attribution(at: at, names: &names).elevated)
      #expect(Author(root).attribution(at: at, names: &names).login == nil)
    }

    @Test(
      "of sudo's environment only a name is taken",
      arguments: [
        ("A=b\0SUDO_USER=ann\0TOKEN=x\0", "ann"), ("SUDO_USER=\0", nil), ("SUDO_USER=a b\0", nil),
        ("XSUDO_USER=a\0", nil),
      ] as [(String, String?)])
    func environment(text: String, user: String?) {
      #expect(SudoUser.find(in: Array(text.utf8)) == user)
    }

    @Test("code in an option is no script")
    func script() {
      func script(_ arguments: String, of program: String = "bash") -> String? {
        let arguments = arguments.split(separator: " ").map { Array($0.utf8) }
        return ScriptName.find(in: arguments, of: program, at: Array("/etc".utf8))
      }
      #expect(script("bash -c /etc/passwd") == nil)
      #expect(script("bash -x /etc/passwd") == "passwd")
      #expect(script("python3 passwd", of: "python3.12") == "passwd")
      #expect(script("bash secret") == nil)
      #expect(script("vim /etc/passwd", of: "vim") == nil)
    }
  }
}
