"""What the shipped server serves while it is measured:
the application, and the page of constant rows.
"""

from bench.floors import app_with_constant_page
from webapp.settings import Settings

app = app_with_constant_page(Settings.from_environment())
