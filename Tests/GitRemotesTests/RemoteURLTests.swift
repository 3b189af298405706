import GitRemotes
import Testing

struct RemoteURLTests {
  @Test(arguments: [
    ("https://git.example.com/a/b.git", "https://git.example.com/a/b.git"),
    ("HTTPS://Git.Example.com:8443/a/", "https://git.example.com:8443/a"),
    ("https://host/a//", "https://host/a"),
    ("https://[2001:db8::1]:8443/a%20b", "https://[2001:db8::1]:8443/a%20b"),
    ("ssh://git@host:2222/srv/x.git", "ssh://git@host:2222/srv/x.git"),
    ("ssh://host/~me/x", "ssh://host/~me/x"), ("git@host:team/x.git", "ssh://git@host/team/x.git"),
    ("host:x", "ssh://host/x"), ("git@[::1]:x", "ssh://git@[::1]/x"), ("/srv/git", "/srv/git"),
    ("./a:b", "./a:b"), ("file:///srv/git", "file:///srv/git"),
  ])
  func whatIsAllowedIsRead(_ text: String, _ said: String) throws {
    #expect(try RemoteURL(text).description == said)
  }

  @Test(arguments: [
    ("-oProxyCommand=x", "not a URL"), ("", "not a URL"), ("ssh://-oProxyCommand=x/y", "neither a name"),
    ("-x@host:y", "not a URL"), ("ssh://-l@host/y", "isn't a name"), ("host:-x", "looks like an option"),
    ("ssh://host/", "without a path"), ("https://x", "without a path"), ("ext::sh -c x", "remote helpers"),
    ("git://host/x", "not allowed"), ("ftp://host/x", "not allowed"), ("https://h\nost/x", "control characters"),
    ("https://host/x\u{0}", "control characters"), ("https://host:0/x", "port"), ("https://host:99999/x", "port"),
    ("https://host:+1/x", "port"), ("https://host/x?token=abc", "query"), ("https://host/x#y", "fragment"),
    ("https://ho st/x", "neither a name"), ("https://host/a b", "percent-encoded"), ("https:///x", "neither a name"),
    ("https://[::1/x", "unfinished ["), ("http://host/x", "allowHTTP"), ("ssh://a b@host/x", "isn't a name"),
  ])
  func namesOrURLsThatBecomeOptionsOrCommandsAreRefused(_ text: String, _ words: String) {
    let error = #expect(throws: RemoteError.self) { _ = try RemoteURL(text) }
    #expect(error?.code == .invalid)
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    "https://user:hunter2@host/x", "https://hunter2@host/x", "ssh://git:hunter2@host/x", "git:hunter2@host:x",
    "https://a@b:hunter2@host/x", "http://u:hunter2@host/x",
  ])
  func credentialsInAURLAreRefusedAndNotRepeated(_ text: String) {
    let error = #expect(throws: RemoteError.self) { _ = try RemoteURL(text, allowHTTP: true) }
    #expect(error?.description.contains("hunter2") == false, "\(String(describing: error))")
    #expect(error?.remedy != nil)
  }

  @Test func anOverlongURLIsRefused() {
    #expect(throws: RemoteError.self) { _ = try RemoteURL("https://host/" + String(repeating: "a", count: 5000)) }
  }

  @Test func aSecretShowsItselfNowhere() throws {
    let secret = try RemoteSecret("hunter2\n", from: "a test")
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!"\(secret) \(String(reflecting: secret)) \(dumped)".contains("hunter2"))
    #expect(secret.withText { $0 } == "hunter2")
  }

  @Test(arguments: ["", "\n", "a\nb", "a\r\nb", "a\u{7}"])
  func aTokenIsOneLineOfPrintableCharacters(_ text: String) {
    #expect(throws: RemoteError.self) { _ = try RemoteSecret(text, from: "a test") }
  }
}
