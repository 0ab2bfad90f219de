// The first import of every script: stops with a clear message on a Node that is too old for the tools.
// Written for old versions on purpose.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22

if (!supported) {
  process.stderr.write(
    `Handshake Lab needs Node 20.19 or newer (or 22.12 or newer in the 22 line); this is Node ${process.versions.node}.\n` +
      'Get one from https://nodejs.org or with your version manager, then run the same command again.\n',
  )
  process.exit(1)
}
