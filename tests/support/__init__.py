"""What tests stand on: databases, a server, a strict client, a small cast of people."""
