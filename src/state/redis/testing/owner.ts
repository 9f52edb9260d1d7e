/** A process that starts the private Redis, writes to it, prints its process id and waits to be killed. */
import { createLogger } from '../../../kernel/log.ts'
import { connectRedis, waitForRedis } from '../connect.ts'
import { startPrivateRedis } from '../private.ts'

const dir = process.argv[2] ?? ''
const redis = await startPrivateRedis({ dir, log: createLogger({ level: 'silent' }) })
const connection = connectRedis(redis.url)
await waitForRedis(connection)
await connection.set('written by', 'the first bridge')
process.stdout.write(`${redis.pid}\n`)
