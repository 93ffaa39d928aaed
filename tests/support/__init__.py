"""What the tests build on: databases, a server, a strict client, a small cast of people."""
