"""Reads {"schema": ..., "texts": [...]}, and tells of each cloud-config whether cloud-init's own code can read it and its validator accepts it.

Without a schema cloud-init's own is taken. "key" is its network schema's, which old releases have no function for.
"""

import json
import sys

from cloudinit import util
from cloudinit.config.schema import SchemaValidationError, get_schema, validate_cloudconfig_schema


def judge(text, schema):
    try:
        config = util.load_yaml(text, default={})
        if not isinstance(config, dict):
            return {"valid": False, "why": "not read"}
        validate_cloudconfig_schema(config, schema, strict=True)
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
