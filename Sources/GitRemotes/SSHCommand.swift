import Glibc
import Processes

/// The OpenSSH client's arguments and environment for one service of one repository. Nothing of the person's or the
/// machine's configuration of `ssh` is read.
struct SSHCommand {
  static let connectSeconds = 15

  let url: RemoteURL
  let service: SmartService
  let access: SSHAccess
  /// The file of host keys.
  let knownHosts: String
  let stall: Duration
  /// What prints the passphrase when it is run.
  let askpass: String

  func arguments() throws(RemoteError) -> [String] {
    var arguments = ["ssh", "-F", "none", "-T"]
    for option in options {
      arguments.append("-o\(option)")
    }
    arguments.append("-oUserKnownHostsFile=\(try Self.quoted(knownHosts))")
    if let key = access.key { arguments += ["-oIdentityFile=\(try Self.quoted(key))", "-oIdentitiesOnly=yes"] }
    // Of the agent's keys only; without either the user's own keys are offered, as ssh does by itself.
    if access.agent, access.key == nil { arguments.append("-oIdentityFile=none") }
    if !access.agent { arguments.append("-oIdentityAgent=none") }
    if let user = url.user { arguments.append("-oUser=\(user)") }
    arguments.append("-oPort=\(url.effectivePort)")
    return arguments + ["--", url.host, "\(service.rawValue) \(Self.shellQuoted(url.path))"]
  }

  private var options: [String] {
    let alive = max(1, Int(clamping: Int64(stall / .seconds(3))))
    return [
      // With a passphrase ssh must be able to ask, and all that it may ask for is that.
      "BatchMode=\(access.passphraseFile == nil ? "yes" : "no")", "NumberOfPasswordPrompts=1",
      "PreferredAuthentications=publickey", "PubkeyAuthentication=yes", "PasswordAuthentication=no",
      "KbdInteractiveAuthentication=no", "StrictHostKeyChecking=yes", "GlobalKnownHostsFile=/dev/null",
      "UpdateHostKeys=no", "VerifyHostKeyDNS=no", "ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes",
      "PermitLocalCommand=no", "ControlMaster=no", "ControlPath=none", "LogLevel=INFO",
      "ConnectTimeout=\(Self.connectSeconds)", "ServerAliveInterval=\(alive)", "ServerAliveCountMax=3",
      "SendEnv=GIT_PROTOCOL",
    ]
  }

  var environment: [String: String] {
    var added = ["LANG": "C", "LC_ALL": "C"]
    // There is no version 2 of pushing (gitprotocol-v2).
    if service == .uploadPack { added["GIT_PROTOCOL"] = "version=2" }
    if access.agent, let socket = access.agentSocket { added["SSH_AUTH_SOCK"] = socket }
    if let file = access.passphraseFile {
      added["SSH_ASKPASS"] = askpass
      added["SSH_ASKPASS_REQUIRE"] = "force"
      added[SSHPassphrase.variable] = file
    }
    return Program.scrubbed(adding: added)
  }

  /// A path as one word of an option, in which `%` and `${}` mean nothing (ssh_config(5), "TOKENS").
  static func quoted(_ path: String) throws(RemoteError) -> String {
    guard !path.contains("\""), !path.contains("${"), !path.contains("\\"), !path.hasPrefix("~"),
      !path.utf8.contains(where: { $0 < 0x20 })
    else {
      throw RemoteError(
        .invalid, "ssh can't be given the path \(path.debugDescription)",
        remedy: "name the file so that it has no quotes, `${`, backslashes or control characters")
    }
    return "\"\(path.replacing("%", with: "%%"))\""
  }

  /// As Git quotes for the other side's shell (`sq_quote`).
  static func shellQuoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''").replacing("!", with: "'\\!'") + "'"
  }
}
