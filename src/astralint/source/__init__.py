"""What everything that speaks of a place in the code shares: files, spans, diagnostics, partly known text."""
