"""HL/1 in Python, written from protocol.md alone: frames, fields, X.509 and one module per suite."""
