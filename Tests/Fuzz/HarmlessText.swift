/// Whether a terminal shows the text and does nothing else: no control characters, none that turn its direction.
func isHarmless(_ text: String) -> Bool {
  text.unicodeScalars.allSatisfy { scalar in
    scalar == "\n" || (scalar.properties.generalCategory != .control && !scalar.properties.isBidiControl)
  }
}

func holdHarmless(_ text: String) {
  hold(isHarmless(text), "a text that steers a terminal: \(text.debugDescription)")
}
