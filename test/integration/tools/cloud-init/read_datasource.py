"""Gives seed images to cloud-init's own datasources as the devices of a machine, and tells what each finds. Input: a list of {datasource, image, files}.

Where a mount is asked for, the files stand that were taken out of the image before: not every kernel knows ISO 9660. Which image is a seed is told by blkid, as in a guest.
"""

import json
import subprocess
import sys
import tempfile

from cloudinit import distros, helpers, util
from cloudinit.sources import DataSourceConfigDrive, DataSourceNoCloud

CLASSES = {
    "NoCloud": DataSourceNoCloud.DataSourceNoCloud,
    "ConfigDrive": DataSourceConfigDrive.DataSourceConfigDrive,
}


def hostname(answer):
    """Text in older releases, a tuple in newer ones."""
    return getattr(answer, "hostname", answer)


def blkid(image):
    export = subprocess.run(["blkid", "-p", "-o", "export", image], check=True, capture_output=True, text=True)
    return dict(line.split("=", 1) for line in export.stdout.splitlines())


def read(datasource, image, files, directory):
    facts = blkid(image)

    def find_devs_with(criteria=None, **_):
        key, _, value = (criteria or "").partition("=")
        return [image] if facts.get(key) == value else []

    def mount_cb(device, callback, data=None, **_):
        assert device == image
        return callback(files) if data is None else callback(files, data)

    util.find_devs_with = find_devs_with
    util.mount_cb = mount_cb
    # It would write to the root of this machine.
    DataSourceConfigDrive.on_first_boot = lambda *_, **__: None
    paths = helpers.Paths({"cloud_dir": directory, "run_dir": directory})
    distro = distros.fetch("debian")("debian", {}, paths)
    source = CLASSES[datasource]({}, distro, paths)
    if not source._get_data():
        return None
    text = lambda raw: raw.decode("utf-8") if isinstance(raw, bytes) else raw
    return {
        "instanceId": source.get_instance_id(),
        "metadata": source.metadata,
        "userData": text(source.userdata_raw),
        "vendorData": text(source.vendordata_raw),
        "networkConfig": source.network_config,
        "hostname": hostname(source.get_hostname(fqdn=False)),
        "fqdn": hostname(source.get_hostname(fqdn=True)),
    }


with tempfile.TemporaryDirectory() as directory:
    answers = [read(each["datasource"], each["image"], each["files"], directory) for each in json.load(sys.stdin)]
json.dump(answers, sys.stdout)
