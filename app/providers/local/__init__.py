"""The embedded generator: needs no account, no network and costs nothing."""
