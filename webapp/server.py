"""Settings of the shipped WSGI server: `gunicorn --config python:webapp.server wsgi:app`."""

import os

from webapp.logs import logging_config
from webapp.settings import Settings

_settings = Settings.from_environment()

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = _settings.workers
worker_class = "gthread"
threads = _settings.threads
timeout = 60
keepalive = 5
limit_request_line = 8190
# Nobody needs to steer it at run time; signals do.
control_socket_disable = True
# Whom to believe about the client is said once, by GATEBOOK_TRUSTED_PROXIES.
forwarded_allow_ips = ""
logconfig_dict = logging_config(_settings.log_level)
accesslog = None
