"""The rules for web hosts, tried in a real Apache and a real nginx on this machine."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("starlette")
pytest.importorskip("jinja2")
import browser
import sample_release

from kg import site
from kg.web.prepared import prepare

APACHE = shutil.which("apache2", path="/usr/sbin:/usr/bin:/bin") or ""
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/bin") or ""
MODULES = Path("/usr/lib/apache2/modules")
DOCS = Path(__file__).parents[1] / "docs" / "site.md"
NEEDED = ("mpm_event", "negotiation", "authz_core", "dir", "mime", "rewrite", "headers", "alias")
THING, FILE = "disease/MONDO:0006245", "disease/MONDO_0006245"


def free() -> int:
    """A port that nothing listens on."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A host's folder with the site below a path, and the identifiers' rules below another."""
    top = tmp_path_factory.mktemp("host")
    top.chmod(0o755)
    for path in top.parents:
        if path.name.startswith("pytest-"):
            path.chmod(0o755)
    folder = sample_release.write(tmp_path_factory.mktemp("release"))
    site.write(prepare(folder), top / "rare", "https://example.org/rare/")
    (top / "id").mkdir()
    shutil.copy(top / "rare" / "w3id.htaccess", top / "id" / ".htaccess")
    return top


@contextmanager
def hosting(command: list[str], port: int) -> Iterator[int]:
    """A web host in a process of its own."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        browser.answering("127.0.0.1", port)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def apache(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Apache over the folder, with what docs/site.md says it needs."""
    if not APACHE or not all((MODULES / f"mod_{name}.so").is_file() for name in NEEDED):
        pytest.skip("there is no Apache here")
    home, port = tmp_path_factory.mktemp("apache"), free()
    loads = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in NEEDED)
    config = home / "apache.conf"
    config.write_text(
        f"{loads}ServerName 127.0.0.1\nListen 127.0.0.1:{port}\nPidFile {home}/pid\n"
        f"ErrorLog {home}/error.log\nTypesConfig /etc/mime.types\nDocumentRoot {written}\n"
        f"Mutex file:{home}\n<Directory {written}>\nOptions +MultiViews +FollowSymLinks\n"
        "AllowOverride FileInfo Options=All,MultiViews\n"
        "Require all granted\n</Directory>\n", encoding="utf-8")
    with hosting([APACHE, "-X", "-f", str(config)], port) as made:
        yield made


@pytest.fixture(scope="module")
def nginx(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """nginx over the site as docs/site.md has it; only the folder and the port are others."""
    if not NGINX:
        pytest.skip("there is no nginx here")
    block = re.search(r"```nginx\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    home, port = tmp_path_factory.mktemp("nginx"), free()
    recipe = block.group(1).replace("root /srv/rare;",
                                    f"listen 127.0.0.1:{port}; root {written / 'rare'};")
    places = "".join(f"{kind}_temp_path {home}/{kind};\n" for kind in (
        "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (home / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {home}/pid; error_log {home}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {places}{recipe}}}\n", encoding="utf-8")
    with hosting([NGINX, "-p", str(home), "-c", str(home / "nginx.conf")], port) as made:
        yield made


def get(port: int, path: str, accept: str = "*/*") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a GET."""
    made = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    made.request("GET", path, headers={"Accept": accept})
    done = made.getresponse()
    found = done.status, {name.lower(): value for name, value in done.getheaders()}, done.read()
    made.close()
    return found


def followed(port: int, path: str, accept: str) -> tuple[list[int], str, dict[str, str]]:
    """The statuses on the way, where it ends, and the headers there."""
    steps: list[int] = []
    while len(steps) < 5:
        status, headers, _ = get(port, path, accept)
        steps.append(status)
        if status not in {301, 302, 303}:
            break
        path = re.sub(r"https?://[^/]+", "", headers["location"])
    return steps, path, headers


FORMS = [("text/turtle", "ttl", "text/turtle"), ("application/ld+json", "jsonld",
         "application/ld+json"), ("text/html", "html", "text/html"), ("*/*", "html", "text/html")]


@pytest.mark.parametrize(("accept", "suffix", "media_type"), FORMS)
def test_apache_negotiates(apache: int, accept: str, suffix: str, media_type: str) -> None:
    """The address of a thing leads with 303 to the form asked for, with its type and headers."""
    steps, place, headers = followed(apache, f"/rare/{THING}", accept)
    assert (set(steps[:-1]), steps[-1], place) == ({303}, 200, f"/rare/{FILE}.{suffix}")
    assert headers["content-type"].partition(";")[0] == media_type
    assert headers["access-control-allow-origin"] == "*"
    assert "Accept" in headers["vary"]


@pytest.mark.parametrize(("accept", "suffix", "media_type"), FORMS)
def test_nginx_negotiates(nginx: int, accept: str, suffix: str, media_type: str) -> None:
    """The same with the recipe of docs/site.md."""
    steps, place, headers = followed(nginx, f"/{THING}", accept)
    assert (set(steps[:-1]), steps[-1], place) == ({303}, 200, f"/{FILE}.{suffix}")
    assert headers["content-type"].partition(";")[0] == media_type
    assert headers["access-control-allow-origin"] == "*"
    assert headers["content-security-policy"].startswith("default-src 'none'")


def test_hosts_serve_pages_and_no_more(apache: int, nginx: int) -> None:
    """The first page and a page come as they are; what is not there is 404."""
    for port, root in ((apache, "/rare/"), (nginx, "/")):
        assert get(port, f"{root}index.html")[0] == get(port, root)[0] == 200
        assert get(port, f"{root}static/style.css")[1]["content-type"].startswith("text/css")
        assert get(port, f"{root}disease/MONDO:0000000")[0] in {303, 404}
        assert followed(port, f"{root}disease/MONDO:0000000", "*/*")[0][-1] == 404
        assert get(port, f"{root}nothing")[0] == 404


@pytest.mark.parametrize(("accept", "suffix", "_media_type"), FORMS)
@pytest.mark.parametrize("folder", ["page", "term/disease"])
def test_identifiers_lead_to_the_site(
    apache: int, written: Path, folder: str, accept: str, suffix: str, _media_type: str
) -> None:
    """The rules for w3id.org: what we mint leads to its file in the form asked for."""
    found = sorted((written / "rare" / folder).glob("*.ttl"))
    for file in found[:2]:
        name = file.relative_to(written / "rare").with_suffix("").as_posix()
        steps, place, _ = followed(apache, f"/id/{name}", accept)
        assert (steps, place) == ([303, 200], f"/rare/{name}.{suffix}")
    assert found or folder != "page"
    assert followed(apache, "/id/", "*/*")[1] == "/rare/index.html"
