"""What exists: states and the live inventory, and what they are against the code."""
