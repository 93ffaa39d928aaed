"""The floors: Flask views that only answer JSON, parse it, insert a row durably, or show a table of
25 rows that never change. Served by gunicorn.
"""

import os
import sqlite3
import threading
import uuid

from flask import Flask, jsonify, render_template_string, request

CUSTOMER = {
    "status": True,
    "message": "Customer",
    "data": {
        "id": "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55",
        "reference": "CUS-7K3M9Q2XVB",
        "firstName": "Ama",
        "lastName": "Mensah",
        "email": "ama.mensah@example.com",
        "phone": "+233201234567",
        "countryCode": "+233",
        "blacklist": False,
        "createdAt": "2026-11-05T12:34:56.000Z",
        "updatedAt": "2026-11-05T12:34:56.000Z",
    },
}
ROWS = [
    (
        f"Ama Mensah {n}",
        f"ama{n}@example.com",
        "+233 20 123 4567",
        "Ghana",
        "Good",
        "5 Nov",
        "5 Nov",
    )
    for n in range(25)
]
TABLE = """<!doctype html><html lang="en"><head><title>Customers</title></head><body><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></body></html>"""
app = Flask(__name__)
app.json.sort_keys = False
local = threading.local()


@app.get("/bare/<customer_id>")
def read(customer_id: str):
    return jsonify(CUSTOMER | {"asked": customer_id})


@app.get("/table")
def table():
    return render_template_string(TABLE, rows=ROWS)


@app.post("/bare")
def parse():
    return jsonify(CUSTOMER | {"data": CUSTOMER["data"] | request.get_json()}), 201


@app.post("/insert")
def insert():
    given = request.get_json()
    connection = _connection()
    connection.execute("BEGIN IMMEDIATE")
    row = (
        uuid.uuid4().bytes,
        given["firstName"],
        given["lastName"],
        given["email"],
        given["phone"],
    )
    connection.execute(
        "INSERT INTO bare (id, first_name, last_name, email, phone) VALUES (?, ?, ?, ?, ?)", row
    )
    connection.execute("COMMIT")
    return jsonify(CUSTOMER | {"data": CUSTOMER["data"] | given}), 201


def _connection() -> sqlite3.Connection:
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(
            os.environ["BARE_DATABASE"], isolation_level=None, timeout=5
        )
        for setting in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            local.connection.execute(f"PRAGMA {setting}")
        columns = (
            "seq INTEGER PRIMARY KEY, id BLOB, first_name TEXT, "
            "last_name TEXT, email TEXT, phone TEXT"
        )
        local.connection.execute(f"CREATE TABLE IF NOT EXISTS bare ({columns})")
    return local.connection
