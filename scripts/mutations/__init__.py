"""Changes of the model platform, one for each sentence of the architecture, and what they are caught by."""
