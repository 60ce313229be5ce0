"""From a call to a tree that is ready to be evaluated: options, where to look, what is configured."""
