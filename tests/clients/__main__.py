"""`make check-clients`: lints the published description with three tools of others, generates
clients in TypeScript and Python from it, compiles them strictly, and lets each live a customer's
whole life against the shipped server. Needs Node.js, npm and the network.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from tests.support.books import Book
from tests.support.cast import actor, hire
from tests.support.server import running_server
from webapp.programs import api_keys
from webapp.settings import PROJECT

HERE, FOLDER = Path(__file__).parent, PROJECT / "build" / "clients"
PYTHON = FOLDER / "venv" / "bin"
GENERATORS = [
    "openapi-spec-validator==0.9.0",
    "openapi-python-client==0.29.1",
    "datamodel-code-generator==0.89.0",
    "mypy==2.4.1",
]
SCOPES = ["read", "write", "blacklist", "check"]
NPX = ["npx", "--no-install"]


def main() -> None:
    prepare()
    lint()
    generate()
    compile_strictly()
    let_them_live()
    print("All clients were generated, compiled strictly, and lived.")


def prepare() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file in [*HERE.glob("*.ts"), *HERE.glob("*.json"), HERE / "life.py"]:
        shutil.copy(file, FOLDER)
    shutil.copy(PROJECT / "docs" / "openapi.json", FOLDER)
    (FOLDER / ".spectral.yaml").write_text('extends: ["spectral:oas"]\n')
    run("npm", "install", "--silent", "--no-audit", "--no-fund")
    if not PYTHON.exists():
        venv.create(FOLDER / "venv", with_pip=True)
    run(PYTHON / "pip", "install", "--quiet", *GENERATORS)


def lint() -> None:
    run(PYTHON / "openapi-spec-validator", "openapi.json")
    run(*NPX, "redocly", "lint", "openapi.json")
    run(*NPX, "spectral", "lint", "openapi.json", "--ruleset", ".spectral.yaml")


def generate() -> None:
    run(*NPX, "openapi-typescript", "openapi.json", "--output", "schema.d.ts")
    run(*NPX, "openapi-ts", "-i", "openapi.json", "-o", "hey", "-c", "@hey-api/client-fetch")
    python = (PYTHON / "openapi-python-client", "generate", "--path", "openapi.json")
    run(*python, "--output-path", "client", "--meta", "none", "--overwrite")
    models = (PYTHON / "datamodel-codegen", "--input", "openapi.json", "--output", "models.py")
    run(*models, "--input-file-type", "openapi", "--output-model-type", "dataclasses.dataclass")


def compile_strictly() -> None:
    run(*NPX, "tsc", "--project", "tsconfig.json")
    run(PYTHON / "mypy", "--strict", "life.py", "models.py")


def let_them_live() -> None:
    url = f"sqlite:///{FOLDER}/book.db"
    (FOLDER / "book.db").unlink(missing_ok=True)
    book = Book(url, FOLDER)
    with book.app.app_context():
        hire()
        key = api_keys.create_key(name="Life", scopes=SCOPES, by=actor("Ama"))[1]
    with running_server(url, FOLDER / "log") as address:
        own = {"API_URL": f"{address}/api/v1", "API_KEY": key}
        bundled = (*NPX, "esbuild", "--bundle", "--platform=node", "--format=esm")
        for life in ("life_hey", "life_fetch"):
            run(*bundled, f"{life}.ts", f"--outfile={life}.mjs")
            run("node", f"{life}.mjs", **own)
        run(PYTHON / "python", "life.py", **own)
    book.close()


def run(*words: str | Path, **environment: str) -> None:
    print("$", *words, flush=True)
    own = {"PATH": f"{PYTHON}:{os.environ['PATH']}"}  # generators call formatters
    done = subprocess.run(words, cwd=FOLDER, env=os.environ | own | environment, check=False)
    if done.returncode:
        sys.exit(f"{words[0]} says no: see above")


if __name__ == "__main__":
    main()
