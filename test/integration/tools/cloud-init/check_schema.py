"""Reads a list of cloud-config texts, and tells of each what the JSON Schema of cloud-init has against it: errors, and what is deprecated."""

import json
import sys

import yaml
from cloudinit.config.schema import SchemaValidationError, get_schema, validate_cloudconfig_schema

SCHEMA = get_schema()


def problems(text):
    try:
        validate_cloudconfig_schema(yaml.safe_load(text), SCHEMA, strict=True)
    except SchemaValidationError as error:
        return [str(error)]
    return []


json.dump([problems(text) for text in json.load(sys.stdin)], sys.stdout)
