#include "cli/log_format.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"
#include "documents/near.h"

namespace recoup::cli {
namespace {

constexpr const char* kTime = "%Y-%m-%dT%H:%M:%S.%eZ";

const std::vector<std::string> kLevels{"trace", "debug", "info", "warning", "error", "off"};

// A pattern alone cannot: what is said may have quotes and line breaks in it.
class JsonLines final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& said, spdlog::memory_buf_t& out) override {
    spdlog::memory_buf_t time;
    time_.format(said, time);
    const auto level = spdlog::level::to_string_view(said.level);
    const nlohmann::ordered_json line{
        {"time", std::string(time.data(), time.size())},
        {"level", std::string(level.data(), level.size())},
        {"message", std::string(said.payload.data(), said.payload.size())}};
    // What is no UTF-8, as a name in a file may be, must not lose the line.
    const std::string text =
        line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
    out.append(text.data(), text.data() + text.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonLines>();
  }

 private:
  spdlog::pattern_formatter time_{kTime, spdlog::pattern_time_type::utc, ""};
};

std::atomic<bool> stands_in = false;

// Why standard output took not all of what it was given last, where it is stood in for; it is tried
// again with the next line.
std::optional<int> output_error() {
  const int error = errno;
  if (!stands_in || std::ferror(stdout) == 0) return std::nullopt;
  std::clearerr(stdout);
  return error;
}

// Where that takes nothing either, as a file on the same disk, there is nobody to be told.
void say_on_error(std::string_view line, int why) {
  const std::string text =
      fmt::format("{}\nrecoup: error: standard output could not be written: {}\n", line,
                  std::generic_category().message(why));
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
}

// The log's second sink: standard output, which is the first, took a line or did not.
class StandIn final : public spdlog::sinks::base_sink<std::mutex> {
  void sink_it_(const spdlog::details::log_msg& said) override {
    const auto why = output_error();
    if (!why) return;
    spdlog::memory_buf_t line;
    formatter_->format(said, line);
    say_on_error({line.data(), line.size() - 1}, *why);
  }
  void flush_() override {}
};

}  // namespace

void stand_in_for_output() { stands_in = true; }

void say_somewhere(std::string_view line) {
  try {
    say(line);
  } catch (const std::system_error&) {  // as ferror() says, too
  }
  if (const auto why = output_error()) say_on_error(line, *why);
}

void log_as_text() {
  auto& sinks = spdlog::default_logger_raw()->sinks();
  if (sinks.size() == 1) sinks.push_back(std::make_shared<StandIn>());
  spdlog::set_pattern(fmt::format("{} [%^%l%$] %v", kTime), spdlog::pattern_time_type::utc);
  log_with_colours(has_colours());
}

void log_with_colours(bool colours) {
  for (const auto& sink : spdlog::default_logger_raw()->sinks()) {
    auto* own = dynamic_cast<spdlog::sinks::stdout_color_sink_mt*>(sink.get());
    if (own == nullptr) continue;
    own->set_color_mode(colours ? spdlog::color_mode::always : spdlog::color_mode::never);
  }
}

void log_as_json() { spdlog::set_formatter(std::make_unique<JsonLines>()); }

core::Result<void> set_log_format(const std::string& name) {
  if (name != "text" && name != "json") {
    return core::Error{fmt::format("expected text or json, got '{}'", name)};
  }
  name == "json" ? log_as_json() : log_as_text();
  return {};
}

core::Result<void> set_log_level(const std::string& name) {
  for (const std::string& one : kLevels) {
    if (one != name) continue;
    spdlog::set_level(spdlog::level::from_str(name));
    return {};
  }
  return core::Error{fmt::format("expected one of {}, got '{}'", fmt::join(kLevels, ", "), name),
                     "", documents::did_you_mean(name, kLevels, "info is usual")};
}

}  // namespace recoup::cli
