#pragma once

namespace soi::tokenizer {

/// The tokens 0 to 50255, in order: for each a byte with its length, then its bytes. The source is generated at build
/// time (tools/tokenizer_tables/vocabulary.mjs).
extern const char vocabulary_data[];

}  // namespace soi::tokenizer
