// How fast does one core read CloudTrail's .json.gz, beside libdeflate and simdjson back to back,
// and beside DuckDB?
//
//   bench_trail [FILES]
//
// Two trails, gzipped at level 6 as AWS delivers them: real files of a test account, where they are
// (2,900 records of 1.3 KB in 55 files, of which 240 are of KMS), each FILES times; and FILES files
// of 4,000 records of 1.4 KB in their shape, an eighth of them of KMS. What is timed is all that an
// import does before the ledger: unpacking, whose Request each record is, its id and outcome, and
// the SHA-256 of the file as it lies.
//
// The first peer unpacks a file with libdeflate and counts its records by minute with simdjson on
// demand: no ids, no digest, no accounts. This program is compiled for AVX2, so that it has the
// best that simdjson has. The second is DuckDB, on one thread, that counts by minute and errorCode.
// Processor time, medians of five rounds in which both take turns.
#include <libdeflate.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "peer_program.h"
#include "processor_time.h"
#include "sources/logs/trail.h"
#include "support/places.h"
#include "support/temp_dir.h"

using namespace recoup;

namespace {

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

// Trail is packed files, and what is in them.
struct Trail {
  explicit Trail(std::string account_of) : account(std::move(account_of)) {}

  void add(const std::string& text) {
    sizes.push_back(text.size());
    gigabytes += static_cast<double>(text.size()) * 1e-9;
    paths.push_back(dir.write(fmt::format("{:05}.json.gz", paths.size()), packed(text)));
  }

  test::TempDir dir;
  std::string account;
  std::vector<std::string> paths;
  std::vector<std::size_t> sizes;  // unpacked
  double gigabytes = 0;
  std::uint64_t records = 0;  // all of them, and those of KMS, of the account or of others
  std::uint64_t wanted = 0;
};

void fill_with_real(Trail& trail, unsigned copies) {
  for (unsigned copy = 0; copy < copies; ++copy) {
    for (const auto& file :
         std::filesystem::directory_iterator(SHARED_DATA "/cloudtrail/invictus")) {
      if (file.path().extension() == ".json") trail.add(bytes_of(file.path()));
    }
  }
  trail.records = 2900ULL * copies;
  trail.wanted = 240ULL * copies;
}

void fill_with_made(Trail& trail, unsigned files) {
  constexpr unsigned kRecords = 4000;
  for (unsigned file = 0; file < files; ++file) {
    std::string text = "{\"Records\":[";
    for (unsigned i = 0; i < kRecords; ++i) {
      text += (i == 0 ? "" : ",") + one_record(file * kRecords + i);
    }
    trail.add(text + "]}");
  }
  trail.records = std::uint64_t{files} * kRecords;
  trail.wanted = trail.records / 8;
}

sources::TrailWish wish_for(const std::string& account) {
  sources::TrailWish wish;
  wish.event_sources = {"kms.amazonaws.com"};
  wish.account = account;
  wish.region = "us-east-1";
  wish.status_of = [](std::string_view) { return 500; };
  return wish;
}

// How long DuckDB takes; nothing where it is not installed.
std::optional<double> duckdb(const Trail& trail) {
  const auto run =
      bench::run_peer({"node", TESTS_DIR "/bench/duckdb/trail.mjs", trail.dir.path()}, true);
  if (!run) return std::nullopt;
  std::istringstream said(run->said);
  double seconds = 0;
  std::uint64_t records = 0;
  said >> seconds >> records;
  if (records != trail.records) {
    fmt::print("DuckDB counted {} records of {}\n", records, trail.records);
    return std::nullopt;
  }
  return seconds;
}

bool measure(const Trail& trail) {
  std::uint64_t requests = 0;
  std::size_t counted = 0;
  libdeflate_decompressor* const unpack = libdeflate_alloc_decompressor();
  simdjson::ondemand::parser parser;
  std::vector<double> reading, peers, ratios;
  for (int round = 0; round < 5; ++round) {
    requests = counted = 0;
    reading.push_back(bench::time_of([&] {
      sources::TrailFiles files({wish_for(trail.account)});
      for (const std::string& path : trail.paths) {
        const auto content = files.read(path, nullptr);
        if (content && content->malformed == 0) requests += content->shares[0].requests;
      }
    }));
    peers.push_back(bench::time_of([&] {
      for (std::size_t i = 0; i < trail.paths.size(); ++i) {
        counted += peer(unpack, parser, trail.paths[i], trail.sizes[i]);
      }
    }));
    ratios.push_back(peers.back() / reading.back());
  }
  libdeflate_free_decompressor(unpack);
  if (requests != trail.wanted || counted != trail.records) {
    fmt::print(stderr, "the trail was not read right: {} and {}\n", requests, counted);
    return false;
  }
  const double taken = bench::median(reading);
  fmt::print("  libdeflate, then simdjson {:6.2f} GB/s unpacked\n",
             trail.gigabytes / bench::median(peers));
  fmt::print("  TrailFiles                {:6.2f} GB/s, {:.2f} of it (reach: 0.8)\n",
             trail.gigabytes / taken, bench::median(ratios));
  if (const auto time = duckdb(trail)) {
    fmt::print(
        "  DuckDB, one thread        {:6.2f} GB/s; TrailFiles is {:.1f} times as fast "
        "(reach: 1.5)\n",
        trail.gigabytes / *time, *time / taken);
  } else {
    fmt::print("  DuckDB                    not measured: it is not installed, see ./dev bench\n");
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const unsigned files = argc > 1 ? static_cast<unsigned>(std::stoul(argv[1])) : 24;
  bool is_right = true;
  if (std::filesystem::exists(SHARED_DATA "/cloudtrail/invictus")) {
    Trail real("123837392027");
    fill_with_real(real, files);
    fmt::print("real: {:.2f} GB in {} files, {} records, {} of them wanted\n", real.gigabytes,
               real.paths.size(), real.records, real.wanted);
    is_right = measure(real);
  } else {
    fmt::print("real: not measured: the files are not there\n");
  }
  Trail made("111122223333");
  fill_with_made(made, files);
  fmt::print("made: {:.2f} GB in {} files, {} records, {} of them wanted\n", made.gigabytes,
             made.paths.size(), made.records, made.wanted);
  return measure(made) && is_right ? 0 : 1;
}
