# Build options, warnings and the flags of each WASM variant.

option(SOI_BUILD_TESTS "Build the GoogleTest suites" ON)
option(SOI_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(SOI_THREADS "Run kernels on a thread pool" ON)
option(SOI_RELAXED_SIMD "WASM: fused multiply-add of relaxed SIMD (results differ between engines)" OFF)
# Header-only packages (nlohmann, Eigen, xtensor, xtl) are looked up here first. A WASM build needs a folder that holds
# these alone: the system's /usr/include must stay off the path of a cross compiler.
set(SOI_HEADER_DIR "" CACHE PATH "Folder with the third-party headers; empty: the system's packages")

find_program(SOI_CCACHE ccache)
if(SOI_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SOI_CCACHE})
  if(EMSCRIPTEN)
    # em++ is a script that ccache does not know; it takes clang's options.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${SOI_CCACHE} compiler_type=clang)
  endif()
endif()

add_library(soi_options INTERFACE)
target_include_directories(soi_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
if(SOI_HEADER_DIR)
  target_include_directories(soi_options SYSTEM INTERFACE ${SOI_HEADER_DIR})
else()
  find_package(nlohmann_json 3.10 REQUIRED)
  target_link_libraries(soi_options INTERFACE nlohmann_json::nlohmann_json)
endif()
target_compile_options(soi_options INTERFACE -Wall -Wextra -Werror -Wshadow -Wconversion -Wno-sign-conversion
                       # a*b+c must not fuse behind our back: strict builds give the same numbers everywhere
                       -ffp-contract=off)

if(EMSCRIPTEN)
  target_compile_options(soi_options INTERFACE -msimd128 -fwasm-exceptions)
  target_link_options(soi_options INTERFACE -fwasm-exceptions)
  if(SOI_RELAXED_SIMD)
    target_compile_options(soi_options INTERFACE -mrelaxed-simd)
    target_compile_definitions(soi_options INTERFACE SOI_RELAXED_SIMD=1)
  endif()
  if(SOI_THREADS)
    target_compile_options(soi_options INTERFACE -pthread)
    target_link_options(soi_options INTERFACE -pthread)
  endif()
else()
  find_package(Threads REQUIRED)
  target_link_libraries(soi_options INTERFACE Threads::Threads)
  if(SOI_SANITIZE)
    # No warnings: GCC 12 warns falsely in instrumented code (of std::regex, Eigen, nlohmann), and looking for them takes
    # a sixth of the time. The plain build refuses them.
    target_compile_options(soi_options INTERFACE -w -fsanitize=address,undefined -fno-sanitize-recover=all
                           -fno-omit-frame-pointer)
    target_link_options(soi_options INTERFACE -fsanitize=address,undefined)
  endif()
endif()
if(SOI_THREADS)
  target_compile_definitions(soi_options INTERFACE SOI_THREADS=1)
endif()
