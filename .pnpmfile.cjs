// EDR names the binary of every platform as a regular dependency; as optional ones only this machine's is downloaded.
function readPackage(manifest) {
  if (manifest.name === '@nomicfoundation/edr') {
    manifest.optionalDependencies = manifest.dependencies
    manifest.dependencies = {}
  }
  // `prisma dev`, which nothing here uses, wants Node 22.
  if (manifest.name === '@prisma/dev') delete manifest.dependencies['@prisma/streams-local']
  return manifest
}

module.exports = { hooks: { readPackage } }
