"""What others make of the same customers, to measure beside: Flask-Admin, FastAPI with SQLAlchemy,
Django REST framework. Each has the same rows, durable commits, and a check of who comes in.
"""
