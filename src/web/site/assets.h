#pragma once

#include <optional>
#include <string_view>

namespace recoup::web {

// The text of a file of src/web/assets, by its name ("openapi.json"): compiled in, so that the
// program needs no file beside it. Nothing where there is none of that name. Lives as long as the
// program; may be called from any thread.
std::optional<std::string_view> asset(std::string_view name);

}  // namespace recoup::web
