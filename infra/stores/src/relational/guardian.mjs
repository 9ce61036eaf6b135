// Runs one program and ties its life to the process at the other end of standard input: when that pipe ends, for
// whatever reason (also kill -9), the program is asked to stop. Plain JavaScript: it must start fast, without a loader.
import { spawn } from 'node:child_process'

const STOP_PATIENCE_MILLISECONDS = 20_000
const { command, args, env, cwd, account } = JSON.parse(process.argv[2] ?? '{}')

// Standard output is for our reports; the program's own output goes to standard error.
process.stdout.on('error', () => {})
const report = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)
const child = spawn(command, args, { env, cwd, ...account, stdio: ['ignore', 2, 2] })

let stopping = false
const stop = () => {
  if (stopping) return
  stopping = true
  child.kill('SIGINT')
  setTimeout(() => child.kill('SIGQUIT'), STOP_PATIENCE_MILLISECONDS).unref()
}

child.on('spawn', () => report({ pid: child.pid }))
child.on('error', (error) => {
  report({ failure: error.message })
  process.exitCode = 1
  process.stdin.destroy()
})
child.on('exit', (code, signal) => {
  report({ exit: { code, signal } })
  process.stdin.destroy()
})
process.stdin.on('end', stop).on('error', stop).resume()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
