#pragma once

namespace soi::tokenizer {

/// The tokens 0 to 50255: the byte of each of the first 256, then of every later token the ids of the two earlier ones
/// that it is put together from, as four planes of bytes: the first's high bytes, its low bytes, the second's high
/// bytes, its low bytes. The source is generated at build time (tools/tokenizer_tables/vocabulary.mjs).
extern const char vocabulary_data[];

}  // namespace soi::tokenizer
