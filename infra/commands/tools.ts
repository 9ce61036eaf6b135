import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'

/** Runs a tool of a folder's packages and gives what it printed; throws that when the tool found something. */
export const run = (binary: string, args: readonly string[], folder = '.'): Promise<string> =>
  new Promise((resolve, reject) => {
    const cwd = join(repositoryRoot, folder)
    const child = spawn(join(cwd, 'node_modules/.bin', binary), args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('error', reject)
    child.once('exit', (code) => {
      const text = Buffer.concat(output).toString('utf8')
      if (code === 0) return resolve(text)
      reject(new Error(`${binary} found something to mend:\n${text}`))
    })
  })
