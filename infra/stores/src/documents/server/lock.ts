import { readFile, rm, writeFile } from 'node:fs/promises'

type Holder = { pid: number; started: string }

/**
 * When a process started, in a form that tells it from a later one with the same number. Only Linux says it; elsewhere
 * a process that runs under the number counts as the holder.
 */
const startOf = async (pid: number): Promise<string> => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The second field is a name in parentheses that may hold spaces; the start is the twenty-second.
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

const isRunning = async ({ pid, started }: Holder): Promise<boolean> => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return started === '' || started === (await startOf(pid))
}

const readHolder = async (path: string): Promise<Holder | undefined> => {
  const text = await readFile(path, 'utf8').catch(() => '')
  try {
    return JSON.parse(text) as Holder
  } catch {
    return undefined
  }
}

/**
 * Takes a folder for this process, by a file that names it. Returns how to give it back.
 * Throws when a process that still runs holds it; the lock of one that was killed is taken over.
 */
export const takeLock = async (path: string, what: string): Promise<() => Promise<void>> => {
  const own = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) })
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await writeFile(path, own, { flag: 'wx' })
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = await readHolder(path)
    if (holder !== undefined && (await isRunning(holder))) {
      throw new Error(
        `${what} is in use by process ${holder.pid}. Stop that process, or choose another folder with DATA_DIR.`,
      )
    }
    await rm(path, { force: true })
  }
  throw new Error(`${what} is being taken by another process at this moment. Try again.`)
}
