// A service on loopback that takes signed requests and computes each signature again with what the
// providers themselves publish for Node.js (and aws4 for AWS). It answers 200 where both agree and
// 403 where they do not, and prints a line of JSON for each request: which signature, whether it
// agrees, whether it still would with one byte of the request or the key changed, and the request.
// It is the token service of Google and Azure as well: it gives tokens of two seconds to a JWT that
// the service account's key signed, or to a client's secret, and takes none that it did not give or
// that ended.
import crypto from "node:crypto";
import http from "node:http";
import aws4 from "aws4";
import OpenApi from "@alicloud/openapi-util";
import sign3 from "tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js";
import { Client as Gateway } from "aliyun-api-gateway";

const secret = process.argv[2];

const field = (text, name) => new RegExp(`${name}=([^, ]+)`).exec(text)?.[1] ?? "";
const only = (headers, names) => Object.fromEntries(names.map((name) => [name, headers[name]]));

function byAws(request, key) {
  const given = request.headers.authorization;
  const [accessKeyId, , region, service] = field(given, "Credential").split("/");
  const headers = only(request.headers, field(given, "SignedHeaders").split(";"));
  const { method, path, body } = request;
  const signer = new aws4.RequestSigner(
    { method, path, body, headers, service, region, doNotModifyHeaders: true },
    { accessKeyId, secretAccessKey: key },
  );
  // It takes the time that it is for this one's otherwise: another one, where a second begins between
  // the signature and this.
  signer.datetime = request.headers["x-amz-date"];
  const signed = signer.sign();
  return field(signed.headers.Authorization, "Signature") === field(given, "Signature");
}

function byAlibaba(request, key) {
  const given = request.headers.authorization;
  const url = new URL(request.path, "http://loopback");
  const again = OpenApi.default.getAuthorization(
    {
      method: request.method,
      pathname: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: only(request.headers, field(given, "SignedHeaders").split(";")),
    },
    "ACS3-HMAC-SHA256",
    OpenApi.default.hexEncode(OpenApi.default.hash(Buffer.from(request.body), "ACS3-HMAC-SHA256")),
    field(given, "Credential"),
    key,
  );
  return again === given;
}

function byTencent(request, key) {
  const [secretId, , service] = field(request.headers.authorization, "Credential").split("/");
  const again = sign3.default.sign3({
    method: request.method,
    url: `http://${request.headers.host}${request.path}`,
    payload: request.body === "" ? undefined : Buffer.from(request.body),
    timestamp: Number(request.headers["x-tc-timestamp"]),
    service,
    secretId,
    secretKey: key,
    headers: { "Content-Type": request.headers["content-type"] },
  });
  return again === request.headers.authorization;
}

function byGateway(request, key) {
  const client = new Gateway(request.headers["x-ca-key"], key);
  const names = request.headers["x-ca-signature-headers"].split(",");
  const isForm = (request.headers["content-type"] ?? "").startsWith("application/x-www-form");
  const url = new URL(request.path, "http://loopback");
  if (!isForm && request.body !== "" && client.md5(request.body) !== request.headers["content-md5"])
    return false;
  const text = client.buildStringToSign(
    request.method,
    request.headers,
    client.getSignedHeadersString(names, request.headers),
    { pathname: url.pathname, query: Object.fromEntries(url.searchParams) },
    isForm ? Object.fromEntries(new URLSearchParams(request.body)) : {},
  );
  return client.sign(text) === request.headers["x-ca-signature"];
}

const account = {
  type: "service_account",
  client_email: "probes@project.iam.gserviceaccount.com",
  private_key_id: "key-1",
};
const pem = (type) => ({ type, format: "pem" });
const keys = crypto.generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: pem("spki"),
  privateKeyEncoding: pem("pkcs8"),
});
const ends = new Map(); // of each token that was given, in milliseconds

function jwtIsGood(jwt, audience) {
  const [head, claims, signature] = jwt.split(".");
  const json = (part) => JSON.parse(Buffer.from(part, "base64url"));
  const signed = Buffer.from(`${head}.${claims}`);
  const bytes = Buffer.from(signature, "base64url");
  if (!crypto.verify("RSA-SHA256", signed, keys.publicKey, bytes)) return false;
  const now = Date.now() / 1000;
  const { iss, scope, aud, iat, exp } = json(claims);
  return (
    json(head).alg === "RS256" &&
    json(head).kid === account.private_key_id &&
    iss === account.client_email &&
    scope === "https://www.googleapis.com/auth/cloud-platform" &&
    aud === audience &&
    Math.abs(iat - now) < 30 &&
    exp > now &&
    exp - iat <= 3600
  );
}

function tokenOf({ path, body }) {
  const form = new URLSearchParams(body);
  const isGood =
    path === "/google"
      ? form.get("grant_type") === "urn:ietf:params:oauth:grant-type:jwt-bearer" &&
        jwtIsGood(form.get("assertion"), account.token_uri)
      : form.get("grant_type") === "client_credentials" &&
        form.get("client_id") === "client" &&
        form.get("client_secret") === secret &&
        form.get("scope") === "https://vault.azure.net/.default";
  if (!isGood) return [400, { error: "invalid_grant" }];
  const token = crypto.randomBytes(20).toString("base64url");
  ends.set(token, Date.now() + 2000);
  return [200, { access_token: token, expires_in: 2, token_type: "Bearer" }];
}

const byToken = ({ headers }) => Date.now() < ends.get(headers.authorization.split(" ")[1]);
const byPassword = ({ headers }, key) =>
  headers.authorization === `Basic ${Buffer.from(`me:${key}`).toString("base64")}`;

function checkOf(headers) {
  if (headers["x-ca-signature"]) return ["alibaba-gateway", byGateway];
  const kind = (headers.authorization ?? "").split(" ")[0];
  const checks = {
    "AWS4-HMAC-SHA256": ["sigv4", byAws],
    "ACS3-HMAC-SHA256": ["acs3", byAlibaba],
    "TC3-HMAC-SHA256": ["tc3", byTencent],
    Basic: ["basic", byPassword],
    Bearer: ["token", byToken],
  };
  return checks[kind] ?? ["none", () => false];
}

const server = http.createServer(async (incoming, answer) => {
  const parts = [];
  for await (const part of incoming) parts.push(part);
  const request = {
    method: incoming.method,
    path: incoming.url,
    headers: incoming.headers,
    body: Buffer.concat(parts).toString(),
  };
  if (request.path === "/google" || request.path === "/tenant/oauth2/v2.0/token") {
    const [status, token] = tokenOf(request);
    answer.writeHead(status, { "content-type": "application/json" });
    answer.end(JSON.stringify(token));
    return;
  }
  const [kind, check] = checkOf(request.headers);
  const agrees = check(request, secret);
  const isSignature = kind !== "token" && kind !== "basic";
  const changed = isSignature && [
    check({ ...request, path: request.path.replace("/", "/x") }, secret),
    check(request, secret + "x"),
    request.body !== "" && check({ ...request, body: request.body.replace("1", "2") }, secret),
  ];
  console.log(JSON.stringify({ kind, agrees, fooled: isSignature && changed.some(Boolean), ...request }));
  answer.writeHead(agrees ? 200 : 403, { "content-type": "application/json" });
  answer.end("{}");
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  account.token_uri = `http://127.0.0.1:${port}/google`;
  account.private_key = keys.privateKey;
  console.log(JSON.stringify({ port, account }));
});
