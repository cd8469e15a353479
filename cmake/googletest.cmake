# GoogleTest is built from source with our own flags (threads and exceptions must agree), from the distribution's
# package: Debian's `googletest` puts it in /usr/src/googletest.
set(SOI_GOOGLETEST_DIR /usr/src/googletest CACHE PATH "GoogleTest's source tree")
set(gtest_dir ${SOI_GOOGLETEST_DIR}/googletest)
add_library(soi_gtest_main STATIC ${gtest_dir}/src/gtest-all.cc ${gtest_dir}/src/gtest_main.cc)
target_include_directories(soi_gtest_main SYSTEM PUBLIC ${gtest_dir}/include)
target_include_directories(soi_gtest_main PRIVATE ${gtest_dir})
target_link_libraries(soi_gtest_main PUBLIC soi_options)
target_compile_options(soi_gtest_main PRIVATE -w)
