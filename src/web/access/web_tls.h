#pragma once

#include <filesystem>
#include <optional>

#include "documents/document.h"
#include "web/http/tls.h"

namespace recoup::web {

// The largest web configuration, certificate or key that is read, in bytes.
inline constexpr std::size_t kLargestWebFile = 1 << 18;

// Reads the tls_server_config of a web configuration, a table that is not empty; nothing where it
// gives no certificate and key, which was complained about.
std::optional<Tls> read_web_tls(const documents::Table& table, const std::filesystem::path& folder);

}  // namespace recoup::web
