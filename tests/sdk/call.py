"""Calls the KMS at the URL that is given with boto3, which retries; what comes of it is no matter."""

import sys

import boto3
import botocore.config
import botocore.endpoint
import botocore.exceptions

# Between attempts it would sleep for seconds.
botocore.endpoint.time.sleep = lambda seconds: None

kms = boto3.client("kms", endpoint_url=sys.argv[1], region_name=sys.argv[2],
                   config=botocore.config.Config(retries={"max_attempts": 3, "mode": "legacy"}))
for _ in range(int(sys.argv[3])):
    try:
        kms.generate_random(NumberOfBytes=32)
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError):
        pass
