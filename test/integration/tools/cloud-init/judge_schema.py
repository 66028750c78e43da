"""Reads {"schema": ..., "texts": [...]}, and tells of each cloud-config whether cloud-init's own code can read it and its validator accepts it.

Without a schema cloud-init's own is taken.
"""

import json
import sys

import yaml
from cloudinit.config.schema import SchemaValidationError, get_schema, validate_cloudconfig_schema


def judge(text, schema):
    try:
        config = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return {"valid": False, "why": str(error)[:400]}
    if config is not None and not isinstance(config, dict):
        return {"valid": False, "why": "no map"}
    try:
        validate_cloudconfig_schema(config or {}, schema, strict=True)
    except SchemaValidationError as error:
        return {"valid": not error.schema_errors, "why": str(error)[:400]}
    except Exception as error:  # the validator itself fails: no verdict
        return {"valid": None, "why": repr(error)[:400]}
    return {"valid": True, "why": ""}


def main():
    asked = json.load(sys.stdin)
    schema = asked.get("schema") or get_schema()
    json.dump({"schema": schema, "verdicts": [judge(text, schema) for text in asked["texts"]]}, sys.stdout)


main()
