"""Who uses the portal: a browser without scripts, and the one-time codes of a telephone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import http.cookies
import re
import secrets
import ssl
import struct
import time
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from tests.deploy.machine import Machine

STEP = 30  # seconds of a one-time code (RFC 6238)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def complaints(self) -> list[str]:
        """What a form found wrong."""
        return re.findall(r'<div class="err".*?<span>(.*?)</span>', self.text)

    @property
    def location(self) -> str:
        return urlsplit(self.headers.get("Location", "")).path


@dataclass
class Telephone:
    """Makes codes of a secret, each at most once, as the portal demands."""

    secret: str
    used: int = 0

    def code(self) -> str:
        """The code of now, or of the next step where that of now was used."""
        step = max(int(time.time()) // STEP, self.used + 1)
        while step > int(time.time()) // STEP + 1:
            time.sleep(1)
        self.used = step
        key = base64.b32decode(self.secret + "=" * (-len(self.secret) % 8))
        mac = hmac.digest(key, struct.pack(">Q", step), hashlib.sha1)
        offset = mac[-1] & 15
        number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
        return f"{number % 10**6:06d}"


@dataclass
class Visitor:
    """A browser with cookies on one address of the machine; follows no redirect by itself."""

    machine: Machine
    domain: str
    port: int = 443
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(
        self, path: str, *, at: str = "", file: tuple[str, str, bytes] | None = None, **fields: str
    ) -> Answer:
        """Send the form found at ``at`` (or the path itself): its hidden fields and those given."""
        page = self.get(at or path)
        assert page.status == 200, (path, page.status, page.location)
        boundary = secrets.token_hex(16)
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in (dict(HIDDEN.findall(page.text)) | fields).items()
        ]
        if file:
            name, title, content = file
            head = f'Content-Disposition: form-data; name="{name}"; filename="{title}"'
            parts.append(f"--{boundary}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        return self.ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def ask(self, method: str, path: str, body: bytes = b"", more: dict[str, str] | None = None) -> Answer:
        """One request; the certificate is checked as a browser does that was told to trust it."""
        connection = http.client.HTTPConnection(self.domain)
        connection.sock = self.machine.connect(self.port)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} | (more or {})
        if self.port == 443:
            trusted = str(self.machine.path("/etc/ssl/portal/portal.crt"))
            context = ssl.create_default_context(cafile=trusted)
            connection.sock = context.wrap_socket(connection.sock, server_hostname=self.domain)
            headers["Referer"] = f"https://{self.domain}{quote(path)}"
        elif self.port >= 8000:  # as nginx passes it on
            headers |= {"X-Forwarded-Proto": "https", "Referer": f"https://{self.domain}/"}
        connection.request(method, path, body or None, headers)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    def sign_in(self, username: str, password: str, telephone: Telephone | None = None) -> None:
        """Through the door; with a telephone through the second step too."""
        self.cookies.clear()
        answer = self.post("/accounts/login/", username=username, password=password)
        assert answer.status == 302, (username, answer.status)
        if telephone:
            assert answer.location == "/accounts/login/code/", answer.location
            answer = self.post("/accounts/login/code/", otp=telephone.code())
            assert answer.status == 302, (username, answer.status)

    def first_sign_in(self, username: str, initial: str, password: str) -> Telephone:
        """With the one-time password: changes it, enrols a telephone, is at home."""
        self.sign_in(username, initial)
        assert self.get("/").location == "/accounts/password/"
        changed = self.post("/accounts/password/", old=initial, new=password, again=password)
        assert changed.status in (302, 303), changed.complaints
        assert self.get("/").location == "/accounts/second-factor/"
        page = self.get("/accounts/second-factor/").text
        (secret,) = re.findall(r'<code class="text-body">([A-Z2-7]+)</code>', page)
        telephone = Telephone(secret)
        assert "恢复码" in self.post("/accounts/second-factor/", otp=telephone.code()).text
        assert self.get("/").status == 200
        return telephone
