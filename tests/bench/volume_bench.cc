// How much memory does `recoup import` take for 10 GB of logs, and for a log of nothing but
// failures?
//
//   bench_volume [GIGABYTES [GIGABYTES OF TRAIL [FAILURES]]]
//
// The real program imports into a new ledger: an access log of 10 GB, the lines of a real one over
// and over (elastic-apache_logs, 10,000 lines of 237 bytes, where it is; else lines like these);
// CloudTrail's .json.gz of 2 GB unpacked, real files again and again with other eventIDs each time;
// and a combined log of 3,000,000 lines that all failed, over a month. Peak of resident memory,
// wall and processor time. It ends with status 1 where a limit is passed.
#include <libdeflate.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "peer_program.h"
#include "support/places.h"
#include "support/temp_dir.h"

using namespace recoup;

namespace {

constexpr double kMostForVolume = 500;  // MB
constexpr double kMostForFailures = 200;

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string line_of(unsigned i, unsigned day, unsigned second, int status) {
  return fmt::format(
      "198.51.100.{} - - [{:02}/Oct/2026:{:02}:{:02}:{:02} +0000] \"GET /v1/orders/{}?page={} "
      "HTTP/1.1\" {} {} \"https://shop.example/cart\" \"Mozilla/5.0 (X11; Linux x86_64; rv:109.0) "
      "Gecko/20100101 Firefox/115.0\"\n",
      i % 251, day, second / 3600, second / 60 % 60, second % 60, i, i % 7, status, i % 9973);
}

std::uint64_t write_access_log(const std::string& path, std::uint64_t bytes) {
  std::string block;
  if (const std::filesystem::path real = SHARED_DATA "/weblogs/elastic-apache_logs";
      std::filesystem::exists(real)) {
    block = bytes_of(real);
  } else {
    for (unsigned i = 0; i < 10'000; ++i) block += line_of(i, 3, i * 8, i % 1000 == 7 ? 503 : 200);
  }
  std::ofstream out(path, std::ios::binary);
  std::uint64_t written = 0;
  for (; written < bytes; written += block.size()) out << block;
  return written;
}

void write_failures(const std::string& path, std::uint64_t lines) {
  std::ofstream out(path, std::ios::binary);
  for (std::uint64_t i = 0; i < lines; ++i) {
    const auto second = static_cast<unsigned>(i * 31 * 86'400 / lines);
    out << line_of(static_cast<unsigned>(i), 1 + second / 86'400, second % 86'400, 503);
  }
}

std::string packed(const std::string& text) {
  libdeflate_compressor* const compressor = libdeflate_alloc_compressor(1);
  std::string out(libdeflate_gzip_compress_bound(compressor, text.size()), '\0');
  out.resize(
      libdeflate_gzip_compress(compressor, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

// Files of a trail; how many bytes are in them. Each copy has ids of its own.
std::uint64_t write_trail(const std::filesystem::path& folder, std::uint64_t bytes) {
  std::vector<std::string> texts;
  for (const auto& file : std::filesystem::directory_iterator(SHARED_DATA "/cloudtrail/invictus")) {
    if (file.path().extension() == ".json") texts.push_back(bytes_of(file.path()));
  }
  constexpr std::string_view kId = "\"eventID\":\"";
  std::uint64_t written = 0;
  for (unsigned copy = 0; written < bytes; ++copy) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::string& text = texts[i];
      for (auto at = text.find(kId); at != std::string::npos; at = text.find(kId, at + 1)) {
        text.replace(at + kId.size(), 8, fmt::format("{:08x}", copy));
      }
      std::ofstream out(folder / fmt::format("{:05}-{:03}.json.gz", copy, i), std::ios::binary);
      out << packed(text);
      written += text.size();
    }
  }
  return written;
}

std::string settings() {
  return R"([[agreement]]
id = "kms-us-east-1"
sla = "aws-kms"
account = "123837392027"
region = "us-east-1"
count_indirect = true
)";
}

// Imports into a new ledger beside `path`; whether memory stayed below the limit.
bool import(const char* what, std::uint64_t bytes, const test::TempDir& dir,
            std::vector<std::string> words, double most) {
  const std::string config = dir.write("recoup.toml", settings());
  words.insert(words.begin(), {BINARY_DIR "/recoup", "import", "--config", config});
  const auto begin = std::chrono::steady_clock::now();
  const auto run = bench::run_peer(words);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  if (!run) {
    fmt::print(stderr, "{}: the import failed\n", what);
    return false;
  }
  const double gigabytes = static_cast<double>(bytes) * 1e-9;
  fmt::print(
      "{:<12} {:6.2f} GB  {:6.1f} MB at most (limit {:.0f})  {:6.1f} s, {:5.2f} GB/s of a core\n",
      what, gigabytes, run->megabytes, most, wall.count(), gigabytes / run->seconds);
  return run->megabytes <= most;
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, double otherwise) {
    return argc > i ? std::stod(argv[i]) : otherwise;
  };
  bool is_right = true;
  {
    const test::TempDir dir;
    const std::uint64_t bytes =
        write_access_log(dir.file("access.log"), static_cast<std::uint64_t>(argument(1, 10) * 1e9));
    is_right &= import("access log", bytes, dir,
                       {"--agreement", "kms-us-east-1", dir.file("access.log")}, kMostForVolume);
  }
  if (std::filesystem::exists(SHARED_DATA "/cloudtrail/invictus")) {
    const test::TempDir dir;
    std::filesystem::create_directory(dir.file("trail"));
    const std::uint64_t bytes =
        write_trail(dir.file("trail"), static_cast<std::uint64_t>(argument(2, 2) * 1e9));
    is_right &= import("CloudTrail", bytes, dir, {dir.file("trail")}, kMostForVolume);
  } else {
    fmt::print("CloudTrail   not measured: the files are not there\n");
  }
  const test::TempDir dir;
  write_failures(dir.file("failures.log"), static_cast<std::uint64_t>(argument(3, 3e6)));
  is_right &= import("failures", std::filesystem::file_size(dir.file("failures.log")), dir,
                     {"--agreement", "kms-us-east-1", dir.file("failures.log")}, kMostForFailures);
  return is_right ? 0 : 1;
}
