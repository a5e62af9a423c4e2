#include "fuzz/fuzz.h"
#include "sources/sdk/datagram.h"

using namespace recoup;
using recoup::test::fuzz;

TEST_CASE("no datagram breaks the reader of what SDKs send", "[datagrams]") {
  sources::sdk::DatagramReader reader;
  fuzz({R"({"Version":1,"ClientId":"a","Type":"ApiCallAttempt","Service":"KMS","Api":"Encrypt",)"
        R"("Timestamp":1795702377910,"AttemptLatency":45,"AccessKey":"AKIAIOSFODNN7EXAMPLE",)"
        R"("Region":"us-east-1","HttpStatusCode":500,"XAmznRequestId":"1","AwsException":"K"})",
        R"({"Type":"ApiCallAttempt","Service":"K\u004dS","Timestamp":1,"SdkException":"E",)"
        R"("SdkExceptionMessage":"connect ECONNREFUSED"})",
        R"({"Type":"ApiCall","Service":"KMS","Timestamp":1,"AttemptCount":2,"new":[{"a":null}]})"},
       [&](const std::string& text) { (void)reader.read(text); });
}
