import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const POLL_MILLISECONDS = 25

/**
 * When a process started, as an opaque text: a pid together with it names one process for ever, a pid alone does not.
 * Undefined when no such process runs. A zombie does not count: under a process 1 that never reaps it would "live" for ever.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return psField(pid, 'lstart')
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields === undefined || fields[0] === 'Z' || fields[0] === 'X') return undefined
  return fields[19]
}

/** The command line of a running process, its arguments separated by spaces; undefined when it cannot be read. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return psField(pid, 'command')
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  return text?.replaceAll('\0', ' ').trim()
}

/** Waits until the process has gone; false when it still runs after the given milliseconds. */
export async function waitForExit(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds
  while ((await processStart(pid)) !== undefined) {
    if (Date.now() > deadline) return false
    await delay(POLL_MILLISECONDS)
  }
  return true
}

async function psField(pid: number, field: string): Promise<string | undefined> {
  const output = await run('ps', ['-ww', '-o', 'stat=', '-o', `${field}=`, '-p', String(pid)]).catch(() => undefined)
  const [, state, value] = /^\s*(\S+)\s+(.*\S)\s*$/s.exec(output?.stdout ?? '') ?? []
  return state?.startsWith('Z') ? undefined : value
}
