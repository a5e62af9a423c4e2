#include "sources/logs/formats/json_line.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <simdjson.h>

namespace recoup::sources {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

// A key as written, which mostly is as it is: escapes in keys are not undone.
std::string_view key_of(ondemand::field& field) {
  const char* const begin = field.key().raw();
  const char* end = begin;
  while (*end != '"') end += *end == '\\' ? 2 : 1;  // there is one: the parser has found it
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::string_view without_end(std::string_view token) {
  const auto last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

// Four hexadecimal digits; -1 where they are none.
int hex4(std::string_view text) {
  if (text.size() < 4) return -1;
  int value = 0;
  for (const char c : text.substr(0, 4)) {
    const auto digit = std::string_view("0123456789abcdef").find(c >= 'A' && c <= 'F' ? c + 32 : c);
    if (digit == std::string_view::npos) return -1;
    value = value * 16 + static_cast<int>(digit);
  }
  return value;
}

// Undoes escapes; one that JSON does not have stays as it is.
void unescape(std::string_view text, std::string& out) {
  constexpr std::string_view kEscapes = "\"\\/bfnrt";
  constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char escape = text[++i];
    if (const auto known = kEscapes.find(escape); known != std::string_view::npos) {
      out += kMeant[known];
    } else if (const int code = escape == 'u' ? hex4(text.substr(i + 1)) : -1; code >= 0) {
      append_utf8(out, static_cast<unsigned>(code));
      i += 4;
    } else {
      out += '\\';
      out += escape;
    }
  }
}

}  // namespace

struct JsonLine::Parser {
  explicit Parser(const JsonKeys& keys_) : keys(keys_) {}

  // The parser reads some bytes more than the line has.
  error_code parse(JsonLine& out, std::string_view line) {
    out.filled_.reset();
    if (padded.size() < line.size() + simdjson::SIMDJSON_PADDING) {
      padded.resize(2 * line.size() + simdjson::SIMDJSON_PADDING);
    }
    std::copy(line.begin(), line.end(), padded.begin());
    const error_code error = parse_padded(out, line.size());
    if (error != simdjson::UTF8_ERROR && error != simdjson::UNESCAPED_CHARS) return error;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (static_cast<unsigned char>(padded[i]) < ' ') padded[i] = ' ';
      if (static_cast<unsigned char>(padded[i]) >= 0x80) padded[i] = '_';
    }
    return parse_padded(out, line.size());
  }

  error_code parse_padded(JsonLine& out, std::size_t size) {
    ondemand::document document;
    ondemand::object object;
    if (const auto error = parser.iterate(padded.data(), size, padded.size()).get(document)) {
      return error;
    }
    if (const auto error = document.get_object().get(object)) return error;
    if (const auto error = walk(out, object, 0)) return error;
    const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    return at_end ? simdjson::SUCCESS : simdjson::TAPE_ERROR;
  }

  error_code walk(JsonLine& out, ondemand::object& object, std::size_t node) {
    for (auto each : object) {
      ondemand::field field;
      if (const auto error = std::move(each).get(field)) return error;
      const JsonKeys::Entry* entry = keys.find(node, key_of(field));
      if (entry == nullptr) continue;
      if (const auto error = take(out, field.value(), *entry)) return error;
    }
    return simdjson::SUCCESS;
  }

  error_code take(JsonLine& out, ondemand::value& value, const JsonKeys::Entry& entry) {
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    if (type == ondemand::json_type::object) {
      if (entry.node == JsonKeys::kNone) return simdjson::SUCCESS;
      ondemand::object inner;
      if (const auto error = value.get_object().get(inner)) return error;
      return walk(out, inner, entry.node);
    }
    if (entry.slot == JsonKeys::kNone) return simdjson::SUCCESS;
    if (type == ondemand::json_type::array) return take_first(out, value, entry);
    return keep(out, value.raw_json_token(), entry.slot);
  }

  // Headers are lists, of one value each.
  error_code take_first(JsonLine& out, ondemand::value& value, const JsonKeys::Entry& entry) {
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    for (auto each : array) {
      ondemand::value first;
      ondemand::json_type type{};
      if (const auto error = std::move(each).get(first)) return error;
      if (const auto error = first.type().get(type)) return error;
      const bool is_scalar =
          type != ondemand::json_type::object && type != ondemand::json_type::array;
      return is_scalar ? keep(out, first.raw_json_token(), entry.slot) : simdjson::SUCCESS;
    }
    return simdjson::SUCCESS;
  }

  static error_code keep(JsonLine& out, std::string_view token, JsonKeys::Slot slot) {
    token = without_end(token);
    if (token.starts_with('"')) {
      if (token.size() < 2 || token.back() != '"') return simdjson::STRING_ERROR;
      token = token.substr(1, token.size() - 2);
    } else if (token == "null") {
      return simdjson::SUCCESS;
    }
    out.raw_[slot] = token;
    out.filled_[slot] = true;
    return simdjson::SUCCESS;
  }

  const JsonKeys& keys;
  ondemand::parser parser;
  std::vector<char> padded;
};

JsonLine::JsonLine(const JsonKeys& keys) : parser_(std::make_unique<Parser>(keys)) {}
JsonLine::~JsonLine() = default;

bool JsonLine::read(std::string_view line) {
  return parser_->parse(*this, line) == simdjson::SUCCESS;
}

std::string_view JsonLine::text(JsonKeys::Slot slot) {
  const std::string_view raw = raw_[slot];
  if (raw.find('\\') == std::string_view::npos) return raw;
  unescape(raw, unescaped_);
  return unescaped_;
}

}  // namespace recoup::sources
