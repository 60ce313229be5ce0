"""Rules about what exists: states and the live inventory against the code."""
