import { type Logger, pino } from 'pino'

export type LogFields = Readonly<Record<string, unknown>>

/** An event name like `accounts.login` and its fields; never passwords, tokens, prompts or the contents of files. */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

/** Makes the log on stderr: JSON lines, or for people if a person watches. */
export async function createLog(level: 'debug' | 'info' | 'warn' | 'error'): Promise<Log> {
  return wrap(pino({ level, base: null, messageKey: 'event', errorKey: 'error' }, await destination()))
}

async function destination(): Promise<NodeJS.WritableStream | ReturnType<typeof pino.destination>> {
  if (!process.stderr.isTTY) return pino.destination({ dest: 2, sync: true })
  const { PinoPretty } = await import('pino-pretty')
  return PinoPretty({
    destination: 2,
    sync: true,
    messageKey: 'event',
    errorLikeObjectKeys: ['error'],
    ignore: 'pid,hostname',
  })
}

function wrap(logger: Logger): Log {
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
  }
}

/** A log that says nothing, for tests. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }
