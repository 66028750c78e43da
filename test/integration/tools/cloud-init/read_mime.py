"""Reads a list of messages with Python's email, and prints their parts as JSON: type, file name, content in hexadecimal, defects."""

import email
import json
import sys


def parts(text):
    return [
        {
            "type": part.get_content_type(),
            "filename": part.get_filename(),
            "content": part.get_payload(decode=True).hex(),
            "defects": [str(defect) for defect in part.defects],
        }
        for part in email.message_from_string(text).walk()
        if not part.is_multipart()
    ]


json.dump([parts(text) for text in json.load(sys.stdin)], sys.stdout)
