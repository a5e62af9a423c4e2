#pragma once

namespace recoup::core {

// Throws std::logic_error: what the program itself takes for granted does not hold.
[[noreturn]] void not_so(const char* what, const char* function);

}  // namespace recoup::core

// As assert(), but in every build, the one that people run above all: a figure that rests on what
// does not hold must not be sent to anybody. Whoever runs the thread ends with the sentence. Never
// for what comes from outside: that is an error in words, or counted.
#define RECOUP_ENSURE(what) \
  ((what) ? static_cast<void>(0) : ::recoup::core::not_so(#what, __func__))
