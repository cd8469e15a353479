#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/kernels/weight_matrix.h"
#include "core/tensor/tensor.h"
#include "wasm/message.h"

namespace soi::wasm {

/// Everything that crosses between the page and the core. Results hold columns (typed arrays), not lists of objects: a
/// column is copied once out of WASM memory and transferred, whatever its length.
inline constexpr std::array<std::string_view, 3> number_format_names{"f32", "f16", "int8"};  // as NumberFormat counts
using Names = std::vector<std::string>;
using Indices = std::vector<std::size_t>;                           // a list of numbers in JavaScript
using TokenIds = std::vector<std::int32_t>;                         // a list of numbers in JavaScript
using Settings = std::vector<std::pair<std::string, std::string>>;  // an object of strings in JavaScript
/// Int32Array, Float32Array, Float64Array and Uint8Array.
struct IntColumn {
  std::vector<std::int32_t> values;
};
struct FloatColumn {
  Tensor values;  // of any shape
};
struct DoubleColumn {
  std::vector<double> values;
};
struct ByteColumn {
  std::string values;
};

// clang-format off
#define SOI_MODEL_CONFIG(X) \
  X(std::size_t, n_layers, "") \
  X(std::size_t, n_heads, "") \
  X(std::size_t, d_model, "") \
  X(std::size_t, d_head, "") \
  X(std::size_t, d_mlp, "") \
  X(std::size_t, n_ctx, "") \
  X(std::size_t, n_vocab, "")

#define SOI_LOAD_REQUEST(X) \
  X(std::string, name, "Shown to the reader; not looked up.") \
  X(std::optional<NumberFormat>, format, "How matrices are held; unset: f32 for a file of floats, int8 for an int8 file.") \
  X(std::optional<std::string>, config_json, "The text of a config.json, if there is one.")

#define SOI_MODEL_INFO(X) \
  X(std::string, name, "") \
  X(ModelConfig, config, "") \
  X(NumberFormat, format, "How matrices are held in memory.") \
  X(double, file_bytes, "Bytes of the checkpoint file.") \
  X(double, weight_bytes, "Bytes that the weights hold in memory.") \
  X(double, heap_bytes, "Bytes of the whole WASM memory now.") \
  X(double, seconds, "Seconds that loading took.")

#define SOI_VOCABULARY_REQUEST(X)

#define SOI_VOCABULARY(X) \
  X(ByteColumn, bytes, "All tokens' bytes, one after the other.") \
  X(IntColumn, ends, "[50257]: where each token's bytes end.")

#define SOI_TOKENIZE_REQUEST(X) \
  X(ByteColumn, text, "In UTF-8.") \
  X(bool, special, "Whether <|endoftext|> is the one token 50256; else it is ordinary text.")

#define SOI_TOKEN_COLUMNS(X) \
  X(IntColumn, ids, "[T]") \
  X(IntColumn, ends, "[T]: where each token's bytes end in the text's UTF-8; the first begins at 0.") \
  X(IntColumn, groups, "Index of the first token of each group of tokens that together are whole characters.")

#define SOI_RANKING(X) \
  X(std::size_t, n_rows, "") \
  X(IntColumn, ids, "[nRows, top], most probable first.") \
  X(FloatColumn, logits, "[nRows, top]") \
  X(FloatColumn, probabilities, "[nRows, top], of the whole distribution.")

#define SOI_INSPECT_REQUEST(X) \
  X(TokenIds, ids, "") \
  X(std::size_t, top, "How many tokens of each distribution.") \
  X(std::size_t, lens_top, "Distribution at every layer and position by the logit lens, most probable `lensTop` tokens; 0: none.") \
  X(Indices, pattern_layers, "Layers whose attention patterns are wanted.")

#define SOI_INSPECT_COLUMNS(X) \
  X(Ranking, next, "A row for each of the T positions.") \
  X(FloatColumn, entropies, "[T], in nats.") \
  X(FloatColumn, actual_probabilities, "[T - 1]: of the token that really follows.") \
  X(IntColumn, actual_ranks, "[T - 1]: its rank, from 1; equal logits share the better rank.") \
  X(Ranking, lens, "[nLayers + 1, T] rows: before each block, and after the last one.") \
  X(std::vector<FloatColumn>, patterns, "One for each of `patternLayers`: [nHeads, T, T], head, query, key.") \
  X(double, seconds, "")

#define SOI_GENERATE_REQUEST(X) \
  X(TokenIds, ids, "") \
  X(std::size_t, n_tokens, "How many to draw; fewer come where the context is full before.") \
  X(double, temperature, "0: always the most probable token.") \
  X(std::size_t, top_k, "Draw among so many; 0: all.") \
  X(double, top_p, "Draw among the fewest that hold so much probability, in (0, 1].") \
  X(double, seed, "A whole number from 0.")

#define SOI_GENERATED_TOKEN(X) \
  X(std::int32_t, id, "") \
  X(float, logit, "") \
  X(float, probability, "Of the model's own distribution, before temperature, top-k and top-p.")

#define SOI_GENERATED(X) \
  X(TokenIds, ids, "The new tokens.") \
  X(bool, cancelled, "") \
  X(double, seconds, "")

#define SOI_CAPTURE_REQUEST(X) \
  X(TokenIds, ids, "") \
  X(Names, hooks, "")

#define SOI_CAPTURED_VALUE(X) \
  X(Indices, shape, "") \
  X(FloatColumn, values, "Row-major.")

#define SOI_CAPTURED_VALUES(X) \
  X(std::vector<CapturedValue>, values, "In the order of the request's `hooks`.")

#define SOI_LESSONS_REQUEST(X)

#define SOI_LESSONS(X) \
  X(std::string, json, "See core/experiments/describe.h.")

#define SOI_LESSON_REQUEST(X) \
  X(std::string, name, "") \
  X(std::string, protocol, "notebook, document or corrected.") \
  X(double, seed, "A whole number from 0.") \
  X(Settings, settings, "Parameters by name, as a reader types them; the rest are the protocol's.")

#define SOI_LESSON_POINTS(X) \
  X(Names, series, "The series that each point belongs to.") \
  X(DoubleColumn, steps, "") \
  X(DoubleColumn, values, "")

#define SOI_LESSON_OUTCOME(X) \
  X(std::string, json, "Everything but the arrays' values, as `soi lesson --json` prints it.") \
  X(Names, names, "The arrays'.") \
  X(std::vector<CapturedValue>, arrays, "In the order of `names`.")
// clang-format on

/// All messages, each after those that it holds:  X(name, fields, doc)
#define SOI_MESSAGES(X)                                                                      \
  X(ModelConfig, SOI_MODEL_CONFIG, "The sizes of a GPT-2.")                                  \
  X(LoadRequest, SOI_LOAD_REQUEST, "A checkpoint, whose bytes come apart.")                  \
  X(ModelInfo, SOI_MODEL_INFO, "What was loaded.")                                           \
  X(VocabularyRequest, SOI_VOCABULARY_REQUEST, "")                                           \
  X(Vocabulary, SOI_VOCABULARY, "The bytes of every token.")                                 \
  X(TokenizeRequest, SOI_TOKENIZE_REQUEST, "")                                               \
  X(TokenColumns, SOI_TOKEN_COLUMNS, "")                                                     \
  X(Ranking, SOI_RANKING, "The most probable tokens of some distributions.")                 \
  X(InspectRequest, SOI_INSPECT_REQUEST, "")                                                 \
  X(InspectColumns, SOI_INSPECT_COLUMNS, "")                                                 \
  X(GenerateRequest, SOI_GENERATE_REQUEST, "")                                               \
  X(GeneratedToken, SOI_GENERATED_TOKEN, "")                                                 \
  X(Generated, SOI_GENERATED, "All tokens that were drawn, also those before a cancel.")     \
  X(CaptureRequest, SOI_CAPTURE_REQUEST, "Values at hooks; memory is what is named.")        \
  X(CapturedValue, SOI_CAPTURED_VALUE, "")                                                   \
  X(CapturedValues, SOI_CAPTURED_VALUES, "")                                                 \
  X(LessonsRequest, SOI_LESSONS_REQUEST, "")                                                 \
  X(Lessons, SOI_LESSONS, "The lessons' parameters.")                                        \
  X(LessonRequest, SOI_LESSON_REQUEST, "A lesson's experiment.")                             \
  X(LessonPoints, SOI_LESSON_POINTS, "Points that were observed since the last such event.") \
  X(LessonOutcome, SOI_LESSON_OUTCOME, "")

#define SOI_DEFINE_MESSAGE(Name, FIELDS, doc) SOI_MESSAGE(Name, FIELDS)
SOI_MESSAGES(SOI_DEFINE_MESSAGE)
#undef SOI_DEFINE_MESSAGE

/// What an event-less request sends while it runs.
struct NoEvent {};

/// Requests to the core, each run in steps:  X(name, request, event, result)
/// Events come while it runs, the result at its end. Loading is apart: it comes with bytes (Session::load).
#define SOI_REQUESTS(X)                                   \
  X(vocabulary, VocabularyRequest, NoEvent, Vocabulary)   \
  X(tokenize, TokenizeRequest, NoEvent, TokenColumns)     \
  X(inspect, InspectRequest, NoEvent, InspectColumns)     \
  X(generate, GenerateRequest, GeneratedToken, Generated) \
  X(capture, CaptureRequest, NoEvent, CapturedValues)     \
  X(lessons, LessonsRequest, NoEvent, Lessons)            \
  X(lesson, LessonRequest, LessonPoints, LessonOutcome)

}  // namespace soi::wasm
