// recoup-verify checks a claim that Recoup wrote, for whoever receives one: `recoup verify DIR`
// without the rest of the program.

#include <cstdio>
#include <exception>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "record/redact.h"
#include "reviewer/review.h"
#include "reviewer/words.h"

namespace {

using recoup::core::Error;
namespace reviewer = recoup::reviewer;

enum Exit { kAgrees = 0, kDiffers = 1, kWrongWords = 2 };

int complain(const Error& error) {
  std::string text = error.where.empty() ? "" : error.where + ": ";
  text += "error: " + error.message;
  if (!error.help.empty()) text += "\nhelp: " + error.help;
  fmt::print(stderr, "{}\n", recoup::record::visible(text));
  return kWrongWords;
}

int check(const reviewer::Review& options) {
  const auto found = reviewer::review(options, recoup::rules::Catalog());
  if (!found) return complain(found.error());
  for (const std::string& line :
       reviewer::lines_of(*found, options.folder, reviewer::what_it_shows(*found))) {
    fmt::print("{}\n", recoup::record::visible(line));
  }
  return found->ok() ? kAgrees : kDiffers;
}

int run(int argc, char** argv) {
  CLI::App app("Recomputes a claim that Recoup wrote from its own files alone.", "recoup-verify");
  app.set_version_flag("-V,--version", std::string("recoup-verify " RECOUP_VERSION));
  app.footer("Example:\n  recoup-verify claim --key 64_HEX_DIGITS --ca authority.pem\n\n" +
             std::string(reviewer::kWhatVerifyShows));
  reviewer::Review options;
  app.add_option("DIR", options.folder, "the claim's folder")->required();
  app.add_option("--key", options.key, "SHA256SUMS must be signed with this Ed25519 public key")
      ->transform(CLI::Validator(reviewer::wrong_key, "64 HEX DIGITS"));
  app.add_option("--ca", options.ca,
                 "tokens of the time must rest on a certificate of this PEM file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kAgrees : kWrongWords;
  }
  return check(options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int status = run(argc, argv);
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
    std::fputs("recoup-verify: error: standard output could not be written\n", stderr);
    return status == kAgrees ? kDiffers : status;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "recoup-verify: error: could not finish: %s\n", error.what());
    return kWrongWords;
  }
}
