// The command line: each verb parses, calls, and renders what came of it as text or JSON. Nothing is decided here.
