"""One workspace evaluated: modules called, instances expanded, attributes computed, requests noted."""
