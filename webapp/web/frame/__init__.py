"""What every page stands in: who is signed in, forms, htmx, templates, errors."""
