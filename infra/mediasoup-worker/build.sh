#!/usr/bin/env bash
# Builds mediasoup-worker from the sources in the installed mediasoup npm package against Debian's libraries, for
# machines that cannot reach GitHub, where both mediasoup's prebuilt binary and its meson subprojects come from.
#
#   build.sh MEDIASOUP_PACKAGE SCRATCH_DIRECTORY OUT_FILE
#
# Takes 5 to 7 minutes on 2 cores and 600 MB in the scratch directory. Root is needed only for packages that
# are not installed yet. When a known thing is in the way, the last line on standard error is
# "CAUSE: <one sentence>", which the set-up shows.
set -euo pipefail

package=$(realpath "$1")
scratch=$(realpath "$2")
out=$(realpath -m "$3")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
overlay=$here/overlay

packages=(build-essential meson ninja-build pkg-config cmake dpkg-dev
  libuv1-dev libssl-dev libabsl-dev libflatbuffers-dev flatbuffers-compiler)

say() { printf '## %s\n' "$*"; }
give_up() { printf 'CAUSE: %s\n' "$*" >&2; exit 1; }

main() {
  export LC_ALL=C
  say "installing Debian's compiler and libraries"
  "$here/../setup/apt-install.sh" 'building the mediasoup worker' "${packages[@]}"
  say "fetching libsrtp"
  build_srtp
  say "preparing the sources"
  prepare_sources
  say "compiling"
  compile
}

# Debian's libsrtp2 is built on NSS; built on OpenSSL it encrypts a packet 2 (GCM) to 4 (SHA1_80) times faster, so
# only its source is taken, with package lists of our own: the system's need not name source packages.
build_srtp() {
  local parts=$scratch/apt/parts lists=$scratch/apt/lists file
  mkdir -p "$parts" "$lists/partial"
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ -e $file ]] && sed 's/^Types:.*/Types: deb-src/' "$file" > "$parts/$(basename "$file")"
  done
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    sed -n 's/^deb /deb-src /p' > "$parts/lines.list" || true

  local own=(-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$parts" -o Dir::State::Lists="$lists"
    -o APT::Sandbox::User=root)
  # A repository without sources fails the update and does not matter: what counts is whether libsrtp comes.
  apt-get "${own[@]}" update -qq || true
  (cd "$scratch" && apt-get "${own[@]}" source -qq --download-only libsrtp2) ||
    give_up "Debian's source package libsrtp2 could not be fetched; check that apt-get reaches its package servers and start again"
  tar xf "$scratch"/libsrtp2_*.orig.tar.* -C "$scratch"
  local source
  source=$(find "$scratch" -maxdepth 1 -type d -name 'libsrtp-*')
  meson setup "$scratch/srtp-build" "$source" --buildtype release -Ddefault_library=static \
    -Dcrypto-library=openssl -Dtests=disabled --prefix "$scratch/srtp" --libdir lib
  ninja -C "$scratch/srtp-build" install
}

prepare_sources() {
  cp -r "$package/worker" "$scratch/worker"
  cd "$scratch/worker"
  # Nothing in the file needs meson 1.1; Debian 12 has 1.0.
  sed -i "s/meson_version: '>= 1.1.0'/meson_version: '>= 1.0.0'/" meson.build

  # OpenSSL built with kernel TLS (Debian's is) asks the network BIO whether it does kTLS; mediasoup's BIO callback
  # answers 1 to every such question, OpenSSL then allocates no write buffer, and the worker dies with SIGSEGV at
  # the first DTLS handshake. The callback must hand the result through.
  grep -q 'operationType == BIO_CB_RETURN' src/RTC/DtlsTransport.cpp ||
    give_up "this mediasoup's DtlsTransport.cpp is not the one that infra/mediasoup-worker/build.sh knows how to patch; bring that recipe up to date"
  sed -i 's/(operationType == BIO_CB_RETURN)/((operationType \& BIO_CB_RETURN) != 0)/' src/RTC/DtlsTransport.cpp

  stand_in_libuv
  stand_in_openssl
  stand_in_libsrtp
  stand_in_unordered_dense
  stand_in_flatbuffers
  stand_in_abseil
}

# Puts a project that names Debian's library where meson would download a subproject, and answers its directory.
# meson.build links each subproject's library whole, hence the empty ones.
stand_in() { # WRAP_NAME MESON_TEXT
  local directory
  directory=subprojects/$(sed -n 's/^directory = //p' "subprojects/$1.wrap")
  mkdir -p "$directory"
  printf 'int mediasoup_stand_in_unused;\n' > "$directory/stub.c"
  printf "project('%s', 'c', 'cpp')\n%s\n" "$1" "$2" > "$directory/meson.build"
  echo "$directory"
}

stand_in_libuv() {
  local directory
  directory=$(stand_in libuv "libuv_dep = dependency('libuv')
libuv = static_library('uv_stub', 'stub.c')")
  printf "option('%s', type: 'boolean')\n" build_tests build_benchmarks > "$directory/meson_options.txt"
}

stand_in_openssl() {
  stand_in openssl "openssl_dep = dependency('openssl')
libcrypto_lib = static_library('crypto_stub', 'stub.c')
libssl_lib = static_library('ssl_stub', 'stub.c')" >/dev/null
}

stand_in_libsrtp() {
  local directory
  directory=$(stand_in libsrtp3 "libsrtp3_dep = declare_dependency(include_directories: include_directories('include'), dependencies: [
  meson.get_compiler('c').find_library('srtp2', dirs: '$scratch/srtp/lib', static: true), dependency('openssl')])
libsrtp3 = static_library('srtp_stub', 'stub.c')")
  printf "option('%s', type: 'string')\n" crypto-library crypto-library-kdf tests > "$directory/meson_options.txt"
  mkdir -p "$directory/include"
  cp "$overlay/srtp.h" "$directory/include/"
  cp -r "$scratch/srtp/include/srtp2" "$directory/include/"
}

stand_in_unordered_dense() {
  local directory
  directory=$(stand_in unordered-dense "ankerl_unordered_dense_dep = declare_dependency(include_directories: include_directories('include'))
meson.override_dependency('unordered_dense', ankerl_unordered_dense_dep)")
  mkdir -p "$directory/include/ankerl"
  cp "$overlay/unordered_dense.h" "$directory/include/ankerl/"
}

stand_in_flatbuffers() {
  stand_in flatbuffers "flatbuffers_dep = dependency('flatbuffers')
flatbuffers_lib = static_library('flatbuffers_stub', 'stub.c')" >/dev/null
}

stand_in_abseil() {
  stand_in abseil-cpp "absl_strings_dep = dependency('absl_strings')
absl_types_dep = declare_dependency(dependencies: [dependency('absl_optional'), dependency('absl_variant'), dependency('absl_span')])
absl_container_dep = declare_dependency(dependencies: [dependency('absl_flat_hash_map'), dependency('absl_inlined_vector')])
absl_container_lib = static_library('absl_stub', 'stub.c')" >/dev/null
}

compile() {
  cd "$scratch/worker"
  meson setup build --buildtype release -Db_ndebug=true
  ninja -C build -j "$(jobs_that_fit)" mediasoup-worker
  strip build/mediasoup-worker
  install -D -m 755 build/mediasoup-worker "$out"
}

# One compiler per core, as far as there is memory: a unit takes up to 700 MB.
jobs_that_fit() {
  local cores fitting
  cores=$(nproc)
  fitting=$(awk '/^MemAvailable:/ { print int($2 / 700000) }' /proc/meminfo)
  if ((fitting < 1)); then echo 1; elif ((fitting < cores)); then echo "$fitting"; else echo "$cores"; fi
}

main
