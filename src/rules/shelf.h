#pragma once

#include <cassert>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rules/builtin_rules.h"

namespace recoup::rules {

// Shelf is files of one kind by id: the built-in ones, and the user's own, which come before
// built-in ones of the same id. Copies share what they hold.
template <typename T>
class Shelf {
 public:
  using Files = std::map<std::string, std::shared_ptr<const T>>;

  // Reads built-in files, which tests have read before: they have no mistakes.
  template <typename Parse>
  static Files read(const std::vector<BuiltinFile>& builtin, Parse parse) {
    Files files;
    for (const BuiltinFile& one : builtin) {
      auto read = parse(std::string(one.text), std::string(one.path));
      assert(read.ok());
      files.emplace(one.id, std::make_shared<T>(std::move(*read)));
    }
    return files;
  }

  // `builtin` never changes and outlives all shelves: they share one reading.
  explicit Shelf(const Files& builtin) : builtin_(&builtin) {}

  // Adds one of the user's own. False where they have another of that id.
  bool add(const std::string& id, T file) {
    return own_.emplace(id, std::make_shared<T>(std::move(file))).second;
  }

  // The one of that id, or nothing.
  std::shared_ptr<const T> find(const std::string& id) const {
    for (const Files* files : {&own_, builtin_}) {
      if (const auto found = files->find(id); found != files->end()) return found->second;
    }
    return nullptr;
  }

  Files all() const {
    Files files = own_;
    files.insert(builtin_->begin(), builtin_->end());
    return files;
  }

  // In order.
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, file] : all()) ids.push_back(id);
    return ids;
  }

 private:
  const Files* builtin_;
  Files own_;
};

}  // namespace recoup::rules
