"""What all pages share: who is signed in, forms, htmx, templates, errors."""
