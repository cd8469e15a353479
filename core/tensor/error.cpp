#include "core/tensor/error.h"

namespace soi {

std::vector<std::string_view> error_code_names() {
  return {
#define SOI_ERROR_NAME(name) #name,
      SOI_ERROR_CODES(SOI_ERROR_NAME)
#undef SOI_ERROR_NAME
  };
}

std::string_view error_code_name(ErrorCode code) { return error_code_names().at(static_cast<std::size_t>(code)); }

}  // namespace soi
