// How fast does one core read CloudTrail's .json.gz, beside libdeflate and simdjson back to back?
//
//   bench_trail [FILES]
//
// Each file has 4,000 records of 1.4 KB in the shape of real ones, of eight services, gzipped at
// level 6, as AWS delivers them. The peer unpacks a file with libdeflate and counts its records by
// minute with simdjson on demand: no ids, no digest, no accounts. Processor time, medians of five.
// This program is compiled for AVX2, so that the peer has the best that simdjson has.
#include <libdeflate.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "ledger/open.h"
#include "service/import_trail.h"
#include "sources/logs/trail.h"
#include "support/temp_dir.h"

using namespace recoup;

namespace {

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <typename Work>
double median(Work work) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    const double begin = cpu_seconds();
    work();
    times.push_back(cpu_seconds() - begin);
  }
  std::sort(times.begin(), times.end());
  return times[2];
}

std::string one_record(unsigned i) {
  static const char* const services[] = {"kms", "ec2", "s3", "ssm", "iam", "sts", "rds", "lambda"};
  const unsigned hash = i * 2654435761U;
  const unsigned second = i / 40;
  return fmt::format(
      R"({{"eventVersion":"1.08","userIdentity":{{"type":"AssumedRole","principalId":"AROA{0:08X}EXAMPLE:app-{1}","arn":"arn:aws:sts::111122223333:assumed-role/app/app-{1}","accountId":"111122223333","accessKeyId":"ASIA{0:08X}EXAMPLE","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{0:08X}EXAMPLE","arn":"arn:aws:iam::111122223333:role/app","accountId":"111122223333","userName":"app"}},"webIdFederationData":{{}},"attributes":{{"creationDate":"2026-10-03T00:00:00Z","mfaAuthenticated":"false"}}}}}},"eventTime":"2026-10-{2:02}T{3:02}:{4:02}:{5:02}Z","eventSource":"{6}.amazonaws.com","eventName":"Decrypt","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.{7}","userAgent":"aws-sdk-java/1.12.488 Linux/5.4.247-169.350.amzn2int.x86_64 OpenJDK_64-Bit_Server_VM/25.372-b08 java/1.8.0_372 vendor/Oracle_Corporation cfg/retry-mode/standard",{8}"requestParameters":{{"encryptionContext":{{"aws:s3:arn":"arn:aws:s3:::bucket-{1}/object-{0:08x}"}},"encryptionAlgorithm":"SYMMETRIC_DEFAULT"}},"responseElements":null,"additionalEventData":{{"keyMaterialId":"{0:08x}{0:08x}{0:08x}{0:08x}"}},"requestID":"{0:08x}-1111-4222-8333-{9:012x}","eventID":"{0:08x}-4444-4555-8666-{9:012x}","readOnly":true,"resources":[{{"accountId":"111122223333","type":"AWS::KMS::Key","ARN":"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-{1:012x}"}}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_256_GCM_SHA384","clientProvidedHostHeader":"kms.us-east-1.amazonaws.com"}}}})", hash,
      hash % 97, 1 + second / 86400 % 28, second / 3600 % 24, second / 60 % 60, second % 60,
      services[i % 8], hash % 251,
      i % 500 == 0 ? R"("errorCode":"KMSInternalException","errorMessage":"x",)" : "", i);
}

std::string packed(const std::string& text) {
  libdeflate_compressor* const compressor = libdeflate_alloc_compressor(6);
  std::string out(libdeflate_gzip_compress_bound(compressor, text.size()), '\0');
  out.resize(
      libdeflate_gzip_compress(compressor, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What the peer counts in one file.
std::size_t peer(libdeflate_decompressor* unpack, simdjson::ondemand::parser& parser,
                 const std::string& path, std::size_t size) {
  const std::string raw = bytes_of(path);
  std::string text;
  text.reserve(size + simdjson::SIMDJSON_PADDING);
  text.resize(size);
  libdeflate_gzip_decompress(unpack, raw.data(), raw.size(), text.data(), size, nullptr);
  std::map<std::string, std::size_t, std::less<>> minutes;
  std::size_t errors = 0;
  simdjson::ondemand::document document =
      parser.iterate(text.data(), size, size + simdjson::SIMDJSON_PADDING);
  for (simdjson::ondemand::object record : document["Records"].get_array()) {
    const std::string_view time = record["eventTime"].get_string();
    const std::string_view source = record["eventSource"].get_string();
    std::string_view error;
    if (record["errorCode"].get_string().get(error) == simdjson::SUCCESS) ++errors;
    const std::string_view minute = time.substr(0, 16);
    auto found = minutes.find(minute);
    if (found == minutes.end()) found = minutes.emplace(std::string(minute), 0).first;
    found->second += source.empty() ? 0 : 1;
  }
  std::size_t records = 0;
  for (const auto& [minute, count] : minutes) records += count;
  return records;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr unsigned kRecords = 4000;
  const unsigned files = argc > 1 ? static_cast<unsigned>(std::stoul(argv[1])) : 24;
  const test::TempDir dir;
  std::vector<std::string> paths;
  std::vector<std::size_t> sizes;
  double gigabytes = 0;
  for (unsigned file = 0; file < files; ++file) {
    std::string text = "{\"Records\":[";
    for (unsigned i = 0; i < kRecords; ++i) {
      text += (i == 0 ? "" : ",") + one_record(file * kRecords + i);
    }
    text += "]}";
    sizes.push_back(text.size());
    gigabytes += static_cast<double>(text.size()) * 1e-9;
    paths.push_back(dir.write(fmt::format("{:03}.json.gz", file), packed(text)));
  }
  sources::TrailWish wish;
  wish.event_sources = {"kms.amazonaws.com"};
  wish.account = "111122223333";
  wish.region = "us-east-1";
  wish.status_of = [](std::string_view) { return 500; };

  std::uint64_t requests = 0;
  const double reading = median([&] {
    requests = 0;
    for (const std::string& path : paths) {
      const auto content = sources::read_trail(path, {wish}, nullptr);
      if (content && content->records == kRecords) requests += content->shares[0].requests;
    }
  });
  std::size_t counted = 0;
  libdeflate_decompressor* const unpack = libdeflate_alloc_decompressor();
  simdjson::ondemand::parser parser;
  const double peers = median([&] {
    counted = 0;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      counted += peer(unpack, parser, paths[i], sizes[i]);
    }
  });
  libdeflate_free_decompressor(unpack);
  if (requests * 8 != std::uint64_t{files} * kRecords || counted != std::size_t{files} * kRecords) {
    fmt::print(stderr, "the trail was not read right\n");
    return 1;
  }
  fmt::print("{:.2f} GB in {} files, {} records, {} of them wanted\n", gigabytes, files, counted,
             requests);
  fmt::print("libdeflate, then simdjson {:6.2f} GB/s\n", gigabytes / peers);
  fmt::print("read_trail                {:6.2f} GB/s, {:.2f} of it\n", gigabytes / reading,
             peers / reading);
  return 0;
}
