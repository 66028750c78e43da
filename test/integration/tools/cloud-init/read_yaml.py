"""Reads a list of YAML texts with PyYAML, which is what cloud-init uses, and prints their values as JSON."""

import json
import sys

import yaml

json.dump([yaml.safe_load(text) for text in json.load(sys.stdin)], sys.stdout)
