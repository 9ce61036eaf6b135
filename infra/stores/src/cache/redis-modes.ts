/** The ways in which each suite here runs: always in process, and on a real Redis when a test run names one. */
export const redisModes = (): readonly { mode: string; redisUrl: string | undefined }[] => {
  const url = process.env['CODAI_TEST_REDIS_URL']
  const inProcess = { mode: 'in process', redisUrl: undefined }
  return url === undefined || url === '' ? [inProcess] : [inProcess, { mode: 'on Redis', redisUrl: url }]
}
