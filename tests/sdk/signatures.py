"""Computes the signatures of AWS requests again with botocore. Reads what signatures.mjs prints, a
line of JSON a request, and prints "agrees" or "differs" for each that is signed by SigV4."""

import datetime
import json
import sys

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def field(text, name):
    begin = text.index(name + "=") + len(name) + 1
    return text[begin:].split(",")[0]


def agrees(seen, secret):
    given = seen["headers"]["authorization"]
    key, _, region, service, _ = field(given, "Credential").split("/")
    signed = field(given, "SignedHeaders").split(";")
    request = AWSRequest(
        method=seen["method"],
        url="http://" + seen["headers"]["host"] + seen["path"],
        data=seen["body"],
        headers={name: seen["headers"][name] for name in signed},
    )
    # S3 takes a path as it is sent; every other service encodes it once more.
    kind = S3SigV4Auth if service == "s3" else SigV4Auth
    auth = kind(Credentials(key, secret), service, region)
    request.context["timestamp"] = seen["headers"]["x-amz-date"]
    text = auth.string_to_sign(request, auth.canonical_request(request))
    return auth.signature(text, request) == field(given, "Signature")


for line in sys.stdin:
    one = json.loads(line)
    if one.get("kind") == "sigv4":
        print("agrees" if agrees(one, sys.argv[1]) else "differs")
