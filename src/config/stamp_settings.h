#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/time.h"
#include "documents/document.h"

namespace recoup::config {

// StampSettings is which third party signs the time of what was recorded (RFC 3161).
struct StampSettings {
  std::string url;       // of its HTTP service
  std::string ca_file;   // where its certificates were read
  std::string ca;        // they themselves, PEM: those that a token may rest on
  core::Millis every{};  // whole days that one token is for
  std::string policy;    // a dotted number, by which it must be; empty: any

  bool operator==(const StampSettings&) const = default;
};

// Reads [timestamps]; nothing where it is absent, or was complained about. A relative path is taken
// from `folder`.
std::optional<StampSettings> read_stamps(const documents::Value& value,
                                         const std::filesystem::path& folder);

}  // namespace recoup::config
