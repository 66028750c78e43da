"""Reads a list of user-data texts, and tells what cloud-init's own code makes of each: its parts, and the merged cloud-config with its users."""

import json
import logging
import os
import sys
import tempfile

from cloudinit import handlers, util
from cloudinit.distros import ug_util
from cloudinit.handlers.cloud_config import CloudConfigPartHandler
from cloudinit.user_data import UserDataProcessor

MERGED_TYPES = ("text/cloud-config", "text/cloud-config-jsonp")


class Paths:
    """The one question that the handler asks of its paths."""

    def __init__(self, directory):
        self.directory = directory

    def get_ipath(self, name):
        return os.path.join(self.directory, name)


class Distro:
    @staticmethod
    def get_default_user():
        return {"name": "debian", "lock_passwd": True, "shell": "/bin/bash"}


def process(text, directory):
    paths = Paths(directory)
    message = UserDataProcessor(None).process(text.encode("utf-8", "surrogatepass"))
    handler = CloudConfigPartHandler(paths)
    handler.handle_part(None, handlers.CONTENT_START, None, None, None, None)
    parts = []
    for part in message.walk():
        if part.get_content_maintype() == "multipart":
            continue
        payload = util.fully_decoded_payload(part)
        content_type = part.get_content_type()
        if content_type in ("text/plain", "text/x-not-multipart"):
            content_type = handlers.type_from_starts_with(payload, content_type)
        parts.append({"type": content_type, "filename": part.get_filename(), "content": payload})
        if content_type in MERGED_TYPES:
            handler.handle_part(None, content_type, part.get_filename(), payload, None, dict(part.items()))
    handler.handle_part(None, handlers.CONTENT_END, None, None, None, None)
    config = util.load_yaml(util.load_file(paths.get_ipath("cloud_config")), default={})
    users, _groups = ug_util.normalize_users_groups(json.loads(json.dumps(config)), Distro())
    return {"parts": parts, "config": config, "users": users}


def main():
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    with tempfile.TemporaryDirectory() as directory:
        json.dump([process(text, directory) for text in json.load(sys.stdin)], sys.stdout)


main()
