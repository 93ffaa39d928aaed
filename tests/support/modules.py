"""Every module of the application, for rules about all its classes."""

import importlib
import pkgutil

import webapp


def import_all() -> None:
    for module in pkgutil.walk_packages(webapp.__path__, "webapp."):
        importlib.import_module(module.name)
