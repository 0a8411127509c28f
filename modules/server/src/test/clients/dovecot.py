"""Starts a Dovecot of Debian's to stand beside Postrider, and stops it."""

import grp
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

from running_server import PLAIN_PASSWORD

# For who is not root.
ALONE = """default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """Debian's, on a port and with Maildirs of its own: $directory/mail/%u."""

    def __init__(self, users=None):
        """users: the lines of a passwd-file; without any every name has PLAIN_PASSWORD."""
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="postrider-dovecot-"))
        os.chmod(self.directory, 0o755)
        mail = self.directory / "mail"
        mail.mkdir()
        user, group, alone = "mail", "mail", ""
        if os.getuid() == 0:
            shutil.chown(mail, "mail", "mail")
        else:
            user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
            alone = ALONE.format(user=user, group=group)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        passdb = f"driver = static\n  args = password={PLAIN_PASSWORD}"
        if users is not None:
            passwd = self.directory / "users"
            passwd.write_text("".join(line + "\n" for line in users))
            os.chmod(passwd, 0o644)
            passdb = f"driver = passwd-file\n  args = username_format=%u {passwd}"
        configuration = self.directory / "dovecot.conf"
        configuration.write_text(f"""
base_dir = {self.directory}/run
state_dir = {self.directory}/state
log_path = {self.directory}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{mail}/%u
first_valid_uid = 1
{alone}passdb {{
  {passdb}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={mail}/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""")
        self.process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(configuration)])
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError((self.directory / "dovecot.log").read_text())

    def close(self):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.directory, ignore_errors=True)
