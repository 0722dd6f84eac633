"""Letters of Ward, taken by aiosmtpd: somebody registers, follows the link, forgets the password and sets another: WARD FOLDER."""

import email
import email.policy
import html
import http.cookiejar
import logging
import re
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import warnings
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

WARD, FOLDER = sys.argv[1], Path(sys.argv[2])
USER, PASSWORD = "ward@relay", "pass/word 7%"
SECONDS = 30
# It takes TLS from the first byte for none, and says so.
warnings.simplefilter("ignore")
logging.getLogger("mail.log").setLevel(logging.ERROR)


class Relay:
    """Takes letters from whoever has signed in by TLS."""

    def __init__(self):
        self.letters, self.arrived = [], threading.Condition()

    async def handle_DATA(self, server, session, envelope):
        with self.arrived:
            secret = session.ssl or server.transport.get_extra_info("ssl_object")
            assert secret and session.authenticated, "a letter in clear, or from nobody"
            self.letters.append((envelope, email.message_from_bytes(envelope.content, policy=email.policy.default)))
            self.arrived.notify_all()
        return "250 taken"

    def authenticate(self, server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    def next(self, number):
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.letters) > number, SECONDS), f"letter {number} did not come"
            return self.letters[number]


class AnyPort(Controller):
    """Listens where the system says, and looks at itself there when it begins."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Browser:
    """Keeps cookies, and sends forms as they stand in a page."""

    def __init__(self, site):
        self.site = site
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def visit(self, address, form=None):
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(urllib.parse.urljoin(self.site, address), data, {"Origin": self.site})
        return self.opener.open(request, timeout=SECONDS).read().decode()

    def fill(self, page, filled):
        form = re.search(r'<form method="post" action="([^"]*)".*?</form>', page, re.S)
        own = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[0]))
        return self.visit(html.unescape(form[1]), {name: html.unescape(value) for name, value in own.items()} | filled)


def certificate():
    key, cert = FOLDER / "relay.key", FOLDER / "relay.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    subprocess.run([*made, "-keyout", key, "-out", cert, *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


class Ward:
    """A server that hands its letters to a relay."""

    def __init__(self, name, url, cert):
        self.folder = FOLDER / name
        self.log = FOLDER / f"{name}.log"
        secret = FOLDER / "password"
        secret.write_text(PASSWORD + "\n")
        settings = [f"smtp_url={url}", f"smtp_password_file={secret}", "mail_from=house@ward.example", f"ca_file={cert}", "access=required", "registration=open"]
        flags = [part for setting in settings for part in ("--set", setting)]
        self.process = subprocess.Popen([WARD, "serve", "--listen", "127.0.0.1:0", "--data-dir", self.folder, *flags], stderr=self.log.open("w"))
        until = time.monotonic() + SECONDS
        while not (found := re.search(r"serves FHIR R4 at (\S+)/fhir", self.log.read_text())) or not self.ready(found[1]):
            assert self.process.poll() is None and time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)
        self.site = found[1]

    @staticmethod
    def ready(site):
        try:
            return urllib.request.urlopen(f"{site}/health/ready", timeout=SECONDS).status == 200
        except urllib.error.URLError:
            return False

    def waiting(self):
        return list((self.folder / "outbox").glob("*.eml"))

    def end(self):
        self.process.terminate()
        self.process.wait(SECONDS)


def link(letter):
    return re.search(r"https?://\S+", letter.get_content())[0]


def day(ward, relay):
    browser = Browser(ward.site)
    words = "vestibule-otter-crane-71"
    filled = {"login": "zoe", "name": "Zoë Groß", "email": "zoe@ward.example", "password": words, "again": words}
    browser.fill(browser.visit("/auth/registration"), filled)
    envelope, letter = relay.next(0)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("house@ward.example", ["zoe@ward.example"]), envelope
    assert letter["Subject"] == "Your address" and letter["From"].addresses[0].addr_spec == "house@ward.example", letter
    assert letter["Date"].datetime and letter["Message-ID"] and not letter.defects, letter.defects
    assert letter.get_content().startswith("Zoë Groß,"), letter.get_content()
    assert "Your address is verified" in browser.fill(browser.visit(link(letter)), {})

    browser.fill(browser.visit("/auth/reset"), {"login": "zoe"})
    _, letter = relay.next(1)
    other = "marble-window-heron-29"
    browser.fill(browser.visit(link(letter)), {"password": other, "again": other})
    _, notice = relay.next(2)
    assert notice["Subject"] == "Your password was changed" and "http" not in notice.get_content(), notice
    page = browser.fill(browser.visit("/auth/sign-in"), {"login": "zoe", "password": other})
    assert "Zoë Groß" in page, page
    until = time.monotonic() + SECONDS
    while ward.waiting():
        assert time.monotonic() < until, "what was taken is in the folder still"
        time.sleep(0.05)
    log = ward.log.read_text()
    assert not [word for word in (PASSWORD, "zoe@", "token=") if word in log.replace("/auth/set-up?token=", "")], log


def main():
    cert, context = certificate()
    quoted = urllib.parse.quote(USER, safe="")
    for name, scheme, options in [
        ("smtps", "smtps", {"ssl_context": context, "auth_require_tls": False}),
        ("starttls", "smtp+starttls", {"tls_context": context, "require_starttls": True}),
    ]:
        relay = Relay()
        controller = AnyPort(relay, hostname="127.0.0.1", port=0, authenticator=relay.authenticate, auth_required=True, **options)
        controller.start()
        ward = Ward(name, f"{scheme}://{quoted}@localhost:{controller.port}", cert)
        try:
            day(ward, relay)
        finally:
            ward.end()
            controller.stop()
        print(f"ok: letters by {scheme}")


main()
