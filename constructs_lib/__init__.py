"""One construct, or one table of what constructs are made from, per file; a wing for each part of the platform."""
