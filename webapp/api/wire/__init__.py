"""What goes over the wire: what programs send, read strictly, and what they are told."""
