# `cmake --install build/release --prefix /usr` puts everything where the units and the web server
# configurations look for it. The Debian package is made of the same, see package.cmake.

# Beside each other: as plain CGI, script.fcgi starts the rescue-relay of its own folder.
install(TARGETS script.fcgi rescue-relay DESTINATION lib/rescue-relay)
install(CODE "
  file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin\")
  file(CREATE_LINK ../lib/rescue-relay/rescue-relay
       \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin/rescue-relay\" SYMBOLIC)")
install(DIRECTORY nginx apache DESTINATION share/rescue-relay)
install(DIRECTORY deploy/lighttpd deploy/caddy deploy/recipes DESTINATION share/rescue-relay)
install(DIRECTORY deploy/monitoring DESTINATION share/rescue-relay)
install(DIRECTORY deploy/systemd/ DESTINATION lib/systemd/system)
install(DIRECTORY deploy/sysusers.d deploy/tmpfiles.d DESTINATION lib)
install(FILES deploy/completion/rescue-relay DESTINATION share/bash-completion/completions)
install(DIRECTORY docs/ DESTINATION share/doc/rescue-relay/docs)
install(FILES README.md deploy/debian/copyright DESTINATION share/doc/rescue-relay)
install(FILES deploy/relay.toml DESTINATION share/doc/rescue-relay/examples)

# As Debian has them.
find_program(GZIP gzip REQUIRED)
function(relay_install_packed source name destination)
  set(packed ${PROJECT_BINARY_DIR}/packed/${name}.gz)
  add_custom_command(OUTPUT ${packed} DEPENDS ${source} VERBATIM
                     COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/packed
                     COMMAND sh -c "${GZIP} -9nc < '${source}' > '${packed}'")
  add_custom_target(packed_${name} ALL DEPENDS ${packed})
  install(FILES ${packed} DESTINATION ${destination} ${ARGN})
endfunction()
relay_install_packed(${PROJECT_SOURCE_DIR}/CHANGES.md changelog share/doc/rescue-relay)
foreach(page rescue-relay.1 relay.toml.5 script.fcgi.8)
  string(REGEX MATCH "[0-9]$" section ${page})
  relay_install_packed(${PROJECT_SOURCE_DIR}/man/${page} ${page} share/man/man${section})
endforeach()
