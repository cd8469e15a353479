# GoogleTest is built from source with our own flags (threads and exceptions must agree), from the distribution's
# package: Debian's `googletest` puts it in /usr/src/googletest.
set(SOI_GOOGLETEST_DIR /usr/src/googletest CACHE PATH "GoogleTest's source tree")
set(gtest_dir ${SOI_GOOGLETEST_DIR}/googletest)
add_library(soi_gtest_main STATIC ${gtest_dir}/src/gtest-all.cc ${gtest_dir}/src/gtest_main.cc)
target_include_directories(soi_gtest_main SYSTEM PUBLIC ${gtest_dir}/include)
target_include_directories(soi_gtest_main PRIVATE ${gtest_dir})
target_link_libraries(soi_gtest_main PUBLIC soi_options)
target_compile_options(soi_gtest_main PRIVATE -w -O1)
if(SOI_SANITIZE)
  target_compile_options(soi_gtest_main PRIVATE -fno-sanitize=all)
endif()

# What every test program is compiled with. Compiling the tests costs more than running them: hence -O1, and with GCC one
# precompiled header. Clang's holds absolute paths: ccache would hand one checkout's to the next, which fails where the
# first is gone. -ffp-contract=off holds: the optimiser changes no number.
add_library(soi_test_options INTERFACE)
target_link_libraries(soi_test_options INTERFACE soi_gtest_main)
target_compile_options(soi_test_options INTERFACE -O1)
if(SOI_SANITIZE)
  # Checks of every pointer that is read: in the tests they would double the time to compile, and what they find ends the
  # program anyway. The core has them.
  target_compile_options(soi_test_options INTERFACE -fno-sanitize=null,alignment,vptr,object-size)
endif()
# Tests run in the root of the checkout. A relative path, so that checkouts share what ccache keeps.
target_compile_definitions(soi_test_options INTERFACE SOI_SOURCE_DIR=".")

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # ccache keeps what a precompiled header makes only where it can see through it (and CCACHE_SLOPPINESS lets it).
  target_compile_options(soi_test_options INTERFACE -fpch-preprocess)
  file(WRITE ${PROJECT_BINARY_DIR}/generated/test_headers.cpp "")
  add_library(soi_test_headers OBJECT ${PROJECT_BINARY_DIR}/generated/test_headers.cpp)
  target_link_libraries(soi_test_headers PRIVATE soi_test_options)
  target_precompile_headers(soi_test_headers PRIVATE <gtest/gtest.h> <nlohmann/json.hpp> <algorithm> <cmath> <cstdint>
                            <cstring> <filesystem> <fstream> <functional> <numeric> <sstream> <span> <thread>)
endif()

# Gives a test program the precompiled header, where there is one.
function(soi_reuse_test_headers target)
  if(TARGET soi_test_headers)
    target_precompile_headers(${target} REUSE_FROM soi_test_headers)
  endif()
endfunction()
