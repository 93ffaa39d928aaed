"""What the shipped server serves during a benchmark: the application, and the page
with constant rows.
"""

from bench.floors import app_with_constant_page
from webapp.settings import Settings

app = app_with_constant_page(Settings.from_environment())
