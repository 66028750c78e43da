"""Reads a list of folders with the files of a ConfigDrive, and tells what cloud-init's own datasource reads in each."""

import json
import sys

from cloudinit.sources import convert_vendordata
from cloudinit.sources.DataSourceConfigDrive import read_config_drive
from cloudinit.sources.helpers.openstack import convert_net_json


def read(folder):
    found = read_config_drive(folder)
    return {
        "version": found["version"],
        "metadata": found["metadata"],
        "userdata": found["userdata"].decode("utf-8"),
        "vendordata": convert_vendordata(found["vendordata"]),
        "network": convert_net_json(found.get("networkdata"), known_macs={}),
    }


json.dump([read(folder) for folder in json.load(sys.stdin)], sys.stdout)
