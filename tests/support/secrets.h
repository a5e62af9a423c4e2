#pragma once

#include <string>
#include <vector>

namespace recoup::test {

// Plant is a secret of one kind, and what is shown of it.
struct Plant {
  const char* kind;
  std::string text;
  std::string shown = "****";
};

inline const std::string kSecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

inline const std::vector<Plant> kPlants{
    {"account id", "123456789012"},
    {"account id as the console shows it", "1234-5678-9012"},
    {"ARN", "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
     "arn:****"},
    {"ARN of another partition", "arn:aws-cn:iam::123456789012:user/Jane", "arn:****"},
    {"ARN in a URL", "arn%3Aaws%3Akms%3Aus-east-1%3A123456789012%3Akey%2Fabc", "arn%3A****"},
    {"key id", "1234abcd-12ab-34cd-56ef-1234567890ab"},
    {"key id in capitals", "1234ABCD-12AB-34CD-56EF-1234567890AB"},
    {"multi-Region key id", "mrk-1234abcd12ab34cd56ef1234567890ab"},
    {"alias", "alias/payroll-2026"},
    {"alias with a path", "alias/aws/s3"},
    {"alias in a URL", "alias%2Fpayroll"},
    {"access key id", "AKIAIOSFODNN7EXAMPLE"},
    {"temporary access key id", "ASIAIOSFODNN7EXAMPLE"},
    {"access key id of Alibaba Cloud", "LTAI5tExampleExample1234"},
    {"secret key", kSecretKey},
    {"named secret key", "aws_secret_access_key=abc", "aws_secret_access_key=****"},
    {"session token", "X-Amz-Security-Token=IQoJb3JpZ2lu%2F%2Fabc", "X-Amz-Security-Token=****"},
    {"long token",
     "FwoGZXIvYXdzEBYaDHqa0AP1234567890abcdefghijABCDEFGHIJ1234567890abcdefghij+xyz/Q=="},
    {"subscription key", "subscription-key=0123456789abcdef0123456789abcdef",
     "subscription-key=****"},
    {"account key", "AccountKey=Zm9vYmFyYmF6", "AccountKey=****"},
    {"passphrase", "passphrase=hunter2!", "passphrase=****"},
    {"private key", "privateKey=MIIEvQIB", "privateKey=****"},
    {"access token", "access_token=ya29-abc", "access_token=****"},
    {"token of any name", "QueryToken=QUERY_TOKEN_SECRET", "QueryToken=****"},
    {"shared access signature", "sig=abc%2Fdef%3D", "sig=****"},
    {"user and password of a URL", "https://svc:hunter2pw@host.example/x",
     "https://****@host.example/x"},
    {"signature", "X-Amz-Signature=fe5f80", "X-Amz-Signature=****"},
    {"signature without a name", std::string(64, 'a')},
    {"bearer token", "Bearer abcdefghijklmnop0123", "Bearer ****"},
    {"JSON web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_123"},
    {"IPv4 address", "203.0.113.255"},
    {"host name made of an address", "ip-10-0-255-1"},
    {"IPv6 address", "2001:db8:85a3::8a2e:370:7334"},
    {"IPv6 loopback", "::1"},
    {"IPv6 address in full", "2001:0db8:0000:0000:0000:8a2e:0370:7334"},
    {"IPv4 in IPv6", "::ffff:203.0.113.7"},
    {"user name", "userName=jane", "userName=****"},
    {"principal", "principal=jane.doe", "principal=****"},
    {"principal's session", "roleSessionName%3Djane-laptop", "roleSessionName%3D****"},
    {"e-mail address", "jane.doe+kms@example.co.uk"},
    {"e-mail address in a URL", "jane%40example.com"},
};

}  // namespace recoup::test
