"""Rules about images, packages, machine images: the artifact account."""
