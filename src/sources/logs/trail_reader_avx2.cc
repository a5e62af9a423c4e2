// The reader for processors of 2013 and later. CMakeLists.txt compiles this file for them and makes
// all of it private but the one function, so that no inline function of it is taken for a plain
// one.
#include "sources/logs/trail_reader.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#ifdef __AVX2__
#include <simdjson.h>

#define RECOUP_MAKE_TRAIL_READER make_avx2_trail_reader
#include "sources/logs/trail_reader_code.h"

extern "C" recoup::sources::TrailReader* recoup_avx2_trail_reader(
    bool keys, recoup::sources::TrailReader::Takes* takes) {
  return recoup::sources::make_avx2_trail_reader(keys, std::move(*takes)).release();
}
#endif
