#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <system_error>

#include "core/result.h"

namespace recoup::documents {

// Environment is what the settings may take from the process's environment.
using Environment = std::map<std::string, std::string>;

// The system's reason in the house's form: "no such file or directory".
std::string reason(const std::error_code& code);

// What tells a file that was written or replaced from the one before, without reading it.
std::string stamp_of(const std::string& file);

// All of a file, which must have no more than `most` bytes: no more are read. The error's message
// names the path; its help is the system's reason.
core::Result<std::string> read_file(const std::filesystem::path& path,
                                    std::size_t most = std::string::npos);

}  // namespace recoup::documents
