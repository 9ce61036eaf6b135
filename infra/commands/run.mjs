// The way into every command, in plain JavaScript: it runs before anything is installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const pnpm = 'pnpm@12.21.0'
const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const stampFile = join(root, 'node_modules/.installed')

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Codai needs Node 20.19 or newer; this is ${process.versions.node}. Get one from https://nodejs.org.\n`,
  )
  process.exit(1)
}

/** What an installation depends on. When it has not changed, there is nothing to install. */
const stamp = () => {
  const hash = createHash('sha256').update(process.version)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.pnpmfile.cjs'])
    hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

const install = () =>
  new Promise((resolve, reject) => {
    process.stdout.write('▸ Installing packages (once, about half a minute)\n')
    // npm sets variables for its own scripts; those of them that pnpm reads too would configure it by accident.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name)))
    for (const name of ['registry', 'cache', 'proxy', 'https_proxy', 'cafile', 'userconfig']) {
      const value = process.env[`npm_config_${name}`]
      if (value !== undefined) env[`npm_config_${name}`] = value
    }
    const child = spawn('npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    const output = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk))
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) return resolve(undefined)
      process.stderr.write(Buffer.concat(output))
      reject(
        new Error(
          'The packages could not be installed: see above. Is the network there? Then run the same command again.',
        ),
      )
    })
  })

try {
  const current = stamp()
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== current) {
    await install()
    writeFileSync(stampFile, current)
  }
  // In this very process, so that a signal has one receiver and nothing can be orphaned.
  const { register } = await import(pathToFileURL(join(root, 'node_modules/tsx/dist/esm/api/index.mjs')).href)
  register()
  const { runCommand } = await import('./main.ts')
  await runCommand(process.argv[2], process.argv.slice(3))
} catch (error) {
  process.stderr.write(`\n✖ ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
