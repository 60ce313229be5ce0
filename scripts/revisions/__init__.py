"""What `scripts/ecosystem.py` is made of: two revisions side by side over the same trees."""
