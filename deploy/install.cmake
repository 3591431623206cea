# `cmake --install build/release --prefix /usr` puts everything where the units and the web server
# configurations look for it. DESTDIR works for packages.

# Beside each other: as plain CGI, script.fcgi starts the rescue-relay of its own folder.
install(TARGETS script.fcgi rescue-relay DESTINATION lib/rescue-relay)
install(CODE "
  file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin\")
  file(CREATE_LINK ../lib/rescue-relay/rescue-relay
       \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin/rescue-relay\" SYMBOLIC)")
install(DIRECTORY nginx apache DESTINATION share/rescue-relay)
install(DIRECTORY deploy/recipes DESTINATION share/rescue-relay)
install(DIRECTORY deploy/systemd/ DESTINATION lib/systemd/system)
install(DIRECTORY docs/ DESTINATION share/doc/rescue-relay/docs)
install(FILES README.md CHANGES.md LICENSE DESTINATION share/doc/rescue-relay)
