type Command = { meaning: string; run: (args: readonly string[]) => Promise<void> }

const commands: Readonly<Record<string, Command>> = {
  start: {
    meaning: 'start the whole system (-- --each: one process for each service)',
    run: async (args) => (await import('./start.ts')).start({ each: args.includes('--each') }),
  },
  test: {
    meaning: 'check and test everything (-- <files>: only these tests)',
    run: async (args) => (await import('./test.ts')).test(args),
  },
  dev: {
    meaning: 'start, and take changes up as you save them',
    run: async () => (await import('./dev.ts')).dev(),
  },
  check: {
    meaning: 'types, lint, format, imports, and whether what is generated is current',
    run: async () => (await import('./check.ts')).check(),
  },
  format: {
    meaning: 'format the sources',
    run: async () => (await import('./check.ts')).format(),
  },
  gen: {
    meaning: 'generate what is generated from the services’ folders',
    run: async () => (await import('./gen.ts')).generate(),
  },
  compose: {
    meaning: 'compose the supergraph (-- --accept-breaking: although it breaks clients)',
    run: async (args) =>
      (await import('./compose.ts')).composeAll({ acceptBreaking: args.includes('--accept-breaking') }),
  },
  migrate: {
    meaning: 'write the migration for a changed model: -- <service> <what_changes>',
    run: async ([service = '', name = '']) => (await import('./migrate.ts')).writeMigration(service, name),
  },
  new: {
    meaning: 'make the folder of a new service: -- <service>',
    run: async ([name = '']) => (await import('./new.ts')).newService(name),
  },
  bench: {
    meaning: 'measure, as ratios within one run (-- gateway, -- system: only these)',
    run: async (args) => (await import('./bench.ts')).bench(args),
  },
}

/** Runs a command by name; without a known one, says which there are. */
export const runCommand = async (name: string | undefined, args: readonly string[]): Promise<void> => {
  const command = name === undefined ? undefined : commands[name]
  if (command) return command.run(args)
  const list = Object.entries(commands).map(([known, { meaning }]) => `  npm run ${known.padEnd(9)} ${meaning}`)
  throw new Error(`There is no command "${name ?? ''}". There are:\n${list.join('\n')}`)
}
