// Calls the KMS at the URL that is given with the SDK of JavaScript, which retries; what comes of it
// is no matter.
import AWS from "aws-sdk";

const [endpoint, region, calls] = process.argv.slice(2);
const kms = new AWS.KMS({ endpoint, region, maxRetries: 3, retryDelayOptions: { base: 1 } });
for (let i = 0; i < Number(calls); i++) {
  await kms
    .generateRandom({ NumberOfBytes: 32 })
    .promise()
    .catch(() => {});
}
