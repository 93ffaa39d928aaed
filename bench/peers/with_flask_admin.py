"""Flask-Admin: the list, the form and the search that it makes of a model."""

import os

from flask import Flask, redirect, session
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_admin.form import SecureForm
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.peers.book import make_durable

app = Flask(__name__)
app.config["SECRET_KEY"] = "a secret for measuring only, of no use to anybody"
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{os.environ['PEERS_DATABASE']}"
db = SQLAlchemy(app)
event.listen(Engine, "connect", make_durable)


class Customer(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    uuid = db.Column(db.String, nullable=False, unique=True)
    reference = db.Column(db.String, nullable=False, unique=True)
    first_name = db.Column(db.String)
    last_name = db.Column(db.String)
    email = db.Column(db.String, nullable=False, unique=True)
    phone = db.Column(db.String)
    dial_code = db.Column(db.String)
    blacklisted = db.Column(db.Boolean, nullable=False)
    created_at = db.Column(db.Integer, nullable=False)
    updated_at = db.Column(db.Integer, nullable=False)


class CustomerView(ModelView):
    form_base_class = SecureForm
    page_size = 25
    column_list = ("last_name", "first_name", "email", "phone", "dial_code", "blacklisted",
                   "created_at", "updated_at")  # fmt: skip
    column_sortable_list = ("last_name", "created_at", "updated_at")
    column_searchable_list = ("first_name", "last_name", "email", "phone", "reference")
    column_filters = ("blacklisted", "dial_code")
    column_default_sort = ("created_at", True)

    def is_accessible(self) -> bool:
        return session.get("staff") == 1


Admin(app, name="Customers").add_view(CustomerView(Customer, db.session, url="customer"))


@app.get("/enter")
def enter():
    session["staff"] = 1
    return redirect("/")
