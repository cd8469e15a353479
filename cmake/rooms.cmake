# A room is a folder of core/: one library, named soi_<room>, of all its .cpp files, and one test program of
# tests/core/<room>/*_test.cpp.

function(soi_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/${name}/*.cpp)
  add_library(soi_${name} STATIC ${sources})
  target_link_libraries(soi_${name} PUBLIC soi_options)
  foreach(room IN LISTS ROOM_DEPENDS)
    target_link_libraries(soi_${name} PUBLIC soi_${room})
  endforeach()
endfunction()

if(EMSCRIPTEN)
  # The root package.json makes every .js an ES module; what Emscripten writes for Node is CommonJS.
  file(WRITE ${PROJECT_BINARY_DIR}/tests/package.json "{ \"type\": \"commonjs\" }\n")
endif()

function(soi_room_tests name)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/core/${name}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE soi_${name} soi_test_options)
  soi_reuse_test_headers(${name}_tests)
  if(EMSCRIPTEN)
    # NODERAWFS: the tests read golden files from the tree.
    target_link_options(${name}_tests PRIVATE -sNODERAWFS=1 -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=4GB -sEXIT_RUNTIME=1
                        -sSTACK_SIZE=1MB -sENVIRONMENT=node,worker)
    if(SOI_THREADS)
      target_link_options(${name}_tests PRIVATE -sPROXY_TO_PTHREAD=1 -sPTHREAD_POOL_SIZE=5)
    endif()
  endif()
  add_test(NAME ${name}_tests COMMAND ${name}_tests WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()
