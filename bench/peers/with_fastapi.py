"""FastAPI with SQLAlchemy: the same calls, with a key looked up in the database by its hash."""

import hashlib
import os
import socket
import sys
import time
import uuid
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from uvicorn.supervisors import Multiprocess

from bench.peers.book import make_durable

engine = create_engine(f"sqlite:///{os.environ['PEERS_DATABASE']}")
event.listen(engine, "connect", make_durable)
app = FastAPI()


class Base(DeclarativeBase):
    pass


class ApiKey(Base):
    __tablename__ = "api_key"
    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Customer(Base):
    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str]
    reference: Mapped[str]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    email: Mapped[str]
    phone: Mapped[str | None]
    dial_code: Mapped[str | None]
    blacklisted: Mapped[bool]
    created_at: Mapped[int]
    updated_at: Mapped[int]


class NewCustomer(BaseModel):
    firstName: str
    lastName: str
    email: str
    phone: str | None = None


class CustomerOut(NewCustomer):
    id: str
    reference: str
    firstName: str | None
    lastName: str | None
    countryCode: str | None
    blacklist: bool
    createdAt: int
    updatedAt: int

    @classmethod
    def of(cls, one: Customer) -> "CustomerOut":
        return cls(
            id=one.uuid, reference=one.reference, firstName=one.first_name,
            lastName=one.last_name, email=one.email, phone=one.phone, countryCode=one.dial_code,
            blacklist=one.blacklisted, createdAt=one.created_at, updatedAt=one.updated_at,
        )  # fmt: skip


def session():
    with Session(engine) as present:
        yield present


Database = Annotated[Session, Depends(session)]


def authenticate(database: Database, authorization: Annotated[str, Header()] = "") -> None:
    digest = hashlib.sha256(authorization.removeprefix("Bearer ").encode()).hexdigest()
    if database.get(ApiKey, digest) is None:
        raise HTTPException(401)


@app.get("/customers/{customer_id}", dependencies=[Depends(authenticate)])
def read(customer_id: str, database: Database) -> CustomerOut:
    found = database.scalar(select(Customer).where(Customer.uuid == customer_id))
    if found is None:
        raise HTTPException(404)
    return CustomerOut.of(found)


@app.post("/customers", status_code=201, dependencies=[Depends(authenticate)])
def create(given: NewCustomer, database: Database) -> CustomerOut:
    now = int(time.time() * 1000)
    made = Customer(
        uuid=uuid.uuid4().hex, reference=f"CUS-{uuid.uuid4().hex[:10]}", first_name=given.firstName,
        last_name=given.lastName, email=given.email, phone=given.phone, dial_code=None,
        blacklisted=False, created_at=now, updated_at=now,
    )  # fmt: skip
    database.add(made)
    database.commit()
    return CustomerOut.of(made)


def serve(port: int) -> None:
    """Two workers on a socket that says it is TCP: on uvicorn's own, asyncio leaves Nagle's
    algorithm on, and answers come 40 ms late.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    config = uvicorn.Config(
        "bench.peers.with_fastapi:app", workers=2, access_log=False, log_level="warning"
    )
    Multiprocess(config, sockets=[listener]).run()


if __name__ == "__main__":
    serve(int(sys.argv[sys.argv.index("--port") + 1]))
