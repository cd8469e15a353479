#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace soi {

/// What went wrong, as data. The page keeps one Vietnamese sentence and one piece of advice for each code, so a code
/// names a situation that the reader can act on, not a line of code. The names are generated into TypeScript.
#define SOI_ERROR_CODES(X)                                                                                       \
  X(invalid_argument)        /* a parameter out of its range; details: name, value, range */                     \
  X(out_of_memory)           /* details: bytes */                                                                \
  X(cancelled)               /* the caller asked a run to stop */                                                \
  X(io_error)                /* a file could not be read or written; details: path */                            \
  X(file_empty)              /* zero bytes */                                                                    \
  X(safetensors_truncated)   /* the file ends before its header or its data do; details: expected, actual */     \
  X(safetensors_header)      /* the header is too large, not JSON, or not of the format; details: reason */      \
  X(safetensors_offsets)     /* overlap, gap, or beyond the end; details: tensor */                              \
  X(safetensors_size)        /* bytes are not shape x dtype; details: tensor, expected, actual */                \
  X(safetensors_trailing)    /* bytes after the last tensor; details: expected, actual */                        \
  X(not_gpt2)                /* a valid file of another model; details: reason */                                \
  X(tensor_missing)          /* details: tensor */                                                               \
  X(tensor_shape)            /* details: tensor, expected, actual */                                             \
  X(tensor_dtype)            /* a number format that GPT-2's weights do not come in; details: tensor, dtype */   \
  X(tensor_not_finite)       /* NaN or infinity in the weights; details: tensor, index */                        \
  X(activation_not_finite)   /* NaN or infinity on the way to the logits, from finite weights */                 \
  X(config_invalid)          /* config.json contradicts the tensors or itself; details: key, expected, actual */ \
  X(text_empty)              /* nothing to run on */                                                             \
  X(text_too_long)           /* more tokens than n_ctx; details: n_tokens, n_ctx */                              \
  X(token_out_of_range)      /* details: token, n_vocab */                                                       \
  X(hook_unknown)            /* details: hook, closest */                                                        \
  X(hook_layer)              /* the model has fewer blocks; details: hook, n_layers */                           \
  X(hook_not_differentiable) /* no gradient from this hook to the embeddings is offered; details: hook */        \
  X(model_missing)           /* a request that needs a model came before one was loaded */                       \
  X(simd_missing)            /* the browser's WebAssembly has no SIMD */                                         \
  X(internal)                /* a defect of Soi */

enum class ErrorCode {
#define SOI_ERROR_ENUM(name) name,
  SOI_ERROR_CODES(SOI_ERROR_ENUM)
#undef SOI_ERROR_ENUM
};

/// The code's name, as it is spelled above.
std::string_view error_code_name(ErrorCode code);

/// All names, in order; for the generator of the TypeScript types.
std::vector<std::string_view> error_code_names();

/// The only exception that the library throws on purpose. `message` says what happened, `hint` what to do next (both in
/// English, for the command line); `details` are the values that a translated message needs.
class Error : public std::runtime_error {
 public:
  using Details = std::vector<std::pair<std::string, std::string>>;

  Error(ErrorCode error_code, const std::string& message, std::string error_hint = {}, Details error_details = {})
      : std::runtime_error(message), code(error_code), hint(std::move(error_hint)), details(std::move(error_details)) {}

  ErrorCode code;
  std::string hint;
  Details details;
};

}  // namespace soi
