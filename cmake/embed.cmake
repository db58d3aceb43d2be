# offstage_embed(TARGET FILE...): makes each text file a constant that TARGET's sources can read.
# runner/browser/page.js becomes `offstage::embedded::page_js`, declared in "embedded/page_js.h".
function(offstage_embed target)
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "[^A-Za-z0-9]" "_" symbol ${name})
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/embedded_${target})
    set(header ${folder}/embedded/${symbol}.h)
    set(source ${folder}/${symbol}.cpp)
    get_filename_component(path ${file} ABSOLUTE)
    add_custom_command(
      OUTPUT ${header} ${source}
      COMMAND ${CMAKE_COMMAND} -DINPUT=${path} -DSYMBOL=${symbol} -DHEADER=${header} -DSOURCE=${source}
              -P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
      DEPENDS ${path} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
      COMMENT "Embedding ${name}" VERBATIM)
    target_sources(${target} PRIVATE ${source} ${header})
    set_source_files_properties(${source} PROPERTIES SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
    target_include_directories(${target} PRIVATE ${folder})
  endforeach()
endfunction()
