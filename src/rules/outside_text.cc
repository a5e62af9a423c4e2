#include "rules/outside_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "documents/files.h"

namespace recoup::rules {
namespace {

// A token or password is short; whatever is longer is none.
constexpr std::size_t kLongestText = std::size_t{1} << 20;

core::Error not_one_line(const std::string& from, bool empty) {
  return core::Error{fmt::format("expected one line of text in {}, got {}", from,
                                 empty ? "none" : "several lines")};
}

// The prefix and the one line that the file holds; what ends it is no part of it.
core::Result<record::Secret> text_in(const std::string& file, const std::string& prefix,
                                     const std::string& from) {
  auto text = documents::read_file(file, kLongestText);
  if (!text) return text.error();
  while (text->ends_with('\n') || text->ends_with('\r')) text->pop_back();
  if (text->empty() || !is_one_line(*text)) return not_one_line(from, text->empty());
  return record::Secret(prefix + *text);
}

std::optional<OutsideText> from_environment(const documents::Value& value, std::string prefix,
                                            const Secrets& secrets) {
  const auto name = value.text();
  if (!name) return std::nullopt;
  const auto found = secrets.environment.find(*name);
  if (found == secrets.environment.end()) {
    value.complain(
        fmt::format("expected the environment variable '{}' to be set, got none", *name));
    return std::nullopt;
  }
  const std::string from = fmt::format("the environment variable '{}'", *name);
  if (found->second.empty() || !is_one_line(found->second)) {
    value.complain(not_one_line(from, found->second.empty()));
    return std::nullopt;
  }
  return OutsideText{record::Secret(prefix + found->second), "", std::move(prefix), from};
}

std::optional<OutsideText> from_file(const documents::Value& value, std::string prefix,
                                     const Secrets& secrets) {
  const auto path = value.text();
  if (!path) return std::nullopt;
  OutsideText outside{{},
                      (secrets.folder / *path).string(),
                      std::move(prefix),
                      fmt::format("the file '{}'", *path)};
  auto text = documents::read_file(outside.file, kLongestText);
  if (!text) {
    value.complain(fmt::format("expected a readable file, got '{}'", *path), text.error().help);
    return std::nullopt;
  }
  auto line = text_in(outside.file, outside.prefix, outside.from);
  if (!line) {
    value.complain(line.error());
    return std::nullopt;
  }
  outside.text = *std::move(line);
  return outside;
}

std::string read_prefix(const documents::Value& value) {
  const auto prefix = value.text();
  if (!prefix || is_one_line(*prefix)) return prefix.value_or("");
  value.complain("expected a prefix of one line, got several");
  return {};
}

}  // namespace

bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

std::optional<OutsideText> read_outside_text(const documents::Value& value,
                                             const Secrets& secrets) {
  const auto table = value.table();
  if (!table) return std::nullopt;
  const documents::Value env = table->optional("env");
  const documents::Value file = table->optional("file");
  std::string prefix = read_prefix(table->optional("prefix"));
  if (static_cast<bool>(env) == static_cast<bool>(file)) {
    table->complain(
        fmt::format("expected one of the keys 'env' and 'file', got {}", env ? "both" : "neither"));
    return std::nullopt;
  }
  return env ? from_environment(env, std::move(prefix), secrets)
             : from_file(file, std::move(prefix), secrets);
}

core::Result<record::Secret> text_now(const OutsideText& outside) {
  if (outside.file.empty()) return outside.text;
  return text_in(outside.file, outside.prefix, outside.from);
}

}  // namespace recoup::rules
