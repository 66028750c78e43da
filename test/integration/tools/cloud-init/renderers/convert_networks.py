"""Runs `cloud-init devel net-convert` on each of a list of network configurations, in one process, and tells what it wrote and what it warned of."""

import contextlib
import copy
import io
import json
import logging
import os
import sys
import tempfile

from cloudinit import distros, version
from cloudinit.cmd.devel import net_convert


class Warnings(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.said = []

    def emit(self, record):
        self.said.append(record.getMessage())


def files_in(folder):
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(path, name)
            with open(full, encoding="utf-8") as file:
                found[os.path.relpath(full, folder)] = file.read()
    return found


def convert(job):
    heard = Warnings()
    # The command changes its distribution's paths in place: it expects to run once.
    distribution = distros.fetch(job["distribution"])
    distribution.renderer_configs = copy.deepcopy(renderer_configs.setdefault(distribution, copy.deepcopy(distribution.renderer_configs)))
    root = logging.getLogger()
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "source")
        with open(source, "w", encoding="utf-8") as file:
            file.write(job["text"])
        output = os.path.join(folder, "output")
        options = ["-p", source, "-k", job["kind"], "-d", output, "-D", job["distribution"], "-O", job["renderer"]]
        with contextlib.redirect_stderr(io.StringIO()):
            root.addHandler(heard)
            net_convert.handle_args("net-convert", net_convert.get_parser().parse_args(options))
            root.removeHandler(heard)
        return {"files": files_in(output), "warnings": heard.said}


renderer_configs = {}
json.dump({"version": version.version_string(), "converted": [convert(job) for job in json.load(sys.stdin)]}, sys.stdout)
