import MooringModel
import Testing

@Suite("Text of others in Markdown") struct MarkdownTextTests {
  @Test(arguments: [
    ("plain text, 3.5 %", "plain text, 3.5 %"),
    ("**bold** _it_ `code`", "\\*\\*bold\\*\\* \\_it\\_ \\`code\\`"),
    ("[link](http://x)", "\\[link\\](http://x)"),
    ("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"),
    ("a | b\n# heading", "a \\| b \\# heading"),
    ("![img](x)", "\\!\\[img\\](x)"),
    ("@team", "\\@team"),
    ("\u{202E}evil", "\\\\u{202e}evil"),
    ("\u{1B}[31m", "\\\\u{1b}\\[31m"),
  ]) func isShownAndNotObeyed(_ text: String, _ shown: String) {
    #expect(MarkdownText.line(text) == shown)
  }

  @Test func codeIsFencedByMoreBackquotesThanItHas() {
    #expect(MarkdownText.code("a`b``c") == "```a`b``c```")
    #expect(MarkdownText.code("`x`") == "`` `x` ``")
    #expect(MarkdownText.code("a|b\nc") == "`a\\|b c`")
  }

  @Test func linesAreBounded() {
    #expect(MarkdownText.line(String(repeating: "x", count: 600)).count == 501)
  }

  @Test(arguments: [
    ("plain-1.2_x/y", "plain-1.2_x/y"), ("", "''"), ("a b", "'a b'"), ("it's", "'it'\\''s'"),
    ("$(rm -rf /)", "'$(rm -rf /)'"),
    ("a;b", "'a;b'"), ("~x", "'~x'"), ("*", "'*'"), ("ä", "'ä'"),
  ]) func aWordOfAShellStandsAsItIs(_ word: String, _ quoted: String) {
    #expect(ShellWord.quoted(word) == quoted)
  }
}
