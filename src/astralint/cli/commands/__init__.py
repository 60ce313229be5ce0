"""One module a command, imported when it is called; its `command` is a click command."""
