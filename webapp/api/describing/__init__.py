"""The description of the API, for programs and for people, generated from what calls declare."""
