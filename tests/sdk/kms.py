"""A KMS on a free port of loopback, which it prints: it answers by turns with what PATTERN says, to
each SDK in the order in which that one asks, and drops a connection for 'drop'. Of each request it
writes a line to the file that it is given: whose it was, what became of it, and its id."""

import http.server
import itertools
import json
import sys
import threading

PATTERN = ["200", "500", "200", "503", "503", "200", "400", "drop", "200", "drop", "500", "503",
           "200", "500", "500", "500", "500", "500", "500"]
NAMES = {"400": "InvalidCiphertextException", "500": "KMSInternalException",
         "503": "DependencyTimeoutException"}

log = open(sys.argv[1], "w", buffering=1)
lock = threading.Lock()
turns = {}
ids = itertools.count(1)


def sdk_of(agent):
    for name, word in (("boto3", "Boto3/"), ("ruby", "aws-sdk-ruby"), ("javascript", "aws-sdk-nodejs")):
        if word in agent:
            return name
    return "unknown"


class Kms(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        sdk = sdk_of(self.headers.get("User-Agent", ""))
        with lock:
            turn = next(turns.setdefault(sdk, itertools.cycle(PATTERN)))
            request_id = "%s-request-%d" % (sdk, next(ids))
            print(sdk, turn, request_id, file=log)
        if turn == "drop":
            self.close_connection = True
            return
        body = {"Plaintext": "cmVjb3Vw"} if turn == "200" else {"__type": NAMES[turn],
                                                               "message": "as scripted"}
        text = json.dumps(body).encode()
        self.send_response(int(turn))
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("x-amzn-RequestId", request_id)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Kms)
print(server.server_address[1], flush=True)
server.serve_forever()
